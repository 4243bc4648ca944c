#include "cmd/screen.hpp"

#include "core/text.hpp"

#include <ostream>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

namespace pbx::cmd {

namespace {
// xterm's controls, which every terminal in use has: the other page, the cursor away, and no line that goes
// on in the next one, for nobody knows how wide a foreign letter is.
constexpr std::string_view enter_it = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view leave_it = "\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr std::string_view to_corner = "\x1b[H", clear_rest_of_line = "\x1b[K", clear_below = "\x1b[J";

std::size_t number_of(const std::optional<std::string>& text, std::size_t otherwise) {
    const auto number = text ? text::to_integer(*text) : std::nullopt;
    return number && *number > 0 && *number < 10'000 ? static_cast<std::size_t>(*number) : otherwise;
}
}  // namespace

bool Screen::is_possible(const Context& context) {
    const auto kind = context.environment("TERM").value_or("");
    return context.out_is_tty && !kind.empty() && kind != "dumb";
}

void Screen::enter() {
    if (!std::exchange(entered_, true)) context_.out << enter_it << std::flush;
}

void Screen::leave() {
    if (std::exchange(entered_, false)) context_.out << leave_it << std::flush;
}

void Screen::draw(std::span<const std::string> lines) {
    context_.out << to_corner;
    for (std::size_t i = 0; i < lines.size(); ++i)
        context_.out << (i == 0 ? "" : "\n") << lines[i] << clear_rest_of_line;
    context_.out << clear_below << std::flush;
}

Screen::Size Screen::size() const {
    winsize known{};
    Size out;
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &known) == 0 && known.ws_col > 0 && known.ws_row > 0)
        return {.width = known.ws_col, .height = known.ws_row};
    return {.width = number_of(context_.environment("COLUMNS"), out.width),
            .height = number_of(context_.environment("LINES"), out.height)};
}

}  // namespace pbx::cmd
