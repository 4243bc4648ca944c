#include "agi/eagi_audio.hpp"

#include "net/bell.hpp"

#include <array>
#include <vector>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace pbx;
using namespace pbx::agi;
using namespace std::chrono_literals;

namespace {

struct SetClock final : Clock {
    std::chrono::steady_clock::time_point at{};
    [[nodiscard]] std::chrono::steady_clock::time_point now() const override { return at; }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override { return {}; }
};

constexpr std::size_t frame_samples = 160;

struct Line {  // fd 3 and the caller who speaks into it
    explicit Line(unsigned rate = 8000) {
        std::array<int, 2> fds{};
        REQUIRE(::pipe(fds.data()) == 0);
        to = fds[1];
        auto opened = EagiAudio::open(loop, clock, fds[0], rate);
        REQUIRE(opened);
        audio = std::move(*opened);
        audio->listen(hear());
        audio->pause();
    }
    ~Line() {
        if (to >= 0) ::close(to);
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    EagiAudio::Handler hear() {
        return [this](const AudioFrame& frame) {
            heard.insert(heard.end(), frame.samples.begin(), frame.samples.end());
            sizes.push_back(frame.samples.size());
            arrived.push_back(frame.arrived);
            if (wanted > 0 && sizes.size() >= wanted) loop.stop();
        };
    }
    // `count` samples that go on counting up, written in pieces of `piece` bytes
    void speak(std::size_t count, std::size_t piece = 320) {
        std::vector<std::int16_t> samples(count);
        for (auto& sample : samples)
            sample = next++;
        const auto* bytes = reinterpret_cast<const char*>(samples.data());
        for (std::size_t at = 0, all = count * 2; at < all; at += piece) {
            const auto size = std::min(piece, all - at);
            REQUIRE(::write(to, bytes + at, size) == static_cast<ssize_t>(size));
            drain();
        }
    }
    // Until everything written has been taken from the pipe.
    void drain() {
        const auto before = audio->counts().reads;
        auto wait = [](Line* line, std::uint64_t reads) -> net::Task<int> {
            while (line->audio->counts().reads == reads && line->audio->is_open())
                co_await net::sleep_for(0ms);
            co_return 0;
        };
        REQUIRE(loop.run_to_end(wait(this, before)));
    }

    net::Loop loop;
    SetClock clock;
    int to = -1;
    std::unique_ptr<EagiAudio> audio;
    std::vector<std::int16_t> heard;
    std::vector<std::size_t> sizes;
    std::vector<std::chrono::steady_clock::time_point> arrived;
    std::size_t wanted = 0;
    std::int16_t next = 0;
};

std::vector<std::int16_t> counting(std::int16_t from, std::size_t count) {
    std::vector<std::int16_t> out(count);
    for (auto& sample : out)
        sample = from++;
    return out;
}

}  // namespace

TEST_CASE("audio in pieces of any size becomes frames of 20 ms, nothing lost") {
    for (const std::size_t piece :
         {1UL, 2UL, 3UL, 159UL, 160UL, 320UL, 321UL, 480UL, 640UL, 1000UL, 4096UL}) {
        INFO(piece);
        Line line;
        line.audio->listen(line.hear());
        line.speak(10 * frame_samples + 7, piece);
        CHECK(line.sizes == std::vector<std::size_t>(10, frame_samples));
        CHECK(line.heard == counting(0, 10 * frame_samples));
    }
}

TEST_CASE("16 kHz audio becomes frames of 320 samples") {
    Line line(16000);
    line.audio->listen(line.hear());
    line.speak(960);
    CHECK(line.sizes == std::vector<std::size_t>(3, 320));
    CHECK(line.audio->rate() == 16000);
}

TEST_CASE("the pipe is drained while nobody listens, and at most two seconds are kept") {
    Line line;
    line.speak(500 * frame_samples, 3200);  // ten seconds, more than the pipe holds
    CHECK(line.heard.empty());
    CHECK(line.audio->counts().frames == 500);
    CHECK(line.audio->counts().dropped == 400);
    line.audio->listen(line.hear(), 1h);
    CHECK(line.sizes.size() == static_cast<std::size_t>(max_backlog / frame_time));
    CHECK(line.heard.back() == static_cast<std::int16_t>(500 * frame_samples - 1));
}

TEST_CASE("what was said before the question is dropped and counted") {
    Line line;
    line.clock.at += 1h;
    line.speak(10 * frame_samples);
    line.clock.at += 1s;
    line.speak(5 * frame_samples);
    line.clock.at += 100ms;
    line.audio->listen(line.hear(), 500ms);
    CHECK(line.heard == counting(10 * frame_samples, 5 * frame_samples));
    CHECK(line.audio->counts().dropped == 10);
}

TEST_CASE("by default listening begins with what comes next") {
    Line line;
    line.speak(10 * frame_samples);
    line.clock.at += 1ms;
    line.audio->listen(line.hear());
    CHECK(line.heard.empty());
    line.speak(frame_samples);
    CHECK(line.heard == counting(10 * frame_samples, frame_samples));
}

TEST_CASE("forgotten audio is not heard later") {
    Line line;
    line.speak(10 * frame_samples);
    line.audio->forget();
    line.audio->listen(line.hear(), 1h);
    CHECK(line.heard.empty());
    CHECK(line.audio->counts().dropped == 10);
}

TEST_CASE("a handler may stop listening in the middle of what was kept; the rest stays") {
    Line line;
    line.speak(10 * frame_samples);
    int count = 0;
    auto three = [&](const AudioFrame&) {
        if (++count == 3) line.audio->pause();
    };
    line.audio->listen(three, 1h);
    CHECK(count == 3);
    line.audio->listen(line.hear(), 1h);
    CHECK(line.heard == counting(3 * frame_samples, 7 * frame_samples));
}

TEST_CASE("a handler may be replaced by itself") {
    Line line;
    int count = 0;
    auto first = [&](const AudioFrame&) {
        ++count;
        line.audio->listen(line.hear());
    };
    line.audio->listen(first);
    line.speak(3 * frame_samples, 3200);
    CHECK(count == 1);
    CHECK(line.sizes.size() == 2);
}

TEST_CASE("each frame knows when it arrived") {
    Line line;
    line.audio->listen(line.hear());
    CHECK_FALSE(line.audio->last_arrival());
    line.clock.at += 1s;
    line.speak(frame_samples);
    const auto first = line.clock.at;
    line.clock.at += 20ms;
    line.speak(frame_samples);
    REQUIRE(line.arrived.size() == 2);
    CHECK(line.arrived[0] == first);
    CHECK(line.arrived[1] == first + 20ms);
    CHECK(line.audio->last_arrival() == first + 20ms);
}

TEST_CASE("the end of the pipe is seen, though it does not come at hangup") {
    Line line;
    CHECK(line.audio->is_open());
    ::close(std::exchange(line.to, -1));
    line.drain();
    CHECK_FALSE(line.audio->is_open());
}

TEST_CASE("no descriptor 3 is an error that says why") {
    net::Loop loop;
    SetClock clock;
    const auto audio = EagiAudio::open(loop, clock, 987);
    REQUIRE_FALSE(audio);
    CHECK(audio.error().code == Code::no_input);
    CHECK(audio.error().hint.find("EAGI()") != std::string::npos);
}

TEST_CASE("the rate is EAGI_AUDIO_FORMAT's") {
    CHECK(eagi_rate(std::nullopt) == 8000U);
    CHECK(eagi_rate("") == 8000U);
    CHECK(eagi_rate("slin") == 8000U);
    CHECK(eagi_rate("slin16") == 16000U);
    CHECK(eagi_rate("slin44") == 44100U);
    CHECK(eagi_rate("slin192") == 192000U);
    for (const std::string bad : {"ulaw", "slin8", "slin17", "slin16 "})
        CHECK_FALSE(eagi_rate(bad));
    net::Loop loop;
    SetClock clock;
    CHECK_FALSE(EagiAudio::open(loop, clock, 0, 11025));
}
