// The one-word prompts of Debian's asterisk-core-sounds-{en,ru}-wav: digits, numbers, days, months, letters.
#pragma once

#include "audio/level.hpp"
#include "audio/wav.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace recordings {

using pbx::audio::Samples;

struct Recording {
    std::string name;
    Samples samples;
};

inline Samples read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
    auto samples = pbx::audio::decode_wav_8k(std::as_bytes(std::span(bytes)));
    return samples ? std::move(*samples) : Samples{};
}

inline std::vector<Recording> words(const std::string& voice) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::path("/usr/share/asterisk/sounds") / voice;
    std::vector<std::string> names;
    for (int i = 0; i <= 19; ++i)
        names.push_back("digits/" + std::to_string(i));
    for (int i = 20; i <= 90; i += 10)
        names.push_back("digits/" + std::to_string(i));
    for (int i = 0; i < 7; ++i)
        names.push_back("digits/day-" + std::to_string(i));
    for (int i = 0; i < 12; ++i)
        names.push_back("digits/mon-" + std::to_string(i));
    for (const char* day : {"today", "tomorrow", "yesterday"})
        names.push_back(std::string("digits/") + day);
    for (char letter = 'a'; letter <= 'z'; ++letter)
        names.push_back(std::string("phonetic/") + letter + "_p");
    std::vector<Recording> found;
    for (const auto& name : names) {
        auto samples = read(folder / (name + ".wav"));
        if (!samples.empty()) found.push_back({name, std::move(samples)});
    }
    return found;
}

inline std::size_t first_frame_over(std::span<const pbx::audio::Sample> samples, double dbfs) {
    using pbx::audio::frame_samples;
    for (std::size_t at = 0; at + frame_samples <= samples.size(); at += frame_samples)
        if (pbx::audio::rms_dbfs(samples.subspan(at, frame_samples)) > dbfs) return at / frame_samples;
    return samples.size() / frame_samples;
}

}  // namespace recordings
