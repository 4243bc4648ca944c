// espeak-ng (GPL-3) behind the plain C border: nothing else of pbxctl is linked with it. The library is one
// global state; the caller's lock (voice_driver.h) keeps it to one thread. Its start-up sets LC_CTYPE to
// C.UTF-8 for the whole process, which pbxctl, reading UTF-8 only, does not mind.
#include "speech/espeak_stress.hpp"
#include "speech/voice_driver.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>

#include <dlfcn.h>
#include <espeak-ng/speak_lib.h>

namespace {

// Slower than espeak's 175: a telephone takes away what a listener guesses words by.
constexpr double telephone_words_a_minute = 150;
constexpr int word_gap_10ms = 1;
constexpr int pitch_range = 45;  // of 100: a little flatter, so that the pitch stays clear of the 300 Hz edge

// A woman's. Of 40 Russian phrases through mu-law a recogniser trained on one man took 20 from it, 9 from
// espeak's own voice: the nearest there is to a listener here.
constexpr const char* default_variant = "+f2";

struct Voice {
    std::string name;
    int words_a_minute;
};

struct Speaking {
    pbx_voice_sink sink;
    void* user;
    bool stopped = false;
};
Speaking* speaking = nullptr;  // the espeak callback carries no pointer of ours before the first event

int on_samples(short* samples, int count, espeak_EVENT*) {
    if (speaking == nullptr || speaking->stopped) return 1;
    if (samples == nullptr || count <= 0) return 0;
    speaking->stopped = speaking->sink(samples, static_cast<size_t>(count), speaking->user) != 0;
    return speaking->stopped ? 1 : 0;
}

// Once for the process: reads the phoneme tables (1.3 MB, 5 ms). Hz, or -1 without espeak-ng-data.
int start() {
    static const int rate = [] {
        int hz = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, nullptr, espeakINITIALIZE_DONT_EXIT);
        if (hz > 0) espeak_SetSynthCallback(on_samples);
        return hz;
    }();
    return rate;
}

bool choose(const std::string& name) {
    static std::string chosen;  // choosing Russian reads a 1.9 MB dictionary: 20 ms
    if (name == chosen) return true;
    if (espeak_SetVoiceByName(name.c_str()) != EE_OK) return false;
    chosen = name;
    return true;
}

void complain(char* error, size_t size, const std::string& message) {
    std::snprintf(error, size, "%s", message.c_str());
}

const char* version() {
    return espeak_Info(nullptr);
}

const char* library() {
    Dl_info info{};
    return dladdr(reinterpret_cast<void*>(&espeak_Info), &info) != 0 ? info.dli_fname : "";
}

void* open_voice(const char* voice, const char* language, double speed, char* error, size_t error_size) {
    if (start() <= 0) {
        complain(error, error_size, "espeak-ng finds no data; install package espeak-ng-data");
        return nullptr;
    }
    bool chosen = *voice != '\0';
    std::string name = chosen ? voice : std::string(language) + default_variant;
    if (!choose(name)) {
        complain(error, error_size,
                 "espeak-ng knows no voice '" + std::string(chosen ? voice : language) +
                     "'; see espeak-ng --voices");
        return nullptr;
    }
    auto rate = std::clamp<int>(static_cast<int>(std::lround(telephone_words_a_minute * speed)),
                                espeakRATE_MINIMUM, espeakRATE_MAXIMUM);
    return new Voice{name, rate};
}

unsigned rate(const void*) {
    return static_cast<unsigned>(start());
}

// As espeak names or IPA, `between` them.
std::string phonemes(const char* text, int mode, char between) {
    std::string all;
    const void* rest = text;
    while (rest != nullptr) {  // a clause at a time
        const char* part = espeak_TextToPhonemes(&rest, espeakCHARS_UTF8, mode | (between << 8));
        if (part == nullptr) break;
        if (!all.empty()) all += between;
        all += part;
    }
    return all;
}

espeak_ERROR synthesize(std::string text) {
    unsigned flags = espeakCHARS_UTF8;
    if (text.find(pbx::speech::espeak::stress_mark) != text.npos) {
        text = pbx::speech::espeak::marked_as_phonemes(
            text, [](const std::string& word) { return phonemes(word.c_str(), 0, '|'); });
        flags |= espeakPHONEMES;
    }
    return espeak_Synth(text.c_str(), text.size() + 1, 0, POS_CHARACTER, 0, flags, nullptr, nullptr);
}

int speak(void* handle, const char* text, pbx_voice_sink sink, void* user, char* error, size_t error_size) {
    auto* voice = static_cast<Voice*>(handle);
    if (!choose(voice->name)) {
        complain(error, error_size, "espeak-ng lost its voice '" + voice->name + "'");
        return 1;
    }
    espeak_SetParameter(espeakRATE, voice->words_a_minute, 0);
    espeak_SetParameter(espeakWORDGAP, word_gap_10ms, 0);
    espeak_SetParameter(espeakRANGE, pitch_range, 0);
    Speaking now{sink, user};
    speaking = &now;
    auto outcome = synthesize(text);
    speaking = nullptr;
    if (outcome == EE_OK) return 0;
    complain(error, error_size, "espeak-ng failed with " + std::to_string(outcome));
    return 1;
}

void close_voice(void* handle) {
    delete static_cast<Voice*>(handle);
}

size_t phones(const char* language, const char* word, char* out, size_t size) {
    if (size == 0 || start() <= 0 || !choose(language)) return 0;
    auto all = phonemes(word, espeakPHONEMES_IPA, ' ');
    if (all.size() >= size) return 0;
    std::memcpy(out, all.c_str(), all.size() + 1);
    return all.size();
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_espeak_driver() {
    static const pbx_voice_driver table{pbx_voice_abi, version, library,     open_voice,
                                        rate,          speak,   close_voice, phones};
    return &table;
}
