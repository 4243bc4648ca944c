// Lines that are done one after another.
#include "core/text.hpp"
#include "dialog/load.hpp"
#include "dialog/load_step_reader.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace pbx::dialog::loading {

namespace {
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
}  // namespace

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

}  // namespace pbx::dialog::loading
