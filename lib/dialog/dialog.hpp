// A dialog file as a value: steps, their lines in order, the questions, arrows, lists and interrupts, each
// with its place in the file. Built by load, proved by check, walked by the engine. Nothing here acts.
#pragma once

#include "dialog/action.hpp"
#include "dialog/expression.hpp"
#include "dialog/finding.hpp"
#include "dialog/match.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pbx::dialog {

constexpr std::size_t languages = 2;  // ru, en: the index is the Language
[[nodiscard]] constexpr std::size_t index_of(Language language) {
    return static_cast<std::size_t>(language);
}
[[nodiscard]] std::string_view name_of(Language language);  // "ru"
[[nodiscard]] std::optional<Language> language_named(std::string_view name);

// One line's wording: `say` in the dialog's own language, `say.en` in English.
struct Wording {
    std::array<std::optional<Text>, languages> in;
    Place place;

    [[nodiscard]] const std::optional<Text>& of(Language language) const { return in[index_of(language)]; }
    [[nodiscard]] bool empty() const { return !in[0] && !in[1]; }
};

// Where an arrow points. A name that no step has stays `nowhere`: check reports it, the engine takes it for
// a failure.
struct Target {
    enum class Kind { nowhere, step, back, stop, again };
    Kind kind = Kind::nowhere;
    std::size_t step = 0;  // of Kind::step: index in Dialog::steps
    std::string name;
    Place place;
};

struct Arrow {
    Target to;
    Place place;
};

// The alternatives of one `hear` line or of one line of [interrupt].
struct Hear {
    Branch branch;                     // parsed alternatives
    std::vector<std::string> sources;  // the same as written, for messages and pictures
    std::vector<Place> places;
    std::array<bool, languages> in{};  // the languages it is listened for
    Arrow arrow;
};

// `key = 12 => step`, or `key = {pin:4-6} => step`.
struct Keys {
    std::string exact;     // "12"; empty for a collector
    std::string variable;  // "pin"
    std::size_t fewest = 0, most = 0;
    Arrow arrow;
};

struct Question {
    std::vector<Hear> hears;
    std::vector<Keys> keys;
    std::vector<Wording> otherwise;  // else: the n-th is spoken at the n-th time, the last again and again
    std::vector<Wording> silence;
    std::optional<Wording> confirm;  // none: the default text of the language
    bool sure = false;               // `confirm = no`: what the unsure ear heard is taken as it is
    std::chrono::milliseconds listen{6000}, pause{700};
    Place place;  // of the first hear or key line
};

// The lines that are done one after another. Their names are those of the language; actions of the same name
// are what they ask the outside for.
namespace line {
struct Say {
    std::optional<Text> file;  // play
    Wording text;              // say; may be empty when a file is played
};
struct Set {
    std::string variable;
    std::size_t value = 1;  // set = name.2: the second value
    Text text;
};
struct If {
    Condition condition;
    Arrow arrow;
};
struct Ask {
    Arrow group;  // its `=> next`, if any, is the step's end
};
struct Record {
    std::string variable;
    std::chrono::milliseconds most{60'000}, silence{3000};
};
struct Save {
    std::string table;
    std::vector<std::string> fields;  // names of variables
};
struct Notify {
    std::string kind;
    Text target, text;
};
}  // namespace line

struct Line {
    std::variant<line::Say, line::Set, line::If, line::Ask, line::Record, line::Save, line::Notify> what;
    Place place;
};

// What a step ends with.
namespace end {
struct Transfer {
    Text target;
    std::vector<std::string> context;  // names of variables
    std::optional<Arrow> busy, noanswer, failed;
    Place context_place;
};
struct Hangup {};
}  // namespace end

struct End {
    // monostate: a dead end (check), or the hang-up section, which just ends
    std::variant<std::monostate, Question, Arrow, end::Transfer, end::Hangup> what;
    Place place;
};

struct Step {
    std::string name;
    std::vector<Line> lines;
    End end;
    std::optional<Barge> barge;
    bool quiet = false;
    Place place;

    [[nodiscard]] const Question* question() const { return std::get_if<Question>(&end.what); }
    [[nodiscard]] Barge barge_in() const { return quiet ? Barge::no : barge.value_or(Barge::words); }
};

struct NamedList {
    List list;                         // of all the forms; `place` and `places` say where they are written
    std::optional<Language> language;  // [list staff.en]: in that language only
    Place place;
    std::vector<Place> places;  // of each entry
};

struct Dialog {
    std::string name;                // the file's name without folder and .conf
    std::vector<std::string> files;  // Place::file is an index here
    Language language = Language::en;
    std::array<bool, languages> speaks{};  // its own language and every other that has a wording in it
    std::string voice, ear;                // empty: the default of pbxctl.conf
    std::size_t tries = 3, turns = 40;
    Target start;
    std::optional<Target> fail, hangup;
    std::vector<std::string> imports;  // channel variables that come in
    std::vector<Target> quiet;
    std::vector<Hear> interrupts;
    std::vector<NamedList> lists;
    std::vector<Step> steps;
    Place place;  // of [dialog]

    [[nodiscard]] std::optional<std::size_t> find(std::string_view step) const;
    // The lists as they sound in `language`.
    [[nodiscard]] std::vector<List> lists_in(Language language) const;
    [[nodiscard]] std::string where(Place at) const;  // "secretary.conf:12:8"
};

// Variables that are always there (see the language's reference).
[[nodiscard]] const std::vector<std::string>& built_in_variables();
[[nodiscard]] bool is_variable_name(std::string_view name);  // [A-Za-z_][A-Za-z0-9_]*

}  // namespace pbx::dialog
