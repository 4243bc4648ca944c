// What a name server answered, as values: only what numbering needs of it. Views point into the message and
// into the Answer they came with; both must outlive them. An Answer is filled anew by dns::decode (codec.hpp)
// and keeps its room from one message to the next.
#pragma once

#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dns {

enum class Type : std::uint16_t {
    a = 1,
    ns = 2,
    cname = 5,
    soa = 6,
    txt = 16,
    aaaa = 28,
    naptr = 35,
    dname = 39,
    opt = 41,
    ebl = 65300
};

// 16 and above come with EDNS (RFC 6891 6.1.3).
enum class Rcode : std::uint16_t {
    no_error = 0,
    format_error = 1,
    server_failure = 2,
    no_such_name = 3,
    not_implemented = 4,
    refused = 5,
    bad_version = 16
};

// What an answer's signatures are worth (RFC 4035 4.3), the best first: of several answers the worst counts.
enum class Security : std::uint8_t {
    secure,
    insecure,       // proven not to be signed
    indeterminate,  // no trust anchor covers the name, or nobody looked
    bogus,          // signed, and the signatures or proofs do not hold
};
[[nodiscard]] std::string_view name_of(Security security);

// RFC 3403 4.1. Text fields are octets as they came: not printable, not UTF-8, not terminated.
struct Naptr {
    std::uint16_t order = 0;
    std::uint16_t preference = 0;
    std::string_view flags{};
    std::string_view services{};
    std::string_view regexp{};
    std::string_view replacement{};  // master-file form with the last dot; "." is the root
    std::uint32_t ttl = 0;           // seconds
};

// One string of a TXT record; strings of one record share its number.
struct Text {
    std::uint16_t record = 0;
    std::string_view text{};
    std::uint32_t ttl = 0;
};

// Where infrastructure ENUM branches off: draft-ietf-enum-branch-location-record.
struct Ebl {
    std::uint8_t position = 0;
    std::string_view separator{};
    std::string_view apex{};  // master-file form
    std::uint32_t ttl = 0;
};

// A record of the asked type that could not be read. The records around it are not spoiled.
struct Malformed {
    std::uint16_t record = 0;  // its place in the answer section, from 0
    std::uint16_t octet = 0;   // of the record's data (of the message for "owner"), where reading failed
    std::string_view field{};  // "owner", "order", "flags", "regexp", ...
    std::string_view why{};    // "runs past the end of the record"
};

// RFC 8914: why a resolver gave no answer; 6 is "DNSSEC bogus".
struct ExtendedError {
    std::uint16_t code = 0;
    std::string_view text{};
};

struct Answer {
    Rcode rcode = Rcode::no_error;
    bool authoritative = false;
    bool authentic = false;  // AD: the resolver says it validated
    bool truncated = false;  // TC
    bool cut = false;  // the message ends inside a record, or before all it counts: not the whole answer
    bool alias_loop = false;  // CNAMEs in a ring, or more than max_aliases (codec.hpp)
    std::uint32_t ttl =
        0;  // seconds this answer may be kept: the lowest TTL used; of a "no" the SOA's; 0: not at all

    // Records of the question's name, or of the name its CNAMEs lead to, in the server's order.
    std::vector<Naptr> naptrs;
    std::vector<Text> texts;
    std::vector<Ebl> ebls;
    std::vector<Malformed> malformed;

    // Where CNAMEs lead, in master-file form; empty without one. If it has no records here either, the server
    // does not know that zone: ask for this name.
    std::string_view alias;
    std::optional<ExtendedError> extended_error;

    Answer() = default;
    Answer(Answer&&) = default;
    Answer& operator=(Answer&&) = default;
    Answer(const Answer&) = delete;  // views would point into the other one
    Answer& operator=(const Answer&) = delete;

    std::forward_list<std::string> names;  // texts of names, to which views point
};

}  // namespace pbx::dns
