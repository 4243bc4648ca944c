#include "dialog/load_step.hpp"

#include "core/text.hpp"
#include "dialog/load.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog::loading {

namespace {
using std::chrono::milliseconds;

// Operands know where they begin in the condition; now they learn where that is in the file.
void place(Condition& condition, const Piece& source) {
    for (auto& inner : condition.inner)
        place(inner, source);
    for (auto* text : {&condition.left, &condition.right}) {
        if (text->parts.empty()) continue;
        const auto start = text->parts.front().at;
        text->place = source.place(start);
        for (auto& part : text->parts)
            part.at -= start;
    }
}

class StepReader {
  public:
    StepReader(const config::Section& section, Language own, Faults& faults)
        : section_(section), own_(own), faults_(faults) {
        step_.name = section.name;
        step_.place = section.at;
    }

    Step whole() {
        for (const auto& entry : section_.entries)
            one(entry);
        finish();
        return std::move(step_);
    }

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

const std::map<std::string, StepReader::Known, std::less<>>& StepReader::known() {
    static const std::map<std::string, Known, std::less<>> table{
        {"say", {&StepReader::say, false, true}},
        {"play", {&StepReader::play}},
        {"hear", {&StepReader::hear, false, true}},
        {"key", {&StepReader::key}},
        {"else", {&StepReader::otherwise, false, true}},
        {"silence", {&StepReader::silence, false, true}},
        {"confirm", {&StepReader::confirm, false, true}},
        {"listen", {&StepReader::listen}},
        {"pause", {&StepReader::pause}},
        {"barge", {&StepReader::barge}},
        {"set", {&StepReader::set}},
        {"if", {&StepReader::if_}},
        {"ask", {&StepReader::ask}},
        {"record", {&StepReader::record}},
        {"save", {&StepReader::save}},
        {"notify", {&StepReader::notify}},
        {"transfer", {&StepReader::transfer}},
        {"context", {&StepReader::context}},
        {"busy", {&StepReader::busy, true}},
        {"noanswer", {&StepReader::noanswer, true}},
        {"failed", {&StepReader::failed, true}},
        {"hangup", {&StepReader::hangup}},
    };
    return table;
}

void StepReader::one(const Entry& entry) {
    if (entry.key.empty()) {
        key_ = {};
        if (entry.value.empty()) return faults_.add(entry.at, "the arrow points nowhere", "write => step");
        return end_with(entry, arrow_to(value_of(entry)));
    }
    key_ = split_key(entry, faults_);
    const auto found = known().find(key_.name);
    if (found == known().end()) {
        std::vector<std::string> names;
        for (const auto& [name, what] : known())
            names.push_back(name);
        return faults_.unknown(entry.at, "line", key_.name, names);
    }
    if (key_.language && !found->second.worded) {
        faults_.add(entry.at, fmt::format("{} has no wording by language", key_.name),
                    fmt::format("write {}", key_.name));
        return;
    }
    check_form(entry, found->second);
    (this->*found->second.read)(entry);
}

void StepReader::check_form(const Entry& entry, const Known& known) {
    if (entry.key == "hangup") {
        if (entry.op != config::Operator::none)
            faults_.add(entry.at, "hangup takes nothing", "write hangup alone, with a say above it");
    } else if (entry.op == config::Operator::none) {
        faults_.add(entry.at, fmt::format("{} has no value", entry.key),
                    fmt::format("write {} {} …", entry.key, known.arrow ? "=>" : "="));
    } else if (known.arrow != (entry.op == config::Operator::arrow)) {
        faults_.add(entry.at, fmt::format("{} is written with {}", entry.key, known.arrow ? "=>" : "="),
                    known.arrow ? fmt::format("{} => step", entry.key) : fmt::format("{} = …", entry.key));
    }
}

// True for the first line of its key, and for one that stands for an inherited one.
bool StepReader::once(const Entry& entry) {
    const auto [found, fresh] = seen_.emplace(entry.key, &entry);
    if (fresh) return true;
    if (found->second->inherited) {
        found->second = &entry;
        return true;
    }
    faults_.add(entry.at, fmt::format("{} stands here twice", entry.key),
                fmt::format("it is already on line {}", found->second->at.line));
    return false;
}

bool StepReader::already_ended(const Entry& entry) {
    const auto* by = ended_ != nullptr ? ended_ : asked_;
    if (by == nullptr || by->inherited) return false;
    faults_.add(entry.at, "this line is never done",
                fmt::format("the step ends on line {}: move this line above it", by->at.line));
    return true;
}

void StepReader::add(const Entry& entry, decltype(Line::what) what) {
    if (already_ended(entry)) return;
    step_.lines.push_back({std::move(what), entry.at});
}

// An inherited end gives way to an end of one's own.
template <class What>
void StepReader::end_with(const Entry& entry, What what) {
    if (already_ended(entry)) return;
    ended_ = &entry;
    step_.end = {std::move(what), entry.at};
}

void StepReader::say(const Entry& entry) {
    auto text = text_of(value_of(entry), faults_);
    if (!text || already_ended(entry)) return;
    const auto language = index_of(own_or_suffix());
    if (!step_.lines.empty())
        if (auto* above = std::get_if<line::Say>(&step_.lines.back().what);
            above != nullptr && !above->text.in[language]) {
            if (above->text.empty()) above->text.place = entry.at;
            above->text.in[language] = std::move(*text);
            return;
        }
    line::Say say;
    say.text.place = entry.at;
    say.text.in[language] = std::move(*text);
    add(entry, std::move(say));
}

void StepReader::play(const Entry& entry) {
    auto file = text_of(value_of(entry), faults_);
    if (!file) return;
    line::Say say;
    say.text.place = entry.at;
    say.file = std::move(*file);
    add(entry, std::move(say));
}

void StepReader::worded(const Entry& entry, std::vector<Wording>& wordings, std::string_view name) {
    of_question_.emplace(name, &entry);
    auto text = text_of(value_of(entry), faults_);
    if (!text) return;
    const auto language = index_of(own_or_suffix());
    if (wordings.empty() || wordings.back().in[language]) {
        wordings.emplace_back();
        wordings.back().place = entry.at;
    }
    wordings.back().in[language] = std::move(*text);
}

void StepReader::confirm(const Entry& entry) {
    of_question_.emplace("confirm", &entry);
    if (!once(entry)) return;
    if (entry.value == "no") {
        question_.sure = true;
        return;
    }
    auto text = text_of(value_of(entry), faults_);
    if (!text) return;
    if (!question_.confirm) question_.confirm.emplace().place = entry.at;
    question_.confirm->in[index_of(own_or_suffix())] = std::move(*text);
}

void StepReader::set(const Entry& entry) {
    const auto [name, rest, found] = split_head(value_of(entry), ':');
    const auto dot = name.text.find('.');
    const auto base = name.text.substr(0, dot);
    if (!found || !is_variable_reference(name.text) || name.text.ends_with(".said"))
        return faults_.add(entry.value_at, "this sets no variable", "write set = name: text");
    const auto& built_in = built_in_variables();
    if (base != "language" && std::find(built_in.begin(), built_in.end(), base) != built_in.end())
        return faults_.add(entry.value_at, fmt::format("${{{}}} is always there and can't be set", base),
                           "choose another name");
    auto text = text_of(rest, faults_);
    if (!text) return;
    if (base == "language" && text->is_literal() && !language_named(rest.text)) {
        static const std::vector<std::string> known{"ru", "en"};
        return faults_.unknown(rest.place(), "language", rest.text, known);
    }
    line::Set set;
    set.variable = std::string(base);
    if (dot != std::string_view::npos) set.value = static_cast<std::size_t>(name.text[dot + 1] - '0');
    set.text = std::move(*text);
    add(entry, std::move(set));
}

std::optional<Arrow> StepReader::needed(const Entry& entry, const Arrowed& value) {
    if (value.arrow && !value.arrow->to.name.empty()) return value.arrow;
    faults_.add(
        value.arrow ? value.arrow->place : entry.value_at, "an arrow to a step is missing",
        fmt::format("write {} = {} => step", entry.key, value.left.text.empty() ? "…" : value.left.text));
    return std::nullopt;
}

void StepReader::if_(const Entry& entry) {
    const auto value = split_arrow(value_of(entry));
    auto arrow = needed(entry, value);
    if (!arrow) return;
    auto condition = parse_condition(value.left.text);
    if (!condition)
        return faults_.add(value.left.place(condition.error().at), condition.error().what,
                           condition.error().hint);
    place(*condition, value.left);
    add(entry, line::If{std::move(*condition), std::move(*arrow)});
}

void StepReader::ask(const Entry& entry) {
    const auto value = split_arrow(value_of(entry));
    if (value.left.text.empty())
        return faults_.add(entry.at, "ask names no group", "write ask = first_step_of_the_group => next");
    add(entry, line::Ask{arrow_to(value.left)});
    if (value.arrow) {
        if (value.arrow->to.name.empty()) static_cast<void>(needed(entry, value));
        end_with(entry, *value.arrow);
    }
}

void StepReader::record(const Entry& entry) {
    line::Record record;
    const auto parts = split(value_of(entry), ',');
    if (!is_variable_name(parts.front().text))
        return faults_.add(entry.value_at, fmt::format("\"{}\" is not a variable's name", parts.front().text),
                           "write record = name, max 60s, silence 3s");
    record.variable = std::string(parts.front().text);
    for (const auto& part : std::span(parts).subspan(1)) {
        const auto [head, rest, found] = split_head(part, ' ');
        std::optional<milliseconds> value;
        if (found && head.text == "max") {
            value = duration_of(rest, milliseconds(1000), milliseconds(3'600'000), faults_);
            record.most = value.value_or(record.most);
        } else if (found && head.text == "silence") {
            value = duration_of(rest, milliseconds(500), milliseconds(60'000), faults_);
            record.silence = value.value_or(record.silence);
        } else {
            static const std::vector<std::string> known{"max", "silence"};
            faults_.unknown(part.place(), "word of record", head.text, known);
        }
    }
    add(entry, std::move(record));
}

void StepReader::save(const Entry& entry) {
    const auto [table, rest, found] = split_head(value_of(entry), ':');
    const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    if (!found || rest.text.empty())
        return faults_.add(entry.value_at, "save names no fields", "write save = table: name, name");
    if (table.text.empty() || table.text.size() > 41 || (table.text[0] >= '0' && table.text[0] <= '9') ||
        !std::all_of(table.text.begin(), table.text.end(), good))
        return faults_.add(table.place(), fmt::format("\"{}\" is not a table's name", table.text),
                           "use a-z, 0-9 and _, at most 41 of them");
    auto fields = references_of(rest, faults_);
    constexpr std::size_t most_fields = 64;  // of one order: oksana/orders
    if (fields.size() > most_fields)
        return faults_.add(rest.place(), fmt::format("more than {} fields", most_fields));
    add(entry, line::Save{std::string(table.text), std::move(fields)});
}

void StepReader::notify(const Entry& entry) {
    static const std::vector<std::string> kinds{"tg", "http", "exec"};
    const auto [kind, rest, found] = split_head(value_of(entry), ':');
    if (!found) return faults_.add(entry.value_at, "notify names no way", "write notify = tg: chat, text");
    if (std::find(kinds.begin(), kinds.end(), kind.text) == kinds.end())
        return faults_.unknown(kind.place(), "way of notify", kind.text, kinds);
    const auto [target, text, comma] = split_head(rest, ',');
    if (!comma || target.text.empty() || text.text.empty())
        return faults_.add(rest.place(), "notify needs a receiver and a text",
                           fmt::format("write notify = {}: receiver, text", kind.text));
    auto to = text_of(target, faults_);
    auto what = text_of(text, faults_);
    if (to && what) add(entry, line::Notify{std::string(kind.text), std::move(*to), std::move(*what)});
}

// hear and key lines may stand among each other and after what they belong to, but nothing is done after
// them.
void StepReader::question_here(const Entry& entry) {
    if (ended_ != nullptr && !ended_->inherited) {
        faults_.add(entry.at, "this line is never done",
                    fmt::format("the step ends on line {}: a step has either a question or an arrow",
                                ended_->at.line));
        return;
    }
    if (asked_ == nullptr || asked_->inherited) question_.place = entry.at;
    if (asked_ == nullptr) asked_ = &entry;
}

void StepReader::hear(const Entry& entry) {
    question_here(entry);
    const auto value = split_arrow(value_of(entry));
    auto arrow = needed(entry, value);
    if (!arrow) return;
    question_.hears.push_back(hear_of(value.left, std::move(*arrow), key_.language, own_, faults_));
}

void StepReader::key(const Entry& entry) {
    question_here(entry);
    const auto value = split_arrow(value_of(entry));
    auto arrow = needed(entry, value);
    if (!arrow) return;
    Keys keys;
    keys.arrow = std::move(*arrow);
    const auto& left = value.left;
    const auto is_key = [](char c) { return (c >= '0' && c <= '9') || c == '*' || c == '#'; };
    if (left.text.starts_with('{') && left.text.ends_with('}')) {
        collector(keys, left.part(1, left.text.size() - 2));
    } else if (left.text.empty() || left.text.size() > 32 ||
               !std::all_of(left.text.begin(), left.text.end(), is_key)) {
        faults_.add(left.place(), fmt::format("\"{}\" is not on a telephone's keypad", left.text),
                    "write 0-9, * or #, or {name:4} for 4 digits");
        return;
    } else {
        keys.exact = std::string(left.text);
    }
    question_.keys.push_back(std::move(keys));
}

void StepReader::collector(Keys& keys, const Piece& inner) {
    const auto [name, range, found] = split_head(inner, ':');
    if (!found || !is_variable_name(name.text))
        faults_.add(inner.place(), "this collects no digits", "write key = {name:4} => step, or {name:4-8}");
    keys.variable = std::string(name.text);
    const auto [fewest, most, two] = split_head(range, '-');
    keys.fewest = found ? count_of(fewest, 1, 32, faults_).value_or(1) : 1;
    keys.most = found && two ? count_of(most, keys.fewest, 32, faults_).value_or(keys.fewest) : keys.fewest;
}

void StepReader::duration(const Entry& entry, milliseconds& into, milliseconds least, milliseconds most) {
    of_question_.emplace(entry.key, &entry);
    if (!once(entry)) return;
    into = duration_of(value_of(entry), least, most, faults_).value_or(into);
}

void StepReader::barge(const Entry& entry) {
    static const std::vector<std::string> known{"no", "keys", "words", "voice"};
    if (!once(entry)) return;
    const auto found = std::find(known.begin(), known.end(), entry.value);
    if (found == known.end()) return faults_.unknown(entry.value_at, "barge", entry.value, known);
    step_.barge = static_cast<Barge>(found - known.begin());
}

void StepReader::transfer(const Entry& entry) {
    auto target = text_of(value_of(entry), faults_);
    if (!target) return;
    if (target->parts.empty())
        return faults_.add(entry.at, "transfer to nowhere", "write transfer = extension");
    transfer_.target = std::move(*target);
    end_with(entry, end::Transfer{});
}

void StepReader::context(const Entry& entry) {
    of_transfer_.emplace(entry.key, &entry);
    if (!once(entry)) return;
    transfer_.context = references_of(value_of(entry), faults_);
    transfer_.context_place = entry.value_at;
}

void StepReader::outcome(const Entry& entry, std::optional<Arrow>& into) {
    of_transfer_.emplace(entry.key, &entry);
    if (!once(entry)) return;
    if (entry.value.empty())
        return faults_.add(entry.at, "the arrow points nowhere", fmt::format("write {} => step", entry.key));
    into = arrow_to(value_of(entry));
}

void StepReader::missing_owners() {
    const auto stray = [&](const auto& entries, std::string_view owner) {
        for (const auto& [name, entry] : entries)
            if (!entry->inherited)
                faults_.add(entry->at, fmt::format("{} belongs to {}, and this step has none", name, owner),
                            "remove it or write that line too");
    };
    if (asked_ == nullptr) stray(of_question_, "a question (hear or key)");
    if (!std::holds_alternative<end::Transfer>(step_.end.what)) stray(of_transfer_, "a transfer");
}

void StepReader::finish() {
    if (question_.hears.size() + question_.keys.size() > max_branches)
        faults_.add(section_.at, fmt::format("more than {} branches", max_branches), "make it a [list NAME]");
    const bool own_end = ended_ != nullptr && !ended_->inherited;
    if (asked_ != nullptr && !own_end) step_.end = {std::move(question_), asked_->at};
    if (auto* transfer = std::get_if<end::Transfer>(&step_.end.what)) *transfer = std::move(transfer_);
    missing_owners();
}

}  // namespace

Step step_of(const config::Section& section, Language own, Faults& faults) {
    return StepReader(section, own, faults).whole();
}

}  // namespace pbx::dialog::loading
