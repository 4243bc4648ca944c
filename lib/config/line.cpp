#include "config/line.hpp"

#include "config/conf.hpp"
#include "core/text.hpp"

namespace pbx::config {

std::uint32_t CleanLine::column(std::size_t offset) const {
    std::size_t raw = offset;
    for (const auto& piece : pieces_)
        if (piece.clean <= offset) raw = piece.raw + (offset - piece.clean);
    return static_cast<std::uint32_t>(text::columns(raw_.substr(0, raw)) + 1);
}

void CleanLine::keep(std::size_t from, std::size_t to) {
    if (from >= to) return;
    pieces_.push_back({text_.size(), from});
    text_.append(raw_.substr(from, to - from));
}

CleanLine CommentStripper::strip(std::string_view raw, std::uint32_t line) {
    CleanLine out(raw);
    std::size_t kept_to = 0;  // where the text not yet kept begins
    std::size_t scan = 0;     // a block's end needs its two dashes after this point
    for (auto at = raw.find(';'); at != std::string_view::npos; at = raw.find(';', at + 1)) {
        const auto follows = raw.substr(at + 1);
        if (at > scan && raw[at - 1] == '\\') {
            if (opened_.empty()) {
                out.keep(kept_to, at - 1);
                kept_to = at;
            }
            scan = at;
        } else if (follows.starts_with("--") && !follows.starts_with("---")) {
            if (opened_.size() == max_nested_comments) {
                too_deep_ = true;
                return out;
            }
            if (opened_.empty()) out.keep(kept_to, at);
            opened_.push_back(line);
            scan = at + 3;
        } else if (opened_.empty()) {
            out.keep(kept_to, at);
            return out;
        } else if (at >= scan + 2 && raw[at - 1] == '-' && raw[at - 2] == '-') {
            opened_.pop_back();
            if (opened_.empty()) kept_to = at + 1;
            scan = at + 1;
        } else {
            scan = at + 1;
        }
    }
    if (opened_.empty()) out.keep(kept_to, raw.size());
    return out;
}

}  // namespace pbx::config
