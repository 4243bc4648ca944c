#include "dialog/transcript_play.hpp"

#include "core/text.hpp"
#include "dialog/engine.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog {

namespace {
using Waiting = Engine::Waiting;
constexpr std::array outcomes{
    std::pair{std::string_view("answered"), DialOutcome::answered},
    std::pair{std::string_view("busy"), DialOutcome::busy},
    std::pair{std::string_view("noanswer"), DialOutcome::noanswer},
    std::pair{std::string_view("failed"), DialOutcome::failed},
};

// name=value and name="two words"; words without = keep an empty value
struct Word {
    std::string name, value;
    bool field = false;
};
std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    while (!(text = text::trim(text)).empty()) {
        const auto stop = std::min(text.find_first_of(" \t="), text.size());
        Word word{std::string(text.substr(0, stop)), {}, stop < text.size() && text[stop] == '='};
        text.remove_prefix(stop + (word.field ? 1 : 0));
        if (word.field) {
            const bool quoted = text.starts_with('"');
            if (quoted) text.remove_prefix(1);
            const auto end = std::min(quoted ? text.find('"') : text.find_first_of(" \t"), text.size());
            word.value = std::string(text.substr(0, end));
            text.remove_prefix(std::min(end + (quoted ? 1 : 0), text.size()));
        }
        words.push_back(std::move(word));
    }
    return words;
}

// Every word of the test is in the fact, the plain ones in order and from its start; fields in any order.
bool same_fact(std::string_view wanted, std::string_view fact) {
    if (matches_wildcards(wanted, fact)) return true;
    if (!fact.starts_with("saved ") && !fact.starts_with("transfer ")) return false;
    const auto have = words_of(fact);
    std::size_t plain = 0;
    for (const auto& word : words_of(wanted)) {
        if (word.field) {
            if (std::none_of(have.begin(), have.end(), [&](const Word& one) {
                    return one.field && one.name == word.name && matches_wildcards(word.value, one.value);
                }))
                return false;
        } else if (word.name != "context") {
            if (plain >= have.size() || have[plain].field || !matches_wildcards(word.name, have[plain].name))
                return false;
            ++plain;
        }
    }
    return plain > 1 || (plain == 1 && wanted.find(' ') == std::string_view::npos);
}

class Play {
  public:
    Play(const Dialog& dialog, const std::shared_ptr<PreparedQuestions>& questions, const Script::Test& test)
        : dialog_(dialog), questions_(questions), test_(test) {}

    std::optional<Difference> whole() {
        auto at = begin();
        for (; !difference_ && at < test_.lines.size(); ++at)
            one(test_.lines[at]);
        if (!difference_ && !said_.empty()) {
            line_ = test_.lines.empty() ? test_.line : test_.lines.back().line;
            differ(fmt::format("she also says \"{}\"", said_.front()));
        }
        return std::move(difference_);
    }

  private:
    std::size_t begin();
    void given(const Script::Line& line, Now& now, Variables& initial);
    void one(const Script::Line& line);
    void she(const std::string& text);
    void caller(const std::string& text, bool over_her);
    void fact(const std::string& text);
    void act(const std::string& text);
    void keys(std::string_view keys);
    void words(std::string_view text);
    [[nodiscard]] bool outcome(std::string_view text);
    void happen(std::string_view wanted);
    void feed(const Event& event);
    [[nodiscard]] bool settle_once();
    void settle() {
        while (settle_once()) {
        }
    }
    [[nodiscard]] bool nothing_unsaid();
    [[nodiscard]] std::string standing() const;
    void differ(std::string what) {
        if (!difference_) difference_ = Difference{line_, std::move(what)};
    }

    const Dialog& dialog_;
    const std::shared_ptr<PreparedQuestions>& questions_;
    const Script::Test& test_;
    std::optional<Engine> engine_;
    std::deque<std::string> said_;  // not yet in the test
    std::deque<std::string> facts_;
    bool speaking_ = false, at_start_ = true;
    std::string recording_, saving_;
    std::uint32_t line_ = 0;
    std::optional<Difference> difference_;
};

