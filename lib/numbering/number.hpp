// Telephone numbers as ENUM asks for them (RFC 6116 3.2): what is one, what is none and why. Digits that were
// dialled are made into a number only by a dial plan that says how: RFC 6116 3.7 forbids to guess.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pbx::numbering {

inline constexpr std::size_t max_e164 = 15;    // ITU-T E.164 6: country code and all
inline constexpr std::size_t max_digits = 60;  // in a private tree: two octets each, a name has 255
inline constexpr std::size_t max_typed = 200;  // with all its blanks and brackets

// How numbers are dialled here. Empty members: not at all, such a number is refused.
struct DialPlan {
    std::string country{};        // "44": stands for `trunk`
    std::string international{};  // "00"
    std::string trunk{};          // "0"
};

struct Number {
    // The Application Unique String, which a record's regexp is matched against: "+441632960083"; of an ISN
    // its digits before the '*', as Asterisk does.
    std::string aus{};
    std::string itad{};  // of an ISN (freenum.org), "1234*256": the 256; else empty

    [[nodiscard]] bool is_isn() const { return !itad.empty(); }
    [[nodiscard]] std::string_view digits() const {
        return aus.starts_with('+') ? std::string_view(aus).substr(1) : std::string_view(aus);
    }
    [[nodiscard]] std::string text() const { return is_isn() ? aus + '*' + itad : aus; }
};

// Code::data names the octet that is none of a number's. Blanks, '-', '.', '(' and ')' are passed over
// (RFC 3966 5.1.1); a number without its '+' is taken to be whole unless the dial plan knows better.
[[nodiscard]] Result<Number> parse_number(std::string_view typed, const DialPlan& plan = {});

// How many digits are the country code (ITU-T E.164.1), 1 to 3.
[[nodiscard]] std::size_t country_code_length(std::string_view digits);

}  // namespace pbx::numbering
