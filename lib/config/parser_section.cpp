// [section] headers with their templates, and the # directives.
#include "config/parser.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

namespace pbx::config {

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

}  // namespace pbx::config
