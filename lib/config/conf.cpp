#include "config/conf.hpp"

#include "config/line.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace pbx::config {

namespace {
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// A part of a line with the place it had in it.
struct Part {
    std::string_view text;
    std::size_t offset = 0;

    [[nodiscard]] Part trimmed() const {
        auto inner = text::trim(text);
        return {inner,
                inner.empty() ? offset : offset + static_cast<std::size_t>(inner.data() - text.data())};
    }
    [[nodiscard]] Part from(std::size_t at) const { return {text.substr(at), offset + at}; }
    [[nodiscard]] Part until(std::size_t at) const { return {text.substr(0, at), offset}; }
};

class Parser {
  public:
    Parser(Document& document, const FileReader& reader) : document_(document), reader_(reader) {}

    void file(std::string_view text, const std::string& name);

  private:
    void line(std::string_view raw);
    void meaning(Part part);
    void header(Part part);
    void apply_options(Part part, Section& section, bool& append);
    void directive(Part part);
    void include(Part name, bool must_exist);
    void entry(Part part);
    void append(Part key, Part value);
    void inherit(Section& section, const Part& base);
    [[nodiscard]] bool acceptable(std::string_view raw);
    [[nodiscard]] bool room_for(std::size_t entries, std::size_t offset);

    void fault(std::uint32_t column, std::string what, std::string hint = {}) {
        document_.errors.push_back(
            {Code::data, std::move(what), document_.where({file_, line_, column}), std::move(hint)});
        if (document_.errors.size() >= max_errors) stopped_ = true;
    }
    void fault(Part part, std::string what, std::string hint = {}) {
        fault(clean_->column(part.offset), std::move(what), std::move(hint));
    }
    [[nodiscard]] Position place(const Part& part) const {
        return {file_, line_, clean_->column(part.offset)};
    }
    [[nodiscard]] Section* named(std::string_view name) {
        for (auto& section : document_.sections)
            if (text::iequal_ascii(section.name, name)) return &section;
        return nullptr;
    }
    [[nodiscard]] Section* current() {
        if (current_ == dropped) return &dropped_;
        return current_ == no_section ? nullptr : &document_.sections[current_];
    }

    static constexpr std::size_t no_section = static_cast<std::size_t>(-1);
    // Lines under a header that can't be read go nowhere, rather than into the section above it.
    static constexpr std::size_t dropped = no_section - 1;
    Section dropped_;
    Document& document_;
    const FileReader& reader_;
    std::vector<std::string> open_files_;  // the chain of includes, to see a circle
    std::size_t total_ = 0, entries_ = 0;
    bool stopped_ = false;

