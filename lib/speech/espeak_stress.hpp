// Stress marks in Russian text for espeak-ng before 1.52.1, which knows none: a word with a mark (U+0301
// after the vowel) is given as espeak's own phoneme names, the stress moved to that vowel. Pure; used inside
// the espeak driver.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::speech::espeak {

constexpr std::string_view stress_mark = "\u0301";

// Phoneme names as espeak writes them with '|' between: "z|a|m|'o|k". A vowel's name may carry a j before it
// ("ja") and a '#' behind; "@-" only parts consonants and is no syllable.
inline bool is_vowel(std::string_view phoneme) {
    if (phoneme.starts_with("'") || phoneme.starts_with(",")) phoneme.remove_prefix(1);
    if (phoneme.starts_with("j")) phoneme.remove_prefix(1);
    return !phoneme.empty() && std::string_view("AaVoO8eEiIyuU").find(phoneme[0]) != std::string_view::npos;
}

struct Vowel {
    std::string_view letters, stressed;
};
// How a vowel letter sounds in full.
constexpr std::array full_vowels{Vowel{"аАяЯ", "A"}, Vowel{"оО", "o"}, Vowel{"еЕ", "e"},   Vowel{"эЭ", "E"},
                                 Vowel{"иИ", "i"},   Vowel{"ыЫ", "y"}, Vowel{"уУюЮ", "u"}, Vowel{"ёЁ", "8"}};

// nullptr: no vowel letter. `letter` is its two bytes of UTF-8.
inline const Vowel* vowel_of(std::string_view letter) {
    for (const auto& vowel : full_vowels)
        for (std::size_t at = 0; at < vowel.letters.size(); at += 2)
            if (vowel.letters.substr(at, 2) == letter) return &vowel;
    return nullptr;
}

// What a vowel becomes that loses its stress.
inline std::string weakened(std::string_view phoneme) {
    if (phoneme == "o") return "V";
    if (phoneme == "A") return "a";
    if (phoneme == "e" || phoneme == "8") return "i";
    return std::string(phoneme);
}

// The phonemes with the stress on vowel number `at` (from 0), which is written `vowel`. Empty when they have
// no such vowel.
inline std::string stressed(std::string_view phonemes, std::size_t at, const Vowel& vowel) {
    std::string all;
    std::size_t seen = 0;
    bool found = false;
    while (!phonemes.empty()) {
        auto end = std::min(phonemes.find('|'), phonemes.size());
        auto phoneme = phonemes.substr(0, end);
        phonemes.remove_prefix(std::min(end + 1, phonemes.size()));
        bool had_stress = phoneme.starts_with("'");
        if (had_stress || phoneme.starts_with(",")) phoneme.remove_prefix(1);
        std::string name(phoneme);
        if (is_vowel(phoneme) && seen++ == at) {
            found = true;
            name = "'" + (phoneme.starts_with("j") ? name : std::string(vowel.stressed));
        } else if (had_stress) {
            name = weakened(phoneme);
        }
        all += (all.empty() ? "" : "|") + name;
    }
    return found ? all : std::string{};
}

// A run of text: Cyrillic letters with their marks, or anything else.
struct Piece {
    std::string_view text;
    bool is_word = false;
};
inline std::vector<Piece> pieces(std::string_view text) {
    std::vector<Piece> all;
    for (std::size_t at = 0, begin = 0; at < text.size(); begin = at) {
        auto word_byte_pair = [&] {
            auto pair = text.substr(at, 2);
            return pair == stress_mark || pair.starts_with("\xd0") || pair.starts_with("\xd1");
        };
        bool is_word = word_byte_pair();
        while (at < text.size() && word_byte_pair() == is_word)
            at += is_word ? 2 : 1;
        all.push_back({text.substr(begin, at - begin), is_word});
    }
    return all;
}

// `phonemes_of(word)` asks espeak. The answer is for espeak's phoneme mode: "[[...]]" around the marked
// words, brackets of the text itself blanked.
template <class PhonemesOf>
std::string marked_as_phonemes(std::string_view text, PhonemesOf phonemes_of) {
    std::string all;
    for (const auto& piece : pieces(text)) {
        if (!piece.is_word) {
            for (char c : piece.text)
                all += c == '[' || c == ']' ? ' ' : c;
            continue;
        }
        std::string plain;
        std::size_t vowels = 0, at = 0;
        const Vowel *last = nullptr, *marked = nullptr;
        for (std::size_t i = 0; i < piece.text.size(); i += 2) {
            auto letter = piece.text.substr(i, 2);
            if (letter == stress_mark) {
                if (last != nullptr) at = vowels - 1;
                marked = last;
                continue;
            }
            plain += letter;
            last = vowel_of(letter);
            vowels += last != nullptr;
        }
        auto phonemes = marked != nullptr ? stressed(phonemes_of(plain), at, *marked) : std::string{};
        all += phonemes.empty() ? plain : "[[" + phonemes + "]]";
    }
    return all;
}

}  // namespace pbx::speech::espeak
