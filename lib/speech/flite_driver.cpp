// flite behind the plain C border: English voices and the CMU lexicon with its letter-to-sound rules. Each
// voice is a library of its own, opened when it is asked for.
#include "speech/voice_driver.h"

#include <cctype>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include <dlfcn.h>
#include <flite/flite.h>
#include <flite/flite_version.h>

namespace {

constexpr std::string_view default_voice = "slt";  // a woman, 16 kHz; kal (8 kHz) is faster and harsher

struct Voice {
    cst_voice* engine;
    float stretch;  // of every duration: 1 / speed
    unsigned rate;
};

void complain(char* error, size_t size, const std::string& message) {
    std::snprintf(error, size, "%s", message.c_str());
}

void start() {
    static const int started = flite_init();
    static_cast<void>(started);
}

// libflite_cmu_us_slt.so.1 and its register_cmu_us_slt(NULL); flite keeps what it has registered.
cst_voice* registered(std::string_view name) {
    auto full = "cmu_us_" + std::string(name);
    void* module = dlopen(("libflite_" + full + ".so.1").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) return nullptr;
    using Register = cst_voice* (*)(const char*);
    auto make = reinterpret_cast<Register>(dlsym(module, ("register_" + full).c_str()));
    return make != nullptr ? make(nullptr) : nullptr;
}

bool is_name(std::string_view name) {  // becomes part of a library's name
    for (char c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) return false;
    return !name.empty();
}

// What typographers put into English text, as flite's tokeniser knows it.
std::string in_ascii(std::string_view text) {
    struct Pair {
        std::string_view mark, plain;
    };
    static constexpr Pair pairs[] = {{"\u2018", "'"},  {"\u2019", "'"},  {"\u201c", "\""}, {"\u201d", "\""},
                                     {"\u2013", ", "}, {"\u2014", ", "}, {"\u2026", "."},  {"\u00a0", " "},
                                     {"\u00ab", "\""}, {"\u00bb", "\""}};
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const Pair* found = nullptr;
        for (const auto& pair : pairs)
            if (text.substr(at, pair.mark.size()) == pair.mark) found = &pair;
        plain += found != nullptr ? found->plain : text.substr(at, 1);
        at += found != nullptr ? found->mark.size() : 1;
    }
    return plain;
}

bool is_ascii(std::string_view text) {
    for (char c : text)
        if (static_cast<unsigned char>(c) >= 0x80) return false;
    return true;
}

const char* version() {
    return FLITE_PROJECT_VERSION;
}

const char* library() {
    Dl_info info{};
    return dladdr(reinterpret_cast<void*>(&flite_init), &info) != 0 ? info.dli_fname : "";
}

void* open_voice(const char* voice, const char* language, double speed, char* error, size_t error_size) {
    if (std::string_view(language) != "en") {
        complain(error, error_size, "flite speaks English only; use espeak-ng");
        return nullptr;
    }
    start();
    std::string_view name = *voice != '\0' ? std::string_view(voice) : default_voice;
    auto* engine = is_name(name) ? registered(name) : nullptr;
    if (engine == nullptr) {
        complain(error, error_size,
                 "flite knows no voice '" + std::string(name) + "'; slt, kal, kal16, awb or rms");
        return nullptr;
    }
    auto hz =
        flite_get_param_int(engine->features, "sample_rate", std::string_view(name) == "kal" ? 8000 : 16000);
    return new Voice{engine, static_cast<float>(1 / speed), static_cast<unsigned>(hz)};
}

unsigned rate(const void* handle) {
    return static_cast<const Voice*>(handle)->rate;
}

int speak(void* handle, const char* text, pbx_voice_sink sink, void* user, char* error, size_t error_size) {
    auto* voice = static_cast<Voice*>(handle);
    auto plain = in_ascii(text);
    if (!is_ascii(plain)) {
        complain(error, error_size, "flite speaks English letters only; use espeak-ng");
        return 1;
    }
    flite_feat_set_float(voice->engine->features, "duration_stretch", voice->stretch);
    cst_wave* wave = flite_text_to_wave(plain.c_str(), voice->engine);
    if (wave == nullptr) {
        complain(error, error_size, "flite failed");
        return 1;
    }
    voice->rate = static_cast<unsigned>(wave->sample_rate);
    if (wave->num_samples > 0) sink(wave->samples, static_cast<size_t>(wave->num_samples), user);
    delete_wave(wave);
    return 0;
}

void close_voice(void* handle) {
    delete static_cast<Voice*>(handle);  // flite keeps the engine for the process
}

cst_lexicon* lexicon() {
    static cst_lexicon* const lex = [] {
        start();
        void* module = dlopen("libflite_cmulex.so.1", RTLD_NOW | RTLD_LOCAL);
        using Init = cst_lexicon* (*)();
        auto init = module != nullptr ? reinterpret_cast<Init>(dlsym(module, "cmu_lex_init")) : nullptr;
        return init != nullptr ? init() : nullptr;
    }();
    return lex;
}

// flite's "ow1" -> "OW"; its schwa "ax" is AH in the dictionaries of the ears.
std::string arpabet(std::string_view phone) {
    if (phone == "pau") return {};
    std::string upper;
    for (char c : phone)
        if (std::isalpha(static_cast<unsigned char>(c)) != 0)
            upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return upper == "AX" ? "AH" : upper;
}

size_t phones(const char*, const char* word, char* out, size_t size) {
    std::string lower;
    for (char c : std::string_view(word)) {
        auto byte = static_cast<unsigned char>(c);
        if (std::isalpha(byte) != 0)
            lower += static_cast<char>(std::tolower(byte));
        else if (c != '\'')
            return 0;  // the rules know letters only
    }
    if (size == 0 || lower.empty() || lexicon() == nullptr) return 0;
    std::string all;
    cst_val* list = lex_lookup(lexicon(), lower.c_str(), nullptr, nullptr);
    for (const cst_val* at = list; at != nullptr; at = val_cdr(at)) {
        auto phone = arpabet(val_string(val_car(at)));
        if (phone.empty()) continue;
        all += all.empty() ? phone : " " + phone;
    }
    if (list != nullptr) delete_val(list);
    if (all.size() >= size) return 0;
    std::memcpy(out, all.c_str(), all.size() + 1);
    return all.size();
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_flite_driver() {
    static const pbx_voice_driver table{pbx_voice_abi, version, library,     open_voice,
                                        rate,          speak,   close_voice, phones};
    return &table;
}
