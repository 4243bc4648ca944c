#include "dialog/load_settings.hpp"

#include "core/text.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog::loading {

namespace {
// calls with more turns or tries than this have lost their caller long ago
constexpr std::size_t most_tries = 10, most_turns = 1000;

struct Settings {
    Dialog& dialog;
    Faults& faults;
};

Target target_of(const Piece& piece) {
    Target target;
    target.name = std::string(piece.text);
    target.place = piece.place();
    return target;
}

void language(Settings& to, const Entry& entry) {
    static const std::vector<std::string> known{"ru", "en"};
    const auto found = language_named(entry.value);
    if (!found) return to.faults.unknown(entry.value_at, "language", entry.value, known);
    to.dialog.language = *found;
}
void start(Settings& to, const Entry& entry) {
    to.dialog.start = target_of(value_of(entry));
}
void voice(Settings& to, const Entry& entry) {
    to.dialog.voice = entry.value;
}
void ear(Settings& to, const Entry& entry) {
    to.dialog.ear = entry.value;
}
void tries(Settings& to, const Entry& entry) {
    to.dialog.tries = count_of(value_of(entry), 1, most_tries, to.faults).value_or(to.dialog.tries);
}
void turns(Settings& to, const Entry& entry) {
    to.dialog.turns = count_of(value_of(entry), 1, most_turns, to.faults).value_or(to.dialog.turns);
}
void fail_(Settings& to, const Entry& entry) {
    to.dialog.fail = target_of(value_of(entry));
}
void hangup(Settings& to, const Entry& entry) {
    to.dialog.hangup = target_of(value_of(entry));
}
void quiet(Settings& to, const Entry& entry) {
    for (const auto& name : split(value_of(entry), ','))
        to.dialog.quiet.push_back(target_of(name));
}
void import(Settings& to, const Entry& entry) {
    for (const auto& name : split(value_of(entry), ',')) {
        if (is_variable_name(name.text))
            to.dialog.imports.emplace_back(name.text);
        else
            to.faults.add(name.place(), fmt::format("\"{}\" is not a variable's name", name.text),
                          "write names of channel variables with commas between them, e.g. ORDER_ID, VIP");
    }
}

using Setter = void (*)(Settings&, const Entry&);
const std::map<std::string, Setter, std::less<>> setters{
    {"language", language}, {"start", start}, {"voice", voice},   {"ear", ear},     {"tries", tries},
    {"turns", turns},       {"fail", fail_},  {"hangup", hangup}, {"quiet", quiet}, {"import", import},
};

void one(Settings& settings, const Entry& entry, std::map<std::string, const Entry*>& seen) {
    const auto setter = setters.find(entry.key);
    if (setter == setters.end()) {
        std::vector<std::string> names;
        for (const auto& [name, set] : setters)
            names.push_back(name);
        return settings.faults.unknown(entry.at, "setting of [dialog]", entry.key, names);
    }
    const auto [earlier, fresh] = seen.emplace(entry.key, &entry);
    if (!fresh && !earlier->second->inherited && entry.key != "quiet" && entry.key != "import")
        return settings.faults.add(entry.at, fmt::format("{} stands here twice", entry.key),
                                   fmt::format("it is already on line {}", earlier->second->at.line));
    if (entry.op != config::Operator::assign || entry.value.empty())
        return settings.faults.add(entry.at, fmt::format("{} has no value", entry.key),
                                   fmt::format("write {} = …", entry.key));
    setter->second(settings, entry);
}
}  // namespace

void read_settings(const config::Document& document, Dialog& dialog, Faults& faults) {
    Settings settings{dialog, faults};
    bool found = false, in_language = false;
    for (const auto& section : document.sections) {
        if (section.is_template || section.name != "dialog") continue;
        found = true;
        dialog.place = section.at;
        std::map<std::string, const Entry*> seen;
        for (const auto& entry : section.entries)
            one(settings, entry, seen);
        in_language = in_language || seen.contains("language");
    }
    if (!found)
        return faults.add({0, 1, 1}, "no [dialog] section", "write [dialog], language = …, start = …");
    if (!in_language)
        faults.add(dialog.place, "[dialog] names no language", "write language = ru or language = en");
    if (dialog.start.name.empty())
        faults.add(dialog.place, "[dialog] names no start", "write start = NAME_OF_THE_FIRST_STEP");
}

}  // namespace pbx::dialog::loading
