// A query's bytes and an answer's values (RFC 1035 4, RFC 3403 4.1, EDNS of RFC 6891), without I/O.
//
// Our own reading, not ldns': ldns_wire2pkt gives up a whole message for one bad record, where RFC 6116 wants
// the others used; it does not say which octet of which field was bad, nor tell a message cut inside a record
// (Emercoin's 512 octets) from a broken one; it overlooks octets after a record's last field. It took 602 ns
// a message, this takes 148 and no memory (tests/bench/dns_bench). The tests hold the two against each other.
#pragma once

#include "core/result.hpp"
#include "dns/answer.hpp"
#include "dns/name.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace pbx::dns {

inline constexpr std::size_t header_size = 12;
inline constexpr std::size_t max_query = header_size + max_name + 4 + 11;  // with OPT
inline constexpr std::size_t max_message = 65535;
inline constexpr std::size_t max_aliases = 8;  // CNAMEs followed inside one answer

struct Question {
    Name name;
    Type type = Type::naptr;
};

struct QueryForm {
    std::uint16_t id = 0;
    bool recursion = true;
    bool dnssec = false;             // DO: signatures please; needs `payload`
    bool checking_disabled = false;  // CD: bogus data too, we validate ourselves
    std::uint16_t payload =
        1232;  // octets we take by UDP, told by EDNS; 0: no EDNS. 1232 passes everywhere unfragmented
};

// Gives the size written.
[[nodiscard]] std::size_t encode_query(const Question& question, const QueryForm& form,
                                       std::span<std::uint8_t, max_query> into);

struct Header {
    std::uint16_t id = 0;
    bool response = false;
    bool truncated = false;
    std::uint8_t opcode = 0;
    Rcode rcode = Rcode::no_error;  // the low 4 bits
    std::uint16_t questions = 0;
};
[[nodiscard]] std::optional<Header> read_header(std::span<const std::uint8_t> message);

// How an answer's question stands to the one sent.
enum class Echo : std::uint8_t {
    exact,   // octet for octet
    folded,  // the same but for the case of letters
    absent,  // no question at all: some servers answer an error so
    other,
};
[[nodiscard]] Echo compare_question(std::span<const std::uint8_t> message,
                                    std::span<const std::uint8_t> query);

// protocol: no DNS response, or its question is not ours. What is wrong further inside is told in the Answer.
[[nodiscard]] Result<void> decode(std::span<const std::uint8_t> message, const Question& question,
                                  Answer& into);

}  // namespace pbx::dns
