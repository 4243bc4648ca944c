// What a picture shows of a dialog: one block a step, one labelled arrow a branch. Not for others to include.
#pragma once

#include "dialog/dialog.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pbx::dialog::drawing {

struct Block {
    enum class Shape : std::uint8_t { plain, question, transfer, hangup } shape = Shape::plain;
    std::string name;
    std::vector<std::string> lines;  // what is done there, short
};
struct Line {
    std::size_t from = 0;
    std::size_t to = 0;   // index of a block, or `outside`
    std::string target;   // the step's name, as written
    std::string label;    // empty for a plain arrow
    bool dashed = false;  // not by an answer: busy, tries run out
};
constexpr std::size_t outside = static_cast<std::size_t>(-1);  // back, or a step that is not there

struct Picture {
    std::string title;
    std::size_t start = outside;
    std::vector<Block> blocks;
    std::vector<Line> lines;
    std::vector<std::string> notes;  // interrupts, fail, hangup
};
[[nodiscard]] Picture picture_of(const Dialog& dialog);

// At most `most` letters of it, the rest as "…".
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

}  // namespace pbx::dialog::drawing
