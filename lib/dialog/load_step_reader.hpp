// Reads the lines of one step, one method a line. Not for others to include; the methods are spread over
// load_step (which line is it, how a step ends), load_lines and load_question.
#pragma once

#include "dialog/load_step.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pbx::dialog::loading {

using std::chrono::milliseconds;

class StepReader {
  public:
    StepReader(const config::Section& section, Language own, Faults& faults)
        : section_(section), own_(own), faults_(faults) {
        step_.name = section.name;
        step_.place = section.at;
    }

    Step whole();

  private:
    using Method = void (StepReader::*)(const Entry&);
    struct Known {
        Method read;
        bool arrow = false;   // `busy => step`: the key is followed by the arrow
        bool worded = false;  // may have a language suffix
    };
    static const std::map<std::string, Known, std::less<>>& known();

    void one(const Entry& entry);
    void check_form(const Entry& entry, const Known& known);
    void finish();
    void missing_owners();

    // lines
    void say(const Entry& entry);
    void play(const Entry& entry);
    void set(const Entry& entry);
    void if_(const Entry& entry);
    void ask(const Entry& entry);
    void record(const Entry& entry);
    void save(const Entry& entry);
    void notify(const Entry& entry);
    // the question
    void hear(const Entry& entry);
    void key(const Entry& entry);
    void otherwise(const Entry& entry) { worded(entry, question_.otherwise, "else"); }
    void silence(const Entry& entry) { worded(entry, question_.silence, "silence"); }
    void confirm(const Entry& entry);
    void listen(const Entry& entry) {
        duration(entry, question_.listen, milliseconds(500), milliseconds(120'000));
    }
    void pause(const Entry& entry) {
        duration(entry, question_.pause, milliseconds(100), milliseconds(10'000));
    }
    void barge(const Entry& entry);
    // the ends
    void transfer(const Entry& entry);
    void context(const Entry& entry);
    void busy(const Entry& entry) { outcome(entry, transfer_.busy); }
    void noanswer(const Entry& entry) { outcome(entry, transfer_.noanswer); }
    void failed(const Entry& entry) { outcome(entry, transfer_.failed); }
    void hangup(const Entry& entry) { end_with(entry, end::Hangup{}); }

    void worded(const Entry& entry, std::vector<Wording>& wordings, std::string_view name);
    void duration(const Entry& entry, milliseconds& into, milliseconds least, milliseconds most);
    void outcome(const Entry& entry, std::optional<Arrow>& into);
    [[nodiscard]] Language own_or_suffix() const { return key_.language.value_or(own_); }
    [[nodiscard]] bool once(const Entry& entry);
    [[nodiscard]] std::optional<Arrow> needed(const Entry& entry, const Arrowed& value);
    void collector(Keys& keys, const Piece& inner);
    void add(const Entry& entry, decltype(Line::what) what);
    void question_here(const Entry& entry);
    template <class What>
    void end_with(const Entry& entry, What what);
    [[nodiscard]] bool already_ended(const Entry& entry);

    const config::Section& section_;
    Language own_;
    Faults& faults_;
    Step step_;
    Question question_;
    end::Transfer transfer_;
    Key key_;                                                // of the entry at hand
    std::map<std::string, const Entry*, std::less<>> seen_;  // keys that stand once
    const Entry* asked_ = nullptr;                           // the first hear or key line
    const Entry* ended_ = nullptr;                           // the line that is the end
    std::map<std::string, const Entry*, std::less<>> of_question_, of_transfer_;
};

// An inherited end gives way to an end of one's own.
template <class What>
void StepReader::end_with(const Entry& entry, What what) {
    if (already_ended(entry)) return;
    ended_ = &entry;
    step_.end = {std::move(what), entry.at};
}

}  // namespace pbx::dialog::loading
