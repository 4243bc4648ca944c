// The reader behind config::parse(): lines become sections and entries of a Document. Not for use outside
// this room.
#pragma once

#include "config/conf.hpp"
#include "config/line.hpp"
#include "core/text.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pbx::config {

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

}  // namespace pbx::config
