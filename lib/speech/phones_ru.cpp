#include "speech/phones_ru.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace pbx::speech {

namespace {

struct Vowel {
    char32_t ipa;
    const char* stressed;
    const char* unstressed;
};
// Reduced vowels are phones of their own: a stressed one is twice as long and far from the middle of the
// mouth.
constexpr std::array vowels = {
    Vowel{U'ɑ', "a", "ax"}, Vowel{U'a', "a", "ax"}, Vowel{U'æ', "a", "ax"}, Vowel{U'ʌ', "a", "ax"},
    Vowel{U'ə', "a", "ax"}, Vowel{U'ɐ', "a", "ax"}, Vowel{U'o', "o", "ax"}, Vowel{U'ɔ', "o", "ax"},
    Vowel{U'ɵ', "o", "o"},  Vowel{U'e', "e", "ix"}, Vowel{U'ɛ', "e", "yx"}, Vowel{U'i', "i", "ix"},
    Vowel{U'ɪ', "i", "ix"}, Vowel{U'y', "y", "yx"}, Vowel{U'ɨ', "y", "yx"}, Vowel{U'u', "u", "ux"},
    Vowel{U'ʊ', "u", "ux"}, Vowel{U'ʉ', "u", "ux"},
};

struct Consonant {
    char32_t ipa;
    const char* hard;
    const char* soft;
};
constexpr std::array consonants = {
    Consonant{U'b', "b", "bj"},  Consonant{U'v', "v", "vj"},  Consonant{U'ɡ', "g", "gj"},
    Consonant{U'g', "g", "gj"},  Consonant{U'd', "d", "dj"},  Consonant{U'z', "z", "zj"},
    Consonant{U'k', "k", "kj"},  Consonant{U'l', "l", "lj"},  Consonant{U'ɭ', "l", "lj"},
    Consonant{U'ɫ', "l", "lj"},  Consonant{U'm', "m", "mj"},  Consonant{U'n', "n", "nj"},
    Consonant{U'p', "p", "pj"},  Consonant{U'r', "r", "rj"},  Consonant{U's', "s", "sj"},
    Consonant{U't', "t", "tj"},  Consonant{U'f', "f", "fj"},  Consonant{U'x', "h", "hj"},
    Consonant{U'ɣ', "h", "hj"},  Consonant{U'ʃ', "sh", "sh"}, Consonant{U'ʂ', "sh", "sh"},
    Consonant{U'ʒ', "zh", "zh"}, Consonant{U'ʐ', "zh", "zh"}, Consonant{U'ɕ', "sch", "sch"},
    Consonant{U'ʑ', "zj", "zj"}, Consonant{U'j', "j", "j"},
};

// Words of one letter stand before another word and take its voice: в городе, в саду (ф), с городом (з).
struct Letter {
    std::string_view word;
    std::array<const char*, 3> said;
};
constexpr std::array letters = {
    Letter{"в", {"v", "f", nullptr}},  Letter{"с", {"s", "z", nullptr}},
    Letter{"к", {"k", "g", nullptr}},  Letter{"а", {"a", "ax", nullptr}},
    Letter{"и", {"i", "ix", "yx"}},    Letter{"о", {"ax", "o", nullptr}},
    Letter{"у", {"u", "ux", nullptr}}, Letter{"я", {"j a", "j ix", nullptr}},
};

template <class Table>
auto find_ipa(const Table& table, char32_t c) {
    return std::find_if(table.begin(), table.end(), [c](const auto& row) { return row.ipa == c; });
}

bool is_softness(char32_t c) {
    return c == U'ʲ' || c == U'^';  // espeak-ng writes a soft r at a word's end as rɪ^
}

std::string joined(std::span<const std::string> phones) {
    return text::join(phones, " ");
}

// A careful speaker reads what is written: every "ax" of the word that stands for a written "о" is "o".
std::vector<std::string> careful(std::string_view word, std::vector<std::string> phones) {
    std::u32string written;
    for (char32_t c : text::decode_utf8(text::lower(word)))
        if (std::u32string_view(U"аеёиоуыэюя").find(c) != std::u32string_view::npos) written += c;
    std::size_t at = 0;
    for (auto& phone : phones) {
        if (std::string_view("aeiouy").find(phone[0]) == std::string_view::npos) continue;
        if (at >= written.size()) return {};
        char32_t letter = written[at++];
        if (phone == "ax" && letter == U'о') phone = "o";
        if (phone == "ax" && (letter == U'а' || letter == U'я')) phone = "a";
        if (phone == "ix" && (letter == U'е' || letter == U'э')) phone = "e";
        if (phone == "ix" && (letter == U'а' || letter == U'я')) phone = "a";
        if (phone == "ix" && letter == U'и') phone = "i";
    }
    if (at != written.size()) return {};
    return phones;
}

}  // namespace

