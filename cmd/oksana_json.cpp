#include "cmd/oksana_json.hpp"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
std::string utc(oksana::WallTime moment) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(moment);
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(moment - seconds).count();
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), rest);
}

nlohmann::ordered_json turn_json(const oksana::Turn& turn) {
    nlohmann::ordered_json out{{"at_ms", turn.at.count()},
                               {"kind", oksana::name_of(turn.kind)},
                               {"text", turn.text},
                               {"step", turn.step}};
    if (!turn.verdict.empty()) out["verdict"] = turn.verdict;
    if (turn.score) out["score"] = *turn.score;
    if (turn.latency) out["latency_ms"] = turn.latency->count();
    return out;
}
}  // namespace

std::string shown_time(oksana::WallTime moment) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::localtime(std::chrono::system_clock::to_time_t(moment)));
}

nlohmann::ordered_json call_json(const oksana::Call& call, std::span<const oksana::Turn> turns) {
    nlohmann::ordered_json out{{"call", call.start.id},
                               {"uniqueid", call.start.uniqueid},
                               {"dialog", call.start.dialog},
                               {"language", call.start.language},
                               {"caller", call.start.caller},
                               {"called", call.start.called},
                               {"started", utc(call.start.started)}};
    if (call.end) {
        const auto& counters = call.end->counters;
        out["ended"] = utc(call.end->ended);
        out["outcome"] = call.end->outcome;
        out["detail"] = call.end->detail;
        out["transfer"] = call.end->transfer;
        out["recording"] = call.end->recording;
        out["questions"] = counters.questions;
        out["not_understood"] = counters.not_understood;
        out["silences"] = counters.silences;
        out["confirmed"] = counters.confirmed;
        out["interrupted"] = counters.interrupted;
    }
    out["lost_turns"] = call.lost_turns;
    out["turns"] = nlohmann::ordered_json::array();
    for (const auto& turn : turns)
        out["turns"].push_back(turn_json(turn));
    return out;
}

}  // namespace pbx::cmd
