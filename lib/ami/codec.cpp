#include "ami/codec.hpp"

#include "core/log.hpp"
#include "core/text.hpp"

#include <utility>

#include <fmt/format.h>

namespace pbx::ami {

namespace {
constexpr std::size_t longest_shown = 80;
constexpr std::size_t keep_room = 64 * 1024;  // read bytes are dropped from the buffer's front in lots
constexpr std::string_view end_of_output = "--END COMMAND--";
constexpr std::string_view banner_head = "Asterisk Call Manager/";

std::optional<Banner> parse_banner(std::string_view line) {
    if (!line.starts_with(banner_head)) return std::nullopt;
    const auto numbers = text::split(line.substr(banner_head.size()), '.');
    const auto major = text::to_integer(numbers[0]);
    if (!major || *major < 0 || *major > 9999) return std::nullopt;
    Banner banner{.text = std::string(line), .major = static_cast<int>(*major)};
    const auto minor = numbers.size() > 1 ? text::to_integer(numbers[1]) : std::nullopt;
    if (minor && *minor >= 0 && *minor <= 9999) banner.minor = static_cast<int>(*minor);
    return banner;
}
}  // namespace

void Decoder::feed(std::string_view bytes) {
    if (begin_ == buffer_.size() || begin_ >= keep_room) {
        buffer_.erase(0, begin_);
        searched_ -= begin_;
        begin_ = 0;
    }
    buffer_ += bytes;
}

Result<std::optional<std::string_view>> Decoder::next_line() {
    const auto end = buffer_.find('\n', searched_);
    const auto size = (end == std::string::npos ? buffer_.size() : end) - begin_;
    if (size > max_line) return fail(Code::protocol, fmt::format("a line of more than {} bytes", max_line));
    if (end == std::string::npos) {
        searched_ = buffer_.size();
        return std::nullopt;
    }
    auto line = std::string_view(buffer_).substr(begin_, size);
    begin_ = searched_ = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

Result<std::optional<Banner>> Decoder::next_banner() {
    auto line = next_line();
    if (!line) return tl::unexpected(line.error());
    const auto seen = *line ? **line : std::string_view(buffer_).substr(begin_);
    if (!*line && seen.size() <= max_banner) return std::nullopt;
    auto banner = seen.size() <= max_banner ? parse_banner(seen) : std::nullopt;
    if (banner) return banner;
    return fail(Code::protocol, fmt::format("not Asterisk's manager: it says \"{}\"", log_name(seen)), {},
                "[ami] port is manager.conf's, 5038 as a rule");
}

void Decoder::take_output(std::string_view line) {
    if (line != end_of_output) return open_.add("Output", line);
    is_output_ = false;
}

// true: the line ended a message.
bool Decoder::take_line(std::string_view line) {
    open_bytes_ += line.size() + 2;
    if (is_output_) {
        // "Privilege: Command" and the ActionID still come as headers, before the output's first line
        const bool is_head =
            open_.size() < 3 && (line.starts_with("Privilege: ") || line.starts_with("ActionID: "));
        if (!is_head) {
            take_output(line);
            return false;
        }
    }
    if (line.empty()) return open_.size() > 0;
    const auto colon = line.find(':');
    auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    open_.add(line.substr(0, colon), value);
    if (open_.size() == 1 && line == "Response: Follows") is_output_ = true;
    return false;
}

Result<std::optional<Message>> Decoder::next() {
    for (;;) {
        const auto line = next_line();
        if (!line) return tl::unexpected(line.error());
        if (!*line) return std::nullopt;
        const bool ended = take_line(**line);
        if (open_bytes_ > max_message)
            return fail(Code::protocol, fmt::format("a message of more than {} bytes", max_message));
        if (!ended) continue;
        open_bytes_ = 0;
        return std::exchange(open_, Message{});
    }
}

Result<void> encode(const Action& action, std::string_view id, std::string& out) {
    if (action.fault()) return tl::unexpected(*action.fault());
    out.append(action.lines()).append("ActionID: ").append(id).append("\r\n\r\n");
    return {};
}

std::string log_name(std::string_view text) {
    auto shown = log::cleaned(text.substr(0, longest_shown));
    if (text.size() > longest_shown) shown += "...";
    return shown;
}

}  // namespace pbx::ami
