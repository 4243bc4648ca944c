#include "audio/vad.hpp"

#include "audio/level.hpp"
#include "audio/sound_kind.hpp"

#include <algorithm>
#include <cmath>

namespace pbx::audio {

namespace {
// Bounds between kinds of sound, from 153 human prompts (en, ru), noise of three colours and all 16 keys: of
// noise frames 0.1 % have a pitch over 0.45, of speech 90 % (the rest are its consonants); hiss of white
// noise stays under 0.23; speech explains itself by one sine over 0.985 in 0.2 % and by two of a key over
// 0.44 in 0.1 %, keys (mu-law, and GSM but for its first frame) are over 0.9.
constexpr double voiced_pitch = 0.45, hissing = 0.3, pure_tone = 0.985, key_tones = 0.7;

constexpr double lowest_floor_dbfs = -70, first_floor_dbfs = -60, highest_floor_dbfs = -20;
constexpr double still_speech_db = 4;   // speech that has begun goes on so much under the threshold
constexpr std::size_t longest_gap = 3;  // frames of silence inside a word's beginning: the closure of p, t, k
constexpr std::size_t guard_tail = 10;  // frames
constexpr std::size_t noise_tail =
    15;  // frames of noise after the last voiced one, beyond the pause, end it too
constexpr double full_scale = 32768;

std::size_t frames_in(std::chrono::milliseconds time) {
    return static_cast<std::size_t>(std::max<std::int64_t>(1, (time.count() + 19) / frame_time.count()));
}
}  // namespace

Vad::Vad(const VadOptions& options) : options_(options), floor_dbfs_(first_floor_dbfs) {
    using std::chrono::milliseconds;
    options_.confirm = std::clamp(options.confirm, milliseconds(20), milliseconds(400));
    set_pause(options.pause);
}

void Vad::set_pause(std::chrono::milliseconds pause) {
    options_.pause = std::clamp(pause, std::chrono::milliseconds(100), std::chrono::milliseconds(5000));
}

void Vad::guard(bool speaking) {
    if (guarded_ && !speaking) guard_tail_ = guard_tail;
    guarded_ = speaking;
}

void Vad::reset() {
    in_speech_ = false;
    forget_run();
}

void Vad::forget_run() {
    run_ = evidence_ = quiet_ = unvoiced_ = voiced_ = 0;
}

VadEvent Vad::on(const Frame& frame) {
    take_in(frame);
    double power = 0;
    for (std::size_t i = frame_samples; i < window_.size(); ++i)
        power += double{1} * window_[i] * window_[i];
    VadEvent now;
    now.level_dbfs =
        std::max(silence_dbfs, 10 * std::log10(power / frame_samples / (full_scale * full_scale) + 1e-12));
    now.sound = kind_of(now.level_dbfs);
    follow_noise(now);
    if (in_speech_)
        wait_for_end(now);
    else
        wait_for_start(now);
    if (!guarded_ && guard_tail_ > 0) --guard_tail_;
    return now;
}

// Mains hum and rumble out: one pole at about 130 Hz.
void Vad::take_in(const Frame& frame) {
    std::copy(window_.begin() + frame_samples, window_.end(), window_.begin());
    for (std::size_t i = 0; i < frame_samples; ++i) {
        last_out_ = 0.9F * last_out_ + 0.95F * (static_cast<float>(frame[i]) - last_in_);
        last_in_ = frame[i];
        window_[frame_samples + i] = last_out_;
    }
}

double Vad::threshold() const {
    bool strict = guarded_ || guard_tail_ > 0;
    double over_noise = floor_dbfs_ + (strict ? options_.guarded_margin_db : options_.margin_db);
    double level = std::max(over_noise, strict ? options_.guarded_minimum_dbfs : options_.minimum_dbfs);
    return in_speech_ ? level - still_speech_db : level;
}

Sound Vad::kind_of(double level) const {
    if (level < threshold()) return Sound::quiet;
    auto shape = shape_of(window_);
    if (shape.tone >= pure_tone || shape.keys >= key_tones) return Sound::tone;
    if (shape.hiss >= hissing) return Sound::hiss;
    return shape.pitch >= voiced_pitch ? Sound::voiced : Sound::burst;
}

// Falls at once, rises slowly: 5 dB a second in what may be noise, 15 in what is no speech, 1 in what is.
void Vad::follow_noise(const VadEvent& now) {
    double step = now.level_dbfs - floor_dbfs_;
    if (step < 0) {
        floor_dbfs_ += step / 5;
    } else {
        bool speech = in_speech_ || now.sound == Sound::voiced || now.sound == Sound::hiss;
        floor_dbfs_ += std::min(step, now.sound == Sound::quiet ? 0.1 : speech ? 0.02 : 0.3);
    }
    floor_dbfs_ = std::clamp(floor_dbfs_, lowest_floor_dbfs, highest_floor_dbfs);
}

void Vad::wait_for_start(VadEvent& now) {
    if (now.sound == Sound::tone) return forget_run();
    if (now.sound == Sound::quiet) {
        if (run_ == 0) return;
        ++run_;
        evidence_ -= std::min<std::size_t>(evidence_, 1);
        if (++quiet_ > longest_gap) forget_run();
        return;
    }
    ++run_;
    quiet_ = 0;
    if (now.sound == Sound::burst) return;
    ++evidence_;
    voiced_ += now.sound == Sound::voiced;
    if (evidence_ < frames_in(options_.confirm)) return;
    in_speech_ = true;
    run_ = std::min(run_, max_back_dated);
    now.kind = VadEvent::Kind::started;
    now.frames = run_;
}

void Vad::wait_for_end(VadEvent& now) {
    bool sounds = now.sound != Sound::quiet && now.sound != Sound::tone;
    bool speech = sounds && now.sound != Sound::burst;
    ++run_;
    quiet_ = sounds ? 0 : quiet_ + 1;
    unvoiced_ = speech ? 0 : unvoiced_ + 1;
    voiced_ += now.sound == Sound::voiced;
    auto pause = frames_in(options_.pause);
    if (quiet_ < pause && unvoiced_ < pause + noise_tail) return;
    now.kind = VadEvent::Kind::ended;
    now.frames = run_ - (quiet_ >= pause ? quiet_ : unvoiced_);
    now.voiced = voiced_;
    reset();
}

}  // namespace pbx::audio
