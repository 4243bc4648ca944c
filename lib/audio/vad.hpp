// Voice activity: 20 ms frames in, "speech started" and "speech ended" out. Pure: no clock (a frame is the
// clock), no thread. It looks at level over an adaptive noise floor, and at what kind of sound it is: voiced
// (has a pitch), hissing (s, sh), a tone (DTMF, busy), or a burst (click, cough, knock): only the first two
// make speech. It does not recognise words and does not know the robot's own voice: guard() is for its echo.
#pragma once

#include "audio/frame.hpp"

#include <chrono>
#include <cstdint>

namespace pbx::audio {

struct VadOptions {
    std::chrono::milliseconds confirm{60};  // so much speech makes a start; 40..400
    std::chrono::milliseconds pause{700};   // so much silence makes an end; 100..5000
    double margin_db = 9;                   // speech is so much over the noise floor
    double minimum_dbfs = -45;              // and at least so loud
    double guarded_margin_db = 12;          // the same while the robot speaks: its echo comes back
    double guarded_minimum_dbfs = -34;
};

enum class Sound : std::uint8_t { quiet, voiced, hiss, burst, tone };

struct VadEvent {
    enum class Kind : std::uint8_t { none, started, ended } kind = Kind::none;
    Sound sound = Sound::quiet;  // what this frame was taken for
    double level_dbfs = 0;
    // started: how many frames back, this one included, the utterance began: take so many from the PreRoll.
    // ended: how many frames the utterance lasted, the closing pause not included.
    std::size_t frames = 0;
    // ended: its frames with a pitch. Below 3 (60 ms) it was hardly a word: breath, rustle, a knock.
    std::size_t voiced = 0;
    [[nodiscard]] bool was_speech() const { return kind == Kind::ended && voiced >= 3; }
};

class Vad {
  public:
    explicit Vad(const VadOptions& options = {});

    [[nodiscard]] VadEvent on(const Frame& frame);

    // The robot is speaking: the stricter thresholds hold. Off 200 ms late by itself, for the echo's tail.
    void guard(bool speaking);
    void set_pause(std::chrono::milliseconds pause);  // the next question's `pause`
    void reset();                                     // forget the utterance under way; the noise floor stays

    [[nodiscard]] bool in_speech() const { return in_speech_; }
    [[nodiscard]] double noise_dbfs() const { return floor_dbfs_; }

  private:
    struct Look {  // what one frame looks like
        double level_dbfs;
        Sound sound;
    };
    [[nodiscard]] Look look_at(const Frame& frame);
    [[nodiscard]] Sound kind_of(const Frame& frame, double level);
    [[nodiscard]] double threshold() const;
    void follow_noise(const Look& look);
    void wait_for_start(const Look& look, VadEvent& event);
    void wait_for_end(const Look& look, VadEvent& event);

    VadOptions options_;
    std::array<float, frame_samples> before_{};  // the frame before, at half the rate twice as long a window
    double floor_dbfs_;
    double previous_level_dbfs_;
    std::uint64_t frames_ = 0;
    std::size_t guard_tail_ = 0;
    bool guarded_ = false;
    bool in_speech_ = false;
    double evidence_ = 0;       // frames' worth of speech in the run under way
    std::size_t run_ = 0;       // frames since the run under way began
    std::size_t gap_ = 0;       // frames since the last one that was not quiet
    std::size_t unvoiced_ = 0;  // frames since the last voiced or hissing one
    std::size_t voiced_ = 0;
};

}  // namespace pbx::audio
