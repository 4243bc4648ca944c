#include "devstate/state.hpp"

#include <catch2/catch.hpp>

using namespace pbx::devstate;

TEST_CASE("state: every word of Asterisk's is read back as it is written") {
    for (int i = 0; i <= static_cast<int>(State::onhold); ++i) {
        const auto state = static_cast<State>(i);
        CHECK(state_of(name_of(state)) == state);
    }
    CHECK(state_of("ringing") == State::ringing);
    CHECK(state_of("") == std::nullopt);
    CHECK(state_of("RINGING ") == std::nullopt);
}

TEST_CASE("state: ExtensionStatus' numbers mean what main/extension_state.c says") {
    struct Row {
        int status;
        std::optional<State> state;
    };
    for (const auto& row :
         {Row{-2, std::nullopt}, Row{-1, State::unavailable}, Row{0, State::not_inuse}, Row{1, State::inuse},
          Row{2, State::busy}, Row{4, State::unavailable}, Row{8, State::ringing}, Row{9, State::ringinuse},
          Row{16, State::onhold}, Row{17, State::onhold}, Row{3, std::nullopt}})
        CHECK(state_of_extension(row.status) == row.state);
}

TEST_CASE("state: UNKNOWN, which Asterisk refuses, is written as UNAVAILABLE") {
    CHECK(writable(State::unknown) == State::unavailable);
    CHECK(writable(State::ringing) == State::ringing);
}
