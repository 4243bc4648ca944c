// One line of a .conf file without its comments, and the way back from a byte of it to the column it had.
// Rules of main/config.c: `;` starts a comment, `\;` is a `;`, `;--` (not `;---`) opens a block that `--;`
// closes, nested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::config {

class CleanLine {
  public:
    explicit CleanLine(std::string_view raw) : raw_(raw) {}
    [[nodiscard]] std::string_view text() const { return text_; }
    // Column (from 1, in characters) that the byte at `offset` of text() had in the file.
    [[nodiscard]] std::uint32_t column(std::size_t offset) const;

    void keep(std::size_t from, std::size_t to);  // appends raw[from, to)

  private:
    struct Piece {
        std::size_t clean, raw;
    };
    std::string_view raw_;
    std::string text_;
    std::vector<Piece> pieces_;
};

class CommentStripper {
  public:
    // The rest of the line outside comments; block comments stay open from line to line.
    [[nodiscard]] CleanLine strip(std::string_view raw, std::uint32_t line);
    // The line of the innermost block still open, 0 when none is.
    [[nodiscard]] std::uint32_t open_since() const { return opened_.empty() ? 0 : opened_.back(); }
    [[nodiscard]] bool too_deep() const { return too_deep_; }

  private:
    std::vector<std::uint32_t> opened_;
    bool too_deep_ = false;
};

}  // namespace pbx::config
