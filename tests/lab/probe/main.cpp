// agi_probe REPORT SCENARIO, by EAGI(path,report,scenario)
#include "probe.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

namespace pbx::probe {
namespace {

const Scenario* find(std::string_view name) {
    for (auto scenarios : {command_scenarios(), sound_scenarios(), hangup_scenarios()})
        for (const Scenario& scenario : scenarios)
            if (scenario.name == name) return &scenario;
    return nullptr;
}

net::Task<Result<void>> run(net::Loop& loop, const Clock& clock, Report& report, std::string folder,
                            const Scenario& scenario) {
    auto line = agi::open_stdio(loop);
    if (!line) co_return Unexpected(line.error());
    Result<void> started = co_await line->session->start();
    if (!started) co_return started;
    report.count("enhanced", line->session->environment().is_enhanced());
    auto audio = agi::EagiAudio::open(loop, clock);
    if (!audio) co_return Unexpected(audio.error());
    Result<void> answered = co_await line->session->answer();
    if (!answered) co_return answered;
    const Probe probe{loop, *line->session, **audio, clock, report, folder};
    co_await scenario.run(probe);
    report.say("end", "reached");
    co_return Result<void>{};
}

int probe(const std::string& file, std::string_view name) {
    Report report(file);
    const Scenario* scenario = find(name);
    if (scenario == nullptr) {
        report.say("failed", "no such scenario");
        return 64;
    }
    SystemClock clock;
    net::Loop loop;
    auto result =
        loop.run_to_end(run(loop, clock, report, std::filesystem::path(file).parent_path(), *scenario));
    if (result && *result) return 0;
    report.say("failed", result ? result->error().text() : "the loop was stopped");
    return 1;
}

}  // namespace
}  // namespace pbx::probe

int main(int argc, char** argv) {
    if (argc == 3) return pbx::probe::probe(argv[1], argv[2]);
    std::fputs("usage: agi_probe REPORT SCENARIO\n", stderr);
    return 64;
}
