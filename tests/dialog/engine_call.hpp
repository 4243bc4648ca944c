// A call driven event by event: its actions as short lines, to be compared with what must happen.
#pragma once

#include "dialog/engine.hpp"
#include "dialog/load.hpp"
#include "dialog/transcript.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace pbx::dialog::testing {

using Waiting = Engine::Waiting;

inline const Now noon{std::chrono::year{2026} / 1 / 5, 12, 0};

inline std::string short_form(const Action& action) {
    if (const auto* listen = std::get_if<Listen>(&action)) {
        constexpr const char* barges[] = {"no", "keys", "words", "voice"};
        return std::string(listen->only_interrupts ? "listen for interrupts" : "listen ") +
               (listen->only_interrupts ? "" : barges[static_cast<int>(listen->barge)]) +
               (listen->keys.empty() ? "" : " keys " + listen->keys);
    }
    if (std::holds_alternative<StopSpeaking>(action)) return "stop speaking";
    if (const auto* entered = std::get_if<Entered>(&action)) return "enter " + entered->step;
    return line_of(action);
}

struct Call {
    explicit Call(const std::string& text, Variables initial = {})
        : loaded(read(text, "test.conf")), engine(loaded.dialog, std::move(initial), noon) {
        for (const auto& fault : loaded.faults)
            UNSCOPED_INFO(fault.text());
        REQUIRE(loaded.ok());
    }
    std::vector<std::string> on(const Event& event) {
        std::vector<std::string> out;
        for (const auto& action : engine.on(event))
            out.push_back(short_form(action));
        return out;
    }
    Loaded loaded;
    Engine engine;
};

using Actions = std::vector<std::string>;
inline const std::string head = "[dialog]\nlanguage = en\nstart = a\nfail = out\n";
inline const std::string out = "[out]\nsay = Out.\nhangup\n";
inline Heard sure(std::string text) {
    return {std::move(text), Sureness::sure};
}
inline Heard unsure(std::string text) {
    return {std::move(text), Sureness::unsure};
}
inline const Heard noise{{}, Sureness::not_understood};

inline const std::string question = head + R"([interrupt]
stop => stop
repeat => again
operator => out
[a]
say = Red or blue?
hear = red => red
hear = blue => out
key = 1 => red
key = 12 => out
else = First.
else = Second.
silence = Hello?
[red]
say = Red.
transfer = 1
)" + out;

}  // namespace pbx::dialog::testing