// The lines `= given name=value`, then the call starts. Returns the first line after them.
std::size_t Play::begin() {
    using namespace std::chrono;
    Now now{year{2026} / 1 / 5, 12, 0};
    Variables initial;
    for (const auto* name : {"caller", "callername", "called", "call"})
        initial.set(name, std::string());
    std::size_t at = 0;
    for (; at < test_.lines.size(); ++at) {
        const auto& line = test_.lines[at];
        if (line.who != Script::Who::fact || !line.text.starts_with("given ")) break;
        line_ = line.line;
        given(line, now, initial);
    }
    engine_.emplace(dialog_, std::move(initial), now, questions_);
    feed(Started{});
    return at;
}

void Play::given(const Script::Line& line, Now& now, Variables& initial) {
    for (const auto& word : words_of(std::string_view(line.text).substr(6))) {
        const auto number = [&](std::size_t from, std::size_t count) {
            return static_cast<int>(
                text::to_integer(word.value.size() >= from ? word.value.substr(from, count) : "")
                    .value_or(-1));
        };
        if (word.name == "hour" && number(0, 2) >= 0 && number(0, 2) < 24) {
            now.hour = number(0, 2);
        } else if (word.name == "time" && word.value.size() == 5 && number(0, 2) < 24 && number(3, 2) < 60) {
            now.hour = std::max(number(0, 2), 0);
            now.minute = std::max(number(3, 2), 0);
        } else if (word.name == "date") {
            const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                                   std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                                   std::chrono::day{static_cast<unsigned>(number(8, 2))}};
            if (word.value.size() != 10 || !date.ok()) return differ("write date=2026-11-22");
            now.date = date;
        } else if (word.field && is_variable_name(word.name) && word.name != "hour" && word.name != "time") {
            initial.set(word.name, word.value);
        } else {
            return differ(fmt::format("\"{}\" can't be given; write name=value", word.name));
        }
    }
}

void Play::feed(const Event& event) {
    for (const auto& action : engine_->on(event)) {
        auto line = line_of(action);
        if (std::holds_alternative<Say>(action)) {
            said_.push_back(line.substr(2));
            speaking_ = true;
        } else if (std::holds_alternative<StopSpeaking>(action)) {
            speaking_ = false;
        } else if (!line.empty()) {
            facts_.push_back(line.substr(2));
        }
        if (const auto* entered = std::get_if<Entered>(&action)) facts_.push_back("step " + entered->step);
        if (const auto* record = std::get_if<Record>(&action)) recording_ = record->name;
        if (const auto* save = std::get_if<Save>(&action)) saving_ = save->table;
    }
}

// Lets happen what needs no caller: speech ends, rows are on disk.
bool Play::settle_once() {
    if (engine_->waiting() == Waiting::saved) {
        feed(Saved{true});
        return true;
    }
    if (engine_->waiting() == Waiting::spoken) {
        speaking_ = false;
        feed(Spoken{});
        return true;
    }
    return false;
}

std::string Play::standing() const {
    switch (engine_->waiting()) {
        case Waiting::caller:
            return fmt::format("in step {} she waits for the caller", engine_->step());
        case Waiting::recorded:
            return "she records the caller";
        case Waiting::dialled:
            return "she waits how the transfer goes";
        case Waiting::ended:
            return fmt::format("the dialog has ended ({})", name_of(engine_->outcome()));
        case Waiting::nothing:
        case Waiting::spoken:
        case Waiting::saved:
            break;
    }
    return "nothing happens";
}

void Play::one(const Script::Line& line) {
    line_ = line.line;
    if (at_start_ && (line.who == Script::Who::caller || line.who == Script::Who::caller_over_her)) {
        // a test may begin with the caller: what she says first is passed over
        if (line.who == Script::Who::caller) settle();
        said_.clear();
    }
    at_start_ = at_start_ && line.who == Script::Who::fact;
    switch (line.who) {
        case Script::Who::she:
            return she(line.text);
        case Script::Who::caller:
            return caller(line.text, false);
        case Script::Who::caller_over_her:
            return caller(line.text, true);
        case Script::Who::fact:
            return fact(line.text);
    }
}

// One line may hold one utterance, or several that she says one after another.
void Play::she(const std::string& wanted) {
    if (said_.empty()) settle();
    if (said_.empty()) return differ(fmt::format("she should say \"{}\", but {}", wanted, standing()));
    std::string together;
    for (std::size_t count = 1; count <= said_.size(); ++count) {
        together += (together.empty() ? "" : " ") + said_[count - 1];
        if (!matches_wildcards(wanted, together)) continue;
        said_.erase(said_.begin(), said_.begin() + static_cast<std::ptrdiff_t>(count));
        return;
    }
    differ(fmt::format("she should say \"{}\", but says \"{}\"", wanted, said_.front()));
}