    // of the line at hand
    std::uint32_t file_ = 0, line_ = 0;
    CommentStripper* comments_ = nullptr;
    const CleanLine* clean_ = nullptr;
    std::size_t current_ = no_section;
};

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

void Parser::header(Part part) {
    current_ = dropped;
    const auto close = part.text.find(']');
    if (close == std::string_view::npos) return fault(part, "no closing ']'", "write [name]");
    const auto name = part.until(close).from(1).trimmed();
    if (name.text.empty()) return fault(part, "a section without a name", "write [name]");
    const auto options = part.from(close + 1).trimmed();

    Section section{.name = std::string(name.text), .at = place(name)};
    bool append = false;
    if (!options.text.empty()) {
        if (!options.text.starts_with('(') || !options.text.ends_with(')'))
            fault(options, fmt::format("'{}' after the section's name", options.text),
                  "write [name], [name](!), [name](template) or [name](+)");
        else
            apply_options(options.until(options.text.size() - 1).from(1), section, append);
    }
    if (append) {
        auto* known = named(section.name);
        if (known == nullptr) return fault(name, fmt::format("no section [{}] to append to", name.text));
        std::move(section.entries.begin(), section.entries.end(), std::back_inserter(known->entries));
        std::move(section.bases.begin(), section.bases.end(), std::back_inserter(known->bases));
        known->is_template |= section.is_template;
        current_ = static_cast<std::size_t>(known - document_.sections.data());
        return;
    }
    document_.sections.push_back(std::move(section));
    current_ = document_.sections.size() - 1;
}

void Parser::apply_options(Part part, Section& section, bool& append) {
    for (auto word : text::split(part.text, ',')) {
        const auto option =
            Part{word, part.offset + static_cast<std::size_t>(word.data() - part.text.data())}.trimmed();
        if (option.text == "!")
            section.is_template = true;
        else if (option.text == "+")
            append = true;
        else if (!option.text.empty())
            inherit(section, option);
    }
}

void Parser::inherit(Section& section, const Part& base) {
    const auto* from = named(base.text);
    if (from == nullptr) {
        std::vector<std::string> known;
        for (const auto& other : document_.sections)
            known.push_back(other.name);
        const auto near = text::suggestions(base.text, known);
        return fault(base, fmt::format("no section [{}] above to inherit from", base.text),
                     near.empty() ? "a template must stand above its first use"
                                  : fmt::format("did you mean {}?", text::join(near, ", ")));
    }
    if (!room_for(from->entries.size(), base.offset)) return;
    section.bases.push_back(from->name);
    for (auto copy : from->entries) {
        copy.inherited = true;
        section.entries.push_back(std::move(copy));
    }
}

void Parser::directive(Part part) {
    const auto blank = part.text.find_first_of(" \t");
    const auto word = text::lower_ascii(part.until(blank).text.substr(1));
    auto name = blank == std::string_view::npos ? part.from(part.text.size()) : part.from(blank).trimmed();
    if (word == "exec")
        return fault(part, "#exec runs a program and is refused",
                     "write its output to a file and #include that");
    if (word != "include" && word != "tryinclude") {
        static const std::array<std::string, 2> known{"include", "tryinclude"};
        const auto near = text::suggestions(word, known);
        return fault(part, fmt::format("unknown directive #{}", word),
                     near.empty() ? "#include and #tryinclude are known; a comment starts with ;"
                                  : fmt::format("did you mean #{}?", near.front()));
    }
    const auto quoted = [&](char open, char close) {
        return name.text.size() >= 2 && name.text.front() == open && name.text.back() == close;
    };
    if (quoted('"', '"') || quoted('<', '>')) name = name.until(name.text.size() - 1).from(1);
    if (name.text.empty())
        return fault(part, fmt::format("#{} names no file", word), "write #include \"file.conf\"");
    include(name, word == "include");
}

void Parser::include(Part name, bool must_exist) {
    if (!reader_) return fault(name, "nothing can be included here");
    if (open_files_.size() >= max_depth)
        return fault(name, fmt::format("includes nested deeper than {}", max_depth));
    const auto files = reader_(std::string(name.text), open_files_.back());
    if (!files) {
        auto why = files.error();
        return fault(name, fmt::format("cannot read {}: {}", why.where, why.what), why.hint);
    }
    if (files->empty() && must_exist)
        return fault(name, fmt::format("no file '{}'", name.text), "#tryinclude passes over a missing file");
    for (const auto& found : *files) {
        if (stopped_) return;
        if (std::find(open_files_.begin(), open_files_.end(), found.name) != open_files_.end()) {
            fault(name, fmt::format("{} includes itself", found.name));
            continue;
        }
        file(found.text, found.name);
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
}  // namespace

const Entry* Section::last(std::string_view key) const {
    const auto found = std::find_if(entries.rbegin(), entries.rend(),
                                    [&](const Entry& e) { return text::iequal_ascii(e.key, key); });
    return found == entries.rend() ? nullptr : &*found;
}

std::vector<const Entry*> Section::all(std::string_view key) const {
    std::vector<const Entry*> out;
    for (const auto& entry : entries)
        if (text::iequal_ascii(entry.key, key)) out.push_back(&entry);
    return out;
}

const Section* Document::find(std::string_view name) const {
    for (const auto& section : sections)
        if (!section.is_template && text::iequal_ascii(section.name, name)) return &section;
    return nullptr;
}

std::string Document::where(Position at) const {
    return fmt::format("{}:{}:{}", at.file < files.size() ? files[at.file] : std::string("?"), at.line,
                       at.column);
}

std::string Document::where(const Entry& entry, std::size_t offset) const {
    auto at = entry.value_at;
    at.column += static_cast<std::uint32_t>(text::columns(std::string_view(entry.value).substr(0, offset)));
    return where(at);
}

Document parse(std::string_view text, std::string name, const FileReader& reader) {
    Document document;
    Parser(document, reader).file(text, name);
    return document;
}

}  // namespace pbx::config
