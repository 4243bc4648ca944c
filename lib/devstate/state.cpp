#include "devstate/state.hpp"

#include "core/text.hpp"

#include <array>
#include <cstddef>

namespace pbx::devstate {

namespace {
constexpr std::array<std::string_view, 9> names{"UNKNOWN",     "NOT_INUSE", "INUSE",     "BUSY",  "INVALID",
                                                "UNAVAILABLE", "RINGING",   "RINGINUSE", "ONHOLD"};
}  // namespace

std::string_view name_of(State state) {
    return names[static_cast<std::size_t>(state)];
}

std::optional<State> state_of(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (text::iequal_ascii(names[i], name)) return static_cast<State>(i);
    return std::nullopt;
}

std::optional<State> state_of_extension(int status) {
    switch (status) {
        case -1:
            return State::unavailable;  // the extension was deactivated, or its hint taken away
        case 0:
            return State::not_inuse;
        case 1:
            return State::inuse;
        case 2:
            return State::busy;
        case 4:
            return State::unavailable;
        case 8:
            return State::ringing;
        case 9:
            return State::ringinuse;
        case 16:
        case 17:
            return State::onhold;  // in use and on hold
        default:
            return std::nullopt;
    }
}

State writable(State state) {
    return state == State::unknown ? State::unavailable : state;
}

}  // namespace pbx::devstate