bool Play::nothing_unsaid() {
    if (said_.empty()) return true;
    differ(fmt::format("she says \"{}\", which is not in the test", said_.front()));
    return false;
}

void Play::caller(const std::string& text, bool over_her) {
    const bool leaves = text == "(hangup)";
    while (engine_->waiting() == Waiting::saved)
        feed(Saved{true});
    if (!over_her && !leaves) settle();
    if (!nothing_unsaid()) return;
    if (leaves) return feed(HungUp{});
    if (over_her && !speaking_) return differ("she does not speak here: write > instead of >>");
    if (!over_her && speaking_) {
        speaking_ = false;
        feed(Spoken{});
        if (!nothing_unsaid()) return;  // keys typed ahead took her on
    }
    const auto waiting = engine_->waiting();
    if (waiting == Waiting::recorded) {
        const bool silent = text == "(silence)";
        return feed(Recorded{silent ? std::string() : recording_ + ".wav"});
    }
    if (waiting != Waiting::caller && !over_her)
        return differ(fmt::format("nobody listens to the caller here: {}", standing()));
    act(text);
}

void Play::act(const std::string& text) {
    if (text == "(silence)") return feed(Silence{});
    if (text == "(noise)") return feed(Heard{{}, Sureness::not_understood});
    if (text.starts_with("(key ") && text.ends_with(')'))
        return keys(text::trim(std::string_view(text).substr(5, text.size() - 6)));
    if (text.starts_with('('))
        return differ(fmt::format(
            "\"{}\" is nothing a caller does; write (silence), (noise), (key 1) or (hangup)", text));
    words(text);
}

void Play::keys(std::string_view keys) {
    if (keys.empty() || keys.find_first_not_of("0123456789*#") != std::string_view::npos)
        return differ(fmt::format("\"{}\" is not on a telephone's keypad", keys));
    for (const char key : keys)
        feed(Key{key});
    if (engine_->waiting() == Waiting::caller) feed(KeysEnd{});
}

void Play::words(std::string_view text) {
    const bool unsure = text.ends_with(" ?");
    if (unsure) text.remove_suffix(2);
    std::string heard = text::lower(text::trim(text));
    feed(Heard{std::move(heard), unsure ? Sureness::unsure : Sureness::sure});
}

bool Play::outcome(std::string_view text) {
    const auto found =
        std::find_if(outcomes.begin(), outcomes.end(), [&](const auto& one) { return one.first == text; });
    if (found == outcomes.end()) return false;
    settle();
    if (engine_->waiting() != Waiting::dialled)
        differ(fmt::format("no transfer is under way: {}", standing()));
    else if (nothing_unsaid())
        feed(Dialled{found->second});
    return true;
}

void Play::fact(const std::string& text) {
    if (text.starts_with("given ")) return differ("= given stands at the start of a test only");
    if (outcome(text)) return;
    if (text.starts_with("not saved")) {
        while (engine_->waiting() == Waiting::spoken)
            static_cast<void>(settle_once());
        const auto table = text::trim(std::string_view(text).substr(9));
        if (engine_->waiting() != Waiting::saved || (!table.empty() && table != saving_))
            return differ(fmt::format("nothing is being saved here: {}", standing()));
        return feed(Saved{false});
    }
    happen(text);
}

void Play::happen(std::string_view wanted) {
    std::deque<std::string> passed;
    do {
        while (!facts_.empty()) {
            auto fact = std::move(facts_.front());
            facts_.pop_front();
            if (same_fact(wanted, fact)) return;
            passed.push_back(std::move(fact));
        }
    } while (settle_once());
    std::string instead;
    for (const auto& one : passed)
        instead += fmt::format("{}\"= {}\"", instead.empty() ? "" : ", ", one);
    differ(instead.empty() ? fmt::format("\"= {}\" does not happen: {}", wanted, standing())
                           : fmt::format("\"= {}\" does not happen, but {}", wanted, instead));
}

}  // namespace

std::optional<Difference> play(const Dialog& dialog, const std::shared_ptr<PreparedQuestions>& questions,
                               const Script::Test& test) {
    return Play(dialog, questions, test).whole();
}

}  // namespace pbx::dialog
