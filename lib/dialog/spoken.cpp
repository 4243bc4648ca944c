// Figures in a prompt -> words. Walks the text; at each figure the first of the forms that fits is spoken.
#include "dialog/readers/figures.hpp"

namespace pbx::dialog {

namespace {
using namespace readers;

bool is_digit_at(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// Signs that belong to the figure after them.
struct Sign {
    std::string_view sign;
    bool joins_words;         // a hyphen inside of a word is no minus
    std::string_view ru, en;  // what is said for it here; the others are said with their figure
};
constexpr Sign signs[] = {{"+", true, "", ""},
                          {"-", true, "", ""},
                          {"−", true, "", ""},
                          {"$", false, "", ""},
                          {"€", false, "", ""},
                          {"£", false, "", ""},
                          {"№", false, "номер ", "number "},
                          {"#", false, "номер ", "number "}};

const Sign* sign_at(std::string_view text, std::size_t at) {
    for (const auto& sign : signs) {
        if (!text.substr(at).starts_with(sign.sign)) continue;
        const std::size_t after = at + sign.sign.size();
        const bool blank =
            !sign.ru.empty() && after < text.size() && text[after] == ' ' && is_digit_at(text, after + 1);
        const bool inside =
            sign.joins_words && at > 0 && (is_digit_at(text, at - 1) || is_letter_at(text, at - 1));
        if (!inside && (blank || is_digit_at(text, after))) return &sign;
    }
    return nullptr;
}

Said say(Language language, const Figure& figure) {
    for (const SayFigure form :
         {say_date, say_time, say_phone, say_money, say_percent, say_ordinal, say_digits})
        if (auto said = form(language, figure)) return std::move(*said);
    return say_number(language, figure);
}
}  // namespace

std::string spoken(Language language, std::string_view text, std::optional<int> this_year) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Sign* sign = sign_at(text, at);
        if (!sign && !is_digit_at(text, at)) {
            out += text[at++];
            continue;
        }
        if (sign && !sign->ru.empty()) {
            out += language == Language::ru ? sign->ru : sign->en;
            at += sign->sign.size();
            at += text[at] == ' ' ? 1 : 0;
        }
        if (at > 0 && is_letter_at(text, at - 1) && !out.ends_with(' ')) out += ' ';  // "A105"
        const Said said = say(language, {text.substr(0, at), text.substr(at), this_year});
        out += said.words;
        at += said.bytes;
        const bool glued = is_digit_at(text, at) || (at < text.size() && is_letter_at(text, at));
        if (glued && !said.joins && !out.ends_with(' ')) out += ' ';  // "10G"
    }
    return out;
}

}  // namespace pbx::dialog
