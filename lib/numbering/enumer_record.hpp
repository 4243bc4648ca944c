// A record of ENUMER in Emercoin's name-value store: its name `enum:<digits>:<n>` and the lines of its value.
// Read as the node reads them (emcdns.cpp, Answer_ENUM and HandleE2U), but what the node would drop in
// silence or send broken is told. Whether a signature is good is enumer_verify's.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::numbering {

// The node's own limits (script.h, emcdns.cpp).
constexpr std::size_t most_enumer_name = 512, most_enumer_value = 20 * 1024, most_enumer_digits = 40;
constexpr std::size_t most_enumer_text = 255;  // octets of a text field in a NAPTR record, RFC 1035 3.3
constexpr std::uint32_t enumer_ttl = 86'400;   // seconds, of a value without a TTL line

// One line `E2U+sip=100|10|!^.*$!sip:user@host!`. The record made of it has the flag u and no replacement.
struct EnumerEntry {
    std::uint16_t order = 100;
    std::uint16_t preference = 10;
    std::string services{"E2U+sip"};
    std::string regexp{};

    bool operator==(const EnumerEntry&) const = default;
};

// One part of a line `SIG=ver:enum|<base64>,ver:other|<base64>`.
struct EnumerSignature {
    std::string verifier{};
    std::string base64{};

    bool operator==(const EnumerSignature&) const = default;
};

struct EnumerFault {
    std::size_t line = 0;  // from 1
    std::string what{};
};

struct EnumerValue {
    std::vector<EnumerEntry> entries{};
    std::vector<EnumerSignature> signatures{};
    std::uint32_t ttl = enumer_ttl;
    std::vector<EnumerFault> faults{};  // lines that the node drops or sends otherwise than they read
};

[[nodiscard]] std::string enumer_name(std::string_view digits, unsigned number);
[[nodiscard]] EnumerValue parse_enumer_value(std::string_view value);
// The lines again, signatures first. Code::data for what could not be read back: a blank in a regexp, an
// empty or too long field, a value that is too long.
[[nodiscard]] Result<std::string> encode(const EnumerValue& value);

// `!^.*$!sip:user@host!` with a delimiter that the URI lacks. Code::data when none is left or it is too long.
[[nodiscard]] Result<std::string> regexp_for(std::string_view uri);

}  // namespace pbx::numbering
