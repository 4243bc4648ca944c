#include "core/text.hpp"
#include "dialog/match.hpp"

#include <algorithm>

// libstemmer.a's two languages by themselves. <libstemmer.h> looks a language up in a table of all of them,
// whose pointers the loader would set at every start of the program: 300 KB of memory and 1.5 ms of a call's
// time.
extern "C" {
struct SN_env {  // the head of Snowball's own (runtime/api.h): the word as it is now
    unsigned char* p;
    int c;
    int l;
};
int SN_set_current(SN_env* stemmer, int size, const unsigned char* word);
SN_env* russian_UTF_8_create_env();
void russian_UTF_8_close_env(SN_env* stemmer);
int russian_UTF_8_stem(SN_env* stemmer);
SN_env* english_UTF_8_create_env();
void english_UTF_8_close_env(SN_env* stemmer);
int english_UTF_8_stem(SN_env* stemmer);
}

namespace pbx::dialog {

namespace {
bool is_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}

// Letters of the two languages and their neighbours; everything else parts words.
bool is_letter(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= 0xDF && c <= 0x24F && c != 0xF7) || (c >= 0x430 && c <= 0x52F);
}

bool is_apostrophe(char32_t c) {
    return c == U'\'' || c == U'’';
}

bool is_word(char32_t c) {
    return is_digit(c) || is_letter(c);
}

// Does the point at `i` belong to a word for what stands on both sides of it?
bool joins(std::u32string_view s, std::size_t i) {
    if (i + 1 >= s.size()) return false;
    if (s[i] == U'+') return is_digit(s[i + 1]) && (i == 0 || !is_word(s[i - 1]));
    if (i == 0) return false;
    if (is_apostrophe(s[i])) return is_letter(s[i - 1]) && is_letter(s[i + 1]);
    return (s[i] == U'.' || s[i] == U',' || s[i] == U':') && is_digit(s[i - 1]) && is_digit(s[i + 1]);
}

std::vector<std::string> cut(std::string_view text, bool fold) {
    const auto points = pbx::text::decode_utf8(pbx::text::lower(text));
    std::vector<std::string> out;
    std::u32string word;
    auto flush = [&] {
        if (!word.empty()) out.push_back(pbx::text::encode_utf8(word));
        word.clear();
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const char32_t c = points[i];
        if (c == 0x301) continue;  // a stress mark over a vowel is no letter of its own
        if (!is_word(c) && !joins(points, i)) {
            flush();
            continue;
        }
        word.push_back(is_apostrophe(c) ? U'\'' : fold && c == U'ё' ? U'е' : c);
    }
    flush();
    return out;
}

// Snowball's objects are not for two threads at once, and making one costs more than many stems.
class Stemmer {
  public:
    using Close = void (*)(SN_env*);
    using Stem = int (*)(SN_env*);
    Stemmer(SN_env* stemmer, Stem stem, Close close) : stemmer_(stemmer), stem_(stem), close_(close) {}
    ~Stemmer() {
        if (stemmer_) close_(stemmer_);
    }
    Stemmer(const Stemmer&) = delete;
    Stemmer& operator=(const Stemmer&) = delete;

    std::string operator()(std::string_view word) const {
        if (!stemmer_) return std::string(word);
        const auto* bytes = reinterpret_cast<const unsigned char*>(word.data());
        if (SN_set_current(stemmer_, static_cast<int>(word.size()), bytes) != 0 || stem_(stemmer_) < 0)
            return std::string(word);
        return {reinterpret_cast<const char*>(stemmer_->p), static_cast<std::size_t>(stemmer_->l)};
    }

  private:
    SN_env* stemmer_;
    Stem stem_;
    Close close_;
};
}  // namespace

std::vector<std::string> tokens(std::string_view text) {
    return cut(text, true);
}

std::vector<std::string> words_as_written(std::string_view text) {
    return cut(text, false);
}

std::string stem(Language language, std::string_view word) {
    constexpr std::size_t longest = 128;  // bytes; no word of either language is longer
    if (word.size() > longest) return std::string(word);
    thread_local const Stemmer russian(russian_UTF_8_create_env(), russian_UTF_8_stem,
                                       russian_UTF_8_close_env);
    thread_local const Stemmer english(english_UTF_8_create_env(), english_UTF_8_stem,
                                       english_UTF_8_close_env);
    return language == Language::ru ? russian(word) : english(word);
}

}  // namespace pbx::dialog
