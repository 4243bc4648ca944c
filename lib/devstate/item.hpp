// One thing a server tells others: a lamp or a presence under the name it is asked for ("101"). Where it came
// from in Asterisk and under what name another server shows it is not known here.
#pragma once

#include "devstate/state.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace pbx::devstate {

using Moment = std::chrono::steady_clock::time_point;

enum class Kind : std::uint8_t { lamp, presence };

// Limits of one item; what is over them is refused by name.cpp and by the frame codec.
constexpr std::size_t max_item_name = 80;       // AST_MAX_EXTENSION
constexpr std::size_t max_presence_text = 256;  // with its name it must fit an AMI line of 1024

struct Item {
    Kind kind = Kind::lamp;
    std::string name{};
    State state = State::unknown;  // a lamp's
    std::string presence{};        // a presence's: "dnd,subtype,message"
    bool gone = false;             // its server has it no more

    friend bool operator==(const Item&, const Item&) = default;
};

}  // namespace pbx::devstate
