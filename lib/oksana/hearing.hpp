// The ear of one call: 20 ms frames in, utterances out. Voice activity decides when the caller speaks; the
// recogniser follows on a pool thread while he still speaks, so that its answer is ready soon after his last
// word. It does not decide what an utterance means or whether it stops her speech: that is call's.
#pragma once

#include "audio/frame.hpp"
#include "audio/vad.hpp"
#include "net/pool.hpp"
#include "speech/recognizer.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace pbx::oksana {

using Moment = std::chrono::steady_clock::time_point;
using OpenEar = std::function<Result<std::unique_ptr<speech::Recognizer>>()>;

struct Utterance {
    speech::Hypothesis hypothesis;
    Moment began, ended;  // when the first frame of speech and the last one arrived
};

// Longer speech is judged as far as it went: a radio in the background must not hold the call.
constexpr std::chrono::milliseconds longest_utterance{15'000};

class Hearing {
  public:
    struct Handlers {  // all on the loop
        std::function<void(Moment began)> started;
        std::function<void(const Utterance&)> heard;
        std::function<void()> nothing;             // it was no speech after all
        std::function<void(const Error&)> failed;  // the engine: this utterance, or all (no driver) are lost
    };

    Hearing(net::Pool& pool, OpenEar open, Handlers handlers);
    ~Hearing();
    Hearing(const Hearing&) = delete;
    Hearing& operator=(const Hearing&) = delete;

    // What may be said from now on. An utterance under way is judged by it from its first sound.
    void ask(const speech::Grammar& grammar, std::chrono::milliseconds pause);
    void stop();                   // nobody is listened to: what is said now is not kept
    void speaking(bool she_does);  // stricter while her own voice may come back as an echo
    void on(const audio::Frame& frame, Moment arrived);

    [[nodiscard]] bool busy() const;  // somebody speaks, or what he said is being recognised

  private:
    struct Ear;
    void begin(std::size_t frames);
    void end(std::size_t frames, bool was_speech);
    void feed(audio::Samples samples);
    bool submit(std::function<void()> work, std::function<void()> done = {});

    net::Pool::Lane lane_;
    Handlers handlers_;
    std::shared_ptr<Ear> ear_;
    audio::Vad vad_;
    audio::PreRoll before_{std::chrono::milliseconds(400)};
    speech::Grammar grammar_;
    bool listening_ = false;
    bool in_utterance_ = false;
    std::size_t recognising_ = 0;
    audio::Samples said_;  // of the utterance under way, for a question that changes in its middle
    Moment began_{}, last_{};
};

}  // namespace pbx::oksana
