#include "agi/codec.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

namespace pbx::agi {

namespace {

constexpr std::string_view usage_begins = "520-";
constexpr std::string_view usage_ends = "520 ";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// "200 ", "510 ", ...: three digits and a blank
bool has_code(std::string_view line) {
    return line.size() > 4 && (line[0] == '2' || line[0] == '5') && is_digit(line[1]) && is_digit(line[2]) &&
           line[3] == ' ';
}

bool is_endpos(std::string_view tail) {
    constexpr std::string_view key = " endpos=";
    return tail.starts_with(key) && text::to_integer(tail.substr(key.size())).has_value();
}

// SPEECH RECOGNIZE alone goes on after its word with pairs of its own, whose texts may hold parentheses.
bool is_recognition(std::string_view inside) {
    return inside.starts_with("(speech) ") || inside.starts_with("(digit) ");
}

// `line` from its first '(': is this where the parenthesis ends? A value may hold ')' and newlines.
bool closes(std::string_view inside) {
    if (inside.ends_with(')') || is_recognition(inside)) return true;
    const auto last = inside.rfind(')');
    return last != std::string_view::npos && is_endpos(inside.substr(last + 1));
}

std::size_t parenthesis(std::string_view line) {
    const auto at = line.find(" (");
    return at == std::string_view::npos ? at : at + 1;
}

void read_tail(Answer& answer, std::string_view tail) {
    constexpr std::string_view key = "endpos=";
    for (const auto word : text::words(tail)) {
        if (!word.starts_with(key)) continue;
        if (const auto samples = text::to_integer(word.substr(key.size()))) answer.endpos = *samples;
        return;
    }
}

Answer read_answer(std::string raw) {
    Answer answer{.code = 0, .result = {}, .text = {}, .endpos = {}, .raw = std::move(raw)};
    const std::string_view line = answer.raw;
    answer.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    auto rest = line.substr(4);
    constexpr std::string_view key = "result=";
    if (!rest.starts_with(key)) {
        answer.text = std::string(rest);
        return answer;
    }
    rest.remove_prefix(key.size());
    answer.result = std::string(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(answer.result.size());
    if (rest.starts_with(" (")) {
        const auto inside = rest.substr(1);
        const auto close = is_recognition(inside) ? inside.find(')') : inside.rfind(')');
        answer.text = std::string(inside.substr(1, close - 1));
        rest = inside.substr(close + 1);
    }
    read_tail(answer, rest);
    return answer;
}

}  // namespace

std::optional<int> Answer::number() const {
    const auto value = text::to_integer(result);
    if (!value || *value < INT32_MIN || *value > INT32_MAX) return std::nullopt;
    return static_cast<int>(*value);
}

void AnswerDecoder::feed(std::string_view bytes) {
    buffer_ += bytes;
}

std::optional<std::string> AnswerDecoder::take_line() {
    const auto end = buffer_.find('\n', searched_);
    if (end == std::string::npos) {
        searched_ = buffer_.size();
        return std::nullopt;
    }
    auto line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    searched_ = 0;
    return line;
}

Result<std::optional<Item>> AnswerDecoder::next() {
    if (held_) return std::exchange(held_, std::nullopt);
    while (auto line = take_line()) {
        if (!echo_.empty() && *line == echo_) {
            if (!std::exchange(is_open_, false)) return Item{read_answer(std::move(*line))};
            held_ = read_answer(std::move(*line));
            return Item{StrayLine{std::exchange(open_, {})}};
        }
        if (is_open_) {
            open_.append("\n").append(*line);
            if (open_.size() > max_answer) break;
            if (!ends_open(*line)) continue;
            is_open_ = false;
            return close_open();
        }
        if (*line == "HANGUP") return Item{HangupLine{}};
        if (opens(*line)) {
            is_open_ = true;
            open_ = std::move(*line);
            continue;
        }
        if (!has_code(*line)) return Item{StrayLine{std::move(*line)}};
        return Item{read_answer(std::move(*line))};
    }
    if (buffer_.size() + open_.size() > max_answer) {
        return fail(Code::protocol, fmt::format("AGI answer of more than {} bytes", max_answer));
    }
    return std::nullopt;
}

bool AnswerDecoder::opens(std::string_view line) {
    if (line.starts_with(usage_begins)) return true;
    if (!line.starts_with("200 result=")) return false;
    const auto at = parenthesis(line);
    return at != std::string_view::npos && !closes(line.substr(at));
}

bool AnswerDecoder::ends_open(std::string_view line) const {
    return open_.starts_with(usage_begins) ? line.starts_with(usage_ends) : line.ends_with(')');
}

Item AnswerDecoder::close_open() {
    auto raw = std::exchange(open_, {});
    if (!raw.starts_with(usage_begins)) return read_answer(std::move(raw));
    Answer answer{.code = 520, .result = {}, .text = {}, .endpos = {}, .raw = std::move(raw)};
    const auto first = answer.raw.find('\n') + 1;
    const auto last = answer.raw.rfind('\n');
    answer.text = last > first ? answer.raw.substr(first, last - first) : std::string();
    return answer;
}

}  // namespace pbx::agi
