// One call's process: loop, pool, journal, session, audio.
#include "core/log.hpp"
#include "net/signals.hpp"
#include "oksana/robot.hpp"

#include <csignal>
#include <filesystem>
#include <utility>

namespace pbx::oksana {

namespace {
constexpr std::size_t threads = 2;  // one renders or saves while the other recognises

net::Task<Result<CallResult>> take_call(net::Loop& loop, net::Pool& pool, Robot& robot, const Clock& clock,
                                        JournalWriter& journal) {
    auto line = agi::open_stdio(loop);
    if (!line) co_return Unexpected(line.error());
    Result<void> started = co_await line->session->start();
    if (!started) co_return Unexpected(started.error());
    std::unique_ptr<agi::EagiAudio> audio;
    if (line->session->environment().is_enhanced()) {
        auto format = co_await line->session->get_variable("EAGI_AUDIO_FORMAT");
        auto rate = agi::eagi_rate(format ? *format : std::nullopt);
        if (rate && *rate != audio::sample_rate)
            rate = fail(Code::config, "the ear works at 8 kHz only", "EAGI_AUDIO_FORMAT",
                        "do not set it, or set slin");
        if (!rate) co_return Unexpected(rate.error());
        auto opened = agi::EagiAudio::open(loop, clock);
        if (!opened) co_return Unexpected(opened.error());
        audio = std::move(*opened);
    }
    speak_in(robot, call_language(robot.dialog, line->session->environment()));
    speech::Prompts prompts(robot.prompts);
    CallServices services{loop, pool, clock, prompts, journal, {}, local_time};
    if (robot.ear) services.open_ear = [ear = *robot.ear] { return speech::open_recognizer(ear); };
    if (!audio && robot.ear) log::info("started by AGI(), not EAGI(): the caller is heard by keys only");
    auto result = co_await run_call(*line->session, audio.get(), robot.dialog, services, robot.call);
    co_return result;
}
}  // namespace

namespace {
net::Task<Result<void>> tell(net::Loop& loop, Error why) {
    auto line = agi::open_stdio(loop);
    if (!line) co_return Unexpected(line.error());
    Result<void> told = co_await line->session->start();
    if (told) told = co_await line->session->set_variable("PBXCTL_RESULT", "failed");
    if (told) told = co_await line->session->set_variable("PBXCTL_ERROR", log::cleaned(why.text()));
    co_return told;
}
}  // namespace

void refuse_call(const Error& why) {
    net::Loop loop;
    auto told = loop.run_to_end(tell(loop, why));
    if (told && !*told) log::debug("the channel was not told: {}", told->error().text());
}

Result<CallResult> answer_call(Robot robot, const Clock& clock) {
    JournalWriter journal(robot.store);
    net::Loop loop;
    net::Pool pool(loop, threads);
    auto result = loop.run_to_end(take_call(loop, pool, robot, clock, journal));
    auto written = journal.close();
    if (!result) return fail(Code::bug, "the loop was stopped in the middle of a call");
    if (*result && !written) return Unexpected(written.error());
    return std::move(*result);
}

}  // namespace pbx::oksana
