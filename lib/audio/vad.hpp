// Voice activity: 20 ms frames in, "speech started" and "speech ended" out. Pure: no clock (a frame is the
// clock), no thread. It looks at level over an adaptive noise floor, and at what kind of sound it is: voiced
// (has a pitch), hissing (s, sh), a tone (DTMF, busy), or a burst (click, cough, knock, noise): only the
// first two make speech. It knows neither words nor the robot's own voice: guard() is for its echo.
#pragma once

#include "audio/frame.hpp"

#include <array>
#include <chrono>
#include <cstdint>

namespace pbx::audio {

struct VadOptions {
    std::chrono::milliseconds confirm{60};  // so much speech makes a start; 20..400
    std::chrono::milliseconds pause{700};   // so much silence makes an end; 100..5000
    double margin_db = 9;                   // speech is so much over the noise floor
    double minimum_dbfs = -45;              // and at least so loud
    double guarded_margin_db = 12;          // the same while the robot speaks: its echo comes back
    double guarded_minimum_dbfs = -34;
};

enum class Sound : std::uint8_t { quiet, voiced, hiss, burst, tone };

// The evidence for speech in the run of sounds under way, in half frames.
struct Evidence {
    std::size_t speech = 0;  // 2 for each voiced or hissing frame, 4 for a loud one with a clear pitch
    std::size_t noise = 0;   // 1 for each burst; counts only together with a clear pitch
    bool clear_pitch = false;
    [[nodiscard]] std::size_t sum() const;
};

struct VadEvent {
    enum class Kind : std::uint8_t { none, started, ended } kind = Kind::none;
    Sound sound = Sound::quiet;  // what this frame was taken for
    double level_dbfs = 0;
    // started: how many frames back, this one included, the utterance began; at most max_back_dated. A
    // recogniser wants about 5 more from the PreRoll: a first "f" or "kh" is weaker than any threshold.
    // ended: how many frames the utterance lasted, the closing pause not included.
    std::size_t frames = 0;
    // ended: its frames with a pitch. Below 4 (80 ms) it was hardly a word: a sniff, a knock, a cough's end.
    std::size_t voiced = 0;
    [[nodiscard]] bool was_speech() const { return kind == Kind::ended && voiced >= 4; }
};

class Vad {
  public:
    static constexpr std::size_t max_back_dated = 15;  // frames: 300 ms

    explicit Vad(const VadOptions& options = {});

    [[nodiscard]] VadEvent on(const Frame& frame);

    // The robot is speaking: the stricter thresholds hold. Off, they hold 200 ms more, for the echo's tail.
    void guard(bool speaking);
    void set_pause(std::chrono::milliseconds pause);  // the next question's `pause`
    void reset();                                     // forget the utterance under way; the noise floor stays

    [[nodiscard]] bool in_speech() const { return in_speech_; }
    [[nodiscard]] double noise_dbfs() const { return floor_dbfs_; }

  private:
    void take_in(const Frame& frame);
    [[nodiscard]] Sound kind_of(double level, bool& clear_pitch) const;
    [[nodiscard]] double threshold() const;
    void follow_noise(const VadEvent& now);
    void wait_for_start(VadEvent& now, bool clear_pitch);
    [[nodiscard]] bool dies_away(double level) const;
    [[nodiscard]] bool weigh(const VadEvent& now, bool clear_pitch);
    void wait_for_end(VadEvent& now);
    void forget_run();

    VadOptions options_;
    std::array<float, 2 * frame_samples> window_{};  // the frame before and this one, rumble filtered out
    float last_in_ = 0, last_out_ = 0;               // of that filter
    double floor_dbfs_;
    VadEvent last_;
    bool guarded_ = false;
    std::size_t guard_tail_ = 0;  // frames
    bool in_speech_ = false;
    std::size_t run_ = 0;  // frames since the first sound of the run or utterance under way; 0 = none
    Evidence evidence_;
    std::size_t quiet_ = 0;     // frames since the last sound
    std::size_t unvoiced_ = 0;  // frames without voice or hiss, less those with
    std::size_t voiced_ = 0;    // frames with a pitch
};

}  // namespace pbx::audio
