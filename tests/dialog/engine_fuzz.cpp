// Whatever happens in a call, in any order: the engine answers with a bounded number of actions, never acts
// after its end, and a hang-up ends it as soon as its rows are saved. Each byte is an event.
#include "dialog/engine.hpp"
#include "dialog/load.hpp"
#include "dialog/sample_dialog.hpp"
#include "dialog/transcript.hpp"

#include <cstdint>
#include <cstdlib>

namespace {
using namespace pbx::dialog;
constexpr std::size_t most_events = 2000, most_actions = 1000;

constexpr const char* words[] = {"sales",   "support",     "superb",   "smith",   "twenty one", "yes",
                                 "no",      "main street", "stop",     "repeat",  "operator",   "",
                                 "granite", "no sales",    "be quiet", "accounts"};

Event event_of(std::uint8_t byte) {
    switch (byte & 15) {
        case 0:
        case 1:
            return Spoken{};
        case 2:
        case 3:
            return Heard{words[byte >> 4], Sureness::sure};
        case 4:
            return Heard{words[byte >> 4], Sureness::unsure};
        case 5:
            return Heard{words[byte >> 4], Sureness::not_understood};
        case 6:
        case 7:
            return Key{"0123456789*#1112"[byte >> 4]};
        case 8:
            return KeysEnd{};
        case 9:
            return Silence{};
        case 10:
            return Recorded{(byte >> 4) % 2 == 0 ? "a.wav" : ""};
        case 11:
            return Dialled{static_cast<DialOutcome>((byte >> 4) % 4)};
        case 12:
        case 13:
            return Saved{(byte >> 4) != 0};
        case 14:
            return Started{};
        default:
            return HungUp{};
    }
}

const Dialog& sample() {
    static const Loaded loaded = read(sample_dialog, "sample.conf");
    if (!loaded.ok()) std::abort();
    return loaded.dialog;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto questions = prepare(sample());
    Variables initial;
    initial.set("caller", "105");
    Engine engine(sample(), initial, Now{std::chrono::year{2026} / 1 / 5, 12, 0}, questions);
    static_cast<void>(engine.on(Started{}));
    bool left = false;
    std::size_t saves = 0;
    for (std::size_t at = 0; at < size && at < most_events; ++at) {
        const auto event = event_of(data[at]);
        const bool ended = engine.ended();
        const auto actions = engine.on(event);
        if (actions.size() > most_actions || (ended && !actions.empty())) std::abort();
        left = left || std::holds_alternative<HungUp>(event);
        for (const auto& action : actions) {
            static_cast<void>(line_of(action));
            const bool kept = std::holds_alternative<Save>(action) ||
                              std::holds_alternative<Notify>(action) ||
                              std::holds_alternative<Remarked>(action);
            if (left && !kept) std::abort();  // nobody is there to hear or to be transferred
        }
    }
    static_cast<void>(engine.on(HungUp{}));
    while (!engine.ended() && ++saves < 10)
        static_cast<void>(engine.on(Saved{true}));
    if (!engine.ended()) std::abort();
    return 0;
}