namespace {

std::vector<std::string> phones_of(std::u32string_view marks) {
    std::vector<std::string> phones;
    bool stressed = false;
    auto add = [&phones](const char* phone) {
        if (phones.empty() || phones.back() != phone) phones.emplace_back(phone);  // a long one is one phone
    };
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const char32_t c = marks[i];
        const char32_t next = i + 1 < marks.size() ? marks[i + 1] : U'\0';
        if (c == U'ˈ') stressed = true;
        if (c == U't' && (next == U'ʃ' || next == U'ɕ')) {
            add("ch");
            ++i;
        } else if (c == U't' && next == U's' && (i + 2 >= marks.size() || !is_softness(marks[i + 2]))) {
            if (!phones.empty() && (phones.back() == "d" || phones.back() == "t")) phones.pop_back();
            add("ts");  // двадцать: one long ц
            ++i;
        } else if (c == U'r' && next == U'ɪ' && i + 2 < marks.size() && marks[i + 2] == U'^') {
            add("rj");
            i += 2;
        } else if (auto vowel = find_ipa(vowels, c); vowel != vowels.end()) {
            add(stressed ? vowel->stressed : vowel->unstressed);
            stressed = false;
        } else if (auto consonant = find_ipa(consonants, c); consonant != consonants.end()) {
            add(is_softness(next) ? consonant->soft : consonant->hard);
        }
    }
    return phones;
}

// espeak-ng leaves words that are seldom stressed in a sentence (буду, может, нет) without a stress; as an
// answer they have one: any vowel may bear it.
std::vector<std::u32string> stressings(std::u32string_view marks) {
    std::vector<std::u32string> ways;
    if (marks.find(U'ˈ') == std::u32string_view::npos)
        for (std::size_t i = 0; i < marks.size(); ++i)
            if (find_ipa(vowels, marks[i]) != vowels.end())
                ways.push_back(std::u32string(marks.substr(0, i)) + U'ˈ' + std::u32string(marks.substr(i)));
    if (ways.empty()) ways.emplace_back(marks);
    return ways;
}

std::u32string without_blanks(std::string_view ipa) {
    std::u32string marks = text::decode_utf8(ipa);
    std::erase(marks, U' ');
    return marks;
}

}  // namespace

std::vector<std::string> russian_phones(std::string_view ipa) {
    return phones_of(stressings(without_blanks(ipa)).front());
}

std::vector<std::string> russian_pronunciations(std::string_view word, std::string_view ipa) {
    std::vector<std::string> ways;
    const std::string lower = text::lower(word);
    for (const auto& letter : letters) {
        if (letter.word != lower) continue;
        for (const char* said : letter.said)
            if (said != nullptr) ways.emplace_back(said);
        return ways;
    }
    const auto add = [&ways](const std::vector<std::string>& phones) {
        if (phones.empty()) return;
        auto way = joined(phones);
        if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(std::move(way));
    };
    for (const auto& marks : stressings(without_blanks(ipa))) {
        const auto phones = phones_of(marks);
        add(phones);
        add(careful(word, phones));
    }
    return ways;
}

const std::vector<std::string>& russian_phone_set() {
    static const std::vector<std::string> all = [] {
        std::set<std::string> set = {"ch", "ts"};
        for (const auto& vowel : vowels)
            set.insert({vowel.stressed, vowel.unstressed});
        for (const auto& consonant : consonants)
            set.insert({consonant.hard, consonant.soft});
        return std::vector<std::string>(set.begin(), set.end());
    }();
    return all;
}

}  // namespace pbx::speech
