#include "audio/vad.hpp"

#include "audio/level.hpp"
#include "audio/sound_kind.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace pbx::audio {

namespace {
// Bounds between kinds of sound, from 153 human prompts (en, ru), noise of three colours and all 16 keys. Of
// noise frames 0.1 % have a pitch over 0.5 (0.6 for rumble), of speech 85 to 98 % (the rest are its
// consonants). Hiss of white noise stays under 0.23. A key explains itself by two sines over 0.9 (over 0.57
// in 95 % by GSM), speech over 0.57 in 0.1 %; by one sine over 0.985 in 1 % (m, l, n), so that one such frame
// proves nothing.
constexpr double voiced_pitch = 0.5, clear_pitch_from = 0.7, clear_pitch_db = 6;
constexpr double hissing = 0.3, pure_tone = 0.985, key_tones = 0.65;
// A knock rings at one pitch and dies so much in half a frame, twice as much in a frame; a word's beginning
// does not.
constexpr double knock_decay_db = 4;
// A plosive or a sibilant before the vowel is worth two frames, no more: a cough is all noise.
constexpr std::size_t most_noise = 4;

constexpr double lowest_floor_dbfs = -70, first_floor_dbfs = -60, highest_floor_dbfs = -20;
constexpr double still_speech_db = 4;   // speech that has begun goes on so much under the threshold
constexpr std::size_t longest_gap = 5;  // frames of silence inside a beginning: the closure of p, t, k
constexpr std::size_t guard_tail = 10;  // frames
// Frames of noise beyond the pause, after the last voiced one, end it too: noise came up while the caller
// spoke.
constexpr std::size_t noise_tail = 15;
// One frame of noise in a thousand passes for voiced: it may not restart that wait by itself.
constexpr std::size_t voice_outweighs = 8;
constexpr double full_scale = 32768;

std::size_t frames_in(std::chrono::milliseconds time) {
    return static_cast<std::size_t>(std::max<std::int64_t>(1, (time.count() + 19) / frame_time.count()));
}

double power_dbfs(std::span<const float> samples) {
    double sum = 0;
    for (float s : samples)
        sum += double{1} * s * s;
    double power = sum / static_cast<double>(samples.size()) / (full_scale * full_scale);
    return std::max(silence_dbfs, 10 * std::log10(power + 1e-12));
}
}  // namespace

std::size_t Evidence::sum() const {
    return speech + (clear_pitch ? std::min(noise, most_noise) : 0);
}

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
    run_ = quiet_ = unvoiced_ = voiced_ = 0;
    evidence_ = {};
}

VadEvent Vad::on(const Frame& frame) {
    take_in(frame);
    VadEvent now;
    now.level_dbfs = power_dbfs(std::span(window_).last(frame_samples));
    bool clear_pitch = false;
    now.sound = kind_of(now.level_dbfs, clear_pitch);
    follow_noise(now);
    if (in_speech_) {
        wait_for_end(now);
    } else {
        wait_for_start(now, clear_pitch);
    }
    last_ = now;
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

Sound Vad::kind_of(double level, bool& clear_pitch) const {
    if (level < threshold()) return Sound::quiet;
    auto frame = std::span(window_).last(frame_samples);
    if (hiss_of(frame) >= hissing) return Sound::hiss;
    double pitch = pitch_of(window_);
    if (pitch < voiced_pitch) return Sound::burst;
    if (tone_of(frame) >= pure_tone || keys_of(frame) >= key_tones) return Sound::tone;
    clear_pitch = pitch >= clear_pitch_from && level >= threshold() + clear_pitch_db;
    return Sound::voiced;
}

// Falls at once, rises slowly: 5 dB a second in what may be noise, 15 in what is no speech, 1 in what is.
void Vad::follow_noise(const VadEvent& now) {
    double step = now.level_dbfs - floor_dbfs_;
    bool speech = in_speech_ || now.sound == Sound::voiced || now.sound == Sound::hiss;
    if (step < 0) {
        floor_dbfs_ += step / 5;
    } else {
        floor_dbfs_ += std::min(step, now.sound == Sound::quiet ? 0.1 : speech ? 0.02 : 0.3);
    }
    floor_dbfs_ = std::clamp(floor_dbfs_, lowest_floor_dbfs, highest_floor_dbfs);
}

void Vad::wait_for_start(VadEvent& now, bool clear_pitch) {
    if (now.sound == Sound::tone) {
        // One such frame is an m or an l as well; two are none.
        if (run_ > 0) ++run_;
        if (last_.sound == Sound::tone) forget_run();
        return;
    }
    if (now.sound == Sound::quiet) {
        if (run_ == 0) return;
        ++run_;
        if (++quiet_ > longest_gap) forget_run();
        return;
    }
    ++run_;
    quiet_ = 0;
    voiced_ += now.sound == Sound::voiced;
    if (!weigh(now, clear_pitch) || evidence_.sum() < 2 * frames_in(options_.confirm)) return;
    in_speech_ = true;
    run_ = std::min(run_, max_back_dated);
    now.kind = VadEvent::Kind::started;
    now.frames = run_;
}

// False: the frame speaks for noise or for nothing.
bool Vad::weigh(const VadEvent& now, bool clear_pitch) {
    if (now.sound == Sound::burst) {
        ++evidence_.noise;
        return false;
    }
    if (dies_away(now.level_dbfs)) return false;
    evidence_.speech += clear_pitch ? 4 : 2;
    evidence_.clear_pitch |= clear_pitch;
    return true;
}

bool Vad::dies_away(double level) const {
    auto frame = std::span(window_).last(frame_samples);
    constexpr std::size_t half = frame_samples / 2;
    return level < last_.level_dbfs - 2 * knock_decay_db ||
           power_dbfs(frame.last(half)) < power_dbfs(frame.first(half)) - knock_decay_db;
}

void Vad::wait_for_end(VadEvent& now) {
    bool sounds = now.sound != Sound::quiet && now.sound != Sound::tone;
    bool speech = sounds && now.sound != Sound::burst;
    ++run_;
    quiet_ = sounds ? 0 : quiet_ + 1;
    unvoiced_ = speech ? unvoiced_ - std::min(unvoiced_, voice_outweighs) : unvoiced_ + 1;
    voiced_ += now.sound == Sound::voiced;
    auto pause = frames_in(options_.pause);
    if (quiet_ < pause && unvoiced_ < pause + noise_tail) return;
    now.kind = VadEvent::Kind::ended;
    now.frames = run_ - (quiet_ >= pause ? quiet_ : unvoiced_);
    now.voiced = voiced_;
    reset();
}

}  // namespace pbx::audio
