// Files and lines: what a line is, and the key lines.
#include "config/parser.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace pbx::config {

namespace {
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
}

void Parser::file(std::string_view text, const std::string& name) {
    // An included file starts in the section that includes it, which goes on after it: main/config.c keeps
    // the category of each file apart.
    const auto outer = std::tuple(file_, line_, comments_, clean_, current_);
    file_ = static_cast<std::uint32_t>(document_.files.size());
    line_ = 0;
    document_.files.push_back(name);
    open_files_.push_back(name);
    CommentStripper comments;
    comments_ = &comments;

    total_ += text.size();
    if (text.size() > max_file || total_ > max_total) {
        line_ = 1;
        fault(1, fmt::format("over {} MiB", (text.size() > max_file ? max_file : max_total) >> 20),
              "split it or remove what is not configuration");
        text = {};
    }
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    while (!text.empty() && !stopped_) {
        const auto end = text.find('\n');
        line(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    if (comments.open_since() != 0 && !stopped_) {
        line_ = comments.open_since();
        fault(1, "the comment opened by ;-- is never closed", "close it with --;");
    }
    open_files_.pop_back();
    std::tie(file_, line_, comments_, clean_, current_) = outer;
}

bool Parser::acceptable(std::string_view raw) {
    if (raw.size() > max_line) {
        fault(1, fmt::format("line of {} bytes, more than {}", raw.size(), max_line),
              "split it; `key += more` appends to a value");
        return false;
    }
    const auto bad = std::find_if(raw.begin(), raw.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && byte != '\t') || byte == 0x7f;
    });
    if (bad != raw.end()) {
        const auto before = raw.substr(0, static_cast<std::size_t>(bad - raw.begin()));
        fault(static_cast<std::uint32_t>(text::columns(before) + 1),
              fmt::format("control byte 0x{:02x}", static_cast<unsigned char>(*bad)), "remove it");
        return false;
    }
    if (!text::is_utf8(raw)) {
        const auto points = text::decode_utf8(raw);
        const auto at = points.find(U'\uFFFD');
        fault(static_cast<std::uint32_t>(at == std::u32string::npos ? 1 : at + 1), "not UTF-8",
              "save the file as UTF-8");
        return false;
    }
    return true;
}

void Parser::line(std::string_view raw) {
    ++line_;
    while (raw.ends_with('\r'))
        raw.remove_suffix(1);
    const bool good = acceptable(raw);
    const auto clean = comments_->strip(good ? raw : std::string_view{}, line_);
    clean_ = &clean;
    if (comments_->too_deep()) {
        fault(1, fmt::format("comments nested deeper than {}", max_nested_comments));
        stopped_ = true;
        return;
    }
    const auto part = Part{clean.text(), 0}.trimmed();
    if (!part.text.empty()) meaning(part);
    clean_ = nullptr;
}

void Parser::meaning(Part part) {
    switch (part.text.front()) {
        case '[':
            return header(part);
        case '#':
            return directive(part);
        default:
            return entry(part);
    }
}

void Parser::entry(Part part) {
    auto* section = current();
    if (section == nullptr)
        return fault(part, fmt::format("'{}' stands before the first [section]", part.text),
                     "put a [section] above it");
    if (!room_for(1, part.offset)) return;
    // main/config.c: a leading backslash makes a key of what would be a header, a directive or an empty key
    const bool escaped = part.text.front() == '\\' && part.text.size() > 1;
    if (escaped) part = part.from(1);
    const auto sign = part.text.find('=', escaped ? 1 : 0);
    if (sign == std::string_view::npos) {
        section->entries.push_back(
            {.key = std::string(part.text), .at = place(part), .value_at = place(part)});
        return;
    }
    auto key = part.until(sign).trimmed();
    const bool arrow = part.text.substr(sign).starts_with("=>");
    const auto value = part.from(sign + (arrow ? 2 : 1)).trimmed();
    if (!arrow && key.text.size() > 1 && key.text.ends_with('+') && part.text[sign - 1] == '+')
        return append(key.until(key.text.size() - 1).trimmed(), value);
    if (key.text.empty() && !arrow) return fault(part, "'=' without a key", "write key = value");
    if (key.text.empty()) key = part.until(2);
    section->entries.push_back({.key = std::string(key.text == "=>" ? std::string_view{} : key.text),
                                .op = arrow ? Operator::arrow : Operator::assign,
                                .value = std::string(value.text),
                                .at = place(key),
                                .value_at = place(value)});
}

void Parser::append(Part key, Part value) {
    auto& entries = current()->entries;
    const auto last = std::find_if(entries.rbegin(), entries.rend(),
                                   [&](const Entry& e) { return text::iequal_ascii(e.key, key.text); });
    if (last == entries.rend()) {
        entries.push_back({.key = std::string(key.text),
                           .op = Operator::assign,
                           .value = std::string(value.text),
                           .at = place(key),
                           .value_at = place(value)});
        return;
    }
    if (last->value.size() + value.text.size() + 1 > max_line)
        return fault(value, fmt::format("value of more than {} bytes", max_line));
    if (!last->value.empty() && !value.text.empty()) last->value += ' ';
    last->value += value.text;
}

bool Parser::room_for(std::size_t entries, std::size_t offset) {
    entries_ += entries;
    if (entries_ <= max_entries) return true;
    fault(Part{{}, offset}, fmt::format("more than {} lines with their templates", max_entries));
    stopped_ = true;
    return false;
}

}  // namespace pbx::config
