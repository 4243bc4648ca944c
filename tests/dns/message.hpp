// Answers as a server would write them, right or wrong: octet by octet, nothing of the codec under test but
// names.
#pragma once

#include "dns/answer.hpp"
#include "dns/name.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dns::test {

using Octets = std::vector<std::uint8_t>;

inline Octets from_hex(std::string_view hex) {
    Octets out;
    int high = -1;
    for (const char c : hex) {
        if (c == ' ' || c == '\n') continue;
        const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        if (high >= 0) out.push_back(static_cast<std::uint8_t>(high * 16 + digit));
        high = high >= 0 ? -1 : digit;
    }
    return out;
}

inline void add(Octets& to, std::span<const std::uint8_t> octets) {
    to.insert(to.end(), octets.begin(), octets.end());
}
inline void add16(Octets& to, std::size_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8U));
    to.push_back(static_cast<std::uint8_t>(value));
}
inline void add32(Octets& to, std::size_t value) {
    add16(to, value >> 16U & 0xffffU);
    add16(to, value & 0xffffU);
}
inline void add_string(Octets& to, std::string_view text) {
    to.push_back(static_cast<std::uint8_t>(text.size()));
    to.insert(to.end(), text.begin(), text.end());
}
inline Octets name(std::string_view text) {
    const auto parsed = Name::parse(text).value();
    return {parsed.wire().begin(), parsed.wire().end()};
}
inline const Octets to_question{0xc0, 0x0c};  // a pointer to the question's name

inline Octets naptr(std::uint16_t order, std::uint16_t preference, std::string_view flags,
                    std::string_view services, std::string_view regexp, std::string_view replacement = ".") {
    Octets out;
    add16(out, order);
    add16(out, preference);
    add_string(out, flags);
    add_string(out, services);
    add_string(out, regexp);
    add(out, name(replacement));
    return out;
}

struct Message {
    std::uint16_t id = 0x1234;
    std::uint8_t flags_high = 0x84, flags_low = 0x80;  // an authoritative answer, no error
    Octets question;                                   // with type and class
    Octets records;
    std::uint16_t counts[4] = {0, 0, 0, 0};

    static Message answer_to(std::string_view text, Type type = Type::naptr) {
        Message out;
        out.question = name(text);
        add16(out.question, static_cast<std::uint16_t>(type));
        add16(out.question, 1);
        out.counts[0] = 1;
        return out;
    }
    // The answer to a query's octets: its id, its question letter by letter.
    static Message answer_to(std::span<const std::uint8_t> query) {
        Message out;
        out.id = static_cast<std::uint16_t>(query[0] << 8U | query[1]);
        std::size_t end = 12;
        while (query[end] != 0)
            end += 1U + query[end];
        out.question.assign(query.begin() + 12, query.begin() + static_cast<std::ptrdiff_t>(end) + 5);
        out.counts[0] = 1;
        return out;
    }
    // section: 1 answer, 2 authority, 3 additional
    Message& record(const Octets& owner, Type type, const Octets& data, std::size_t section = 1,
                    std::size_t ttl = 300, std::size_t of_class = 1) {
        add(records, owner);
        add16(records, static_cast<std::uint16_t>(type));
        add16(records, of_class);
        add32(records, ttl);
        add16(records, data.size());
        add(records, data);
        ++counts[section];
        return *this;
    }
    Message& rcode(Rcode value) {
        flags_low = static_cast<std::uint8_t>(0x80U | static_cast<unsigned>(value));
        return *this;
    }
    Message& truncated() {
        flags_high |= 0x02;
        return *this;
    }
    [[nodiscard]] Octets octets() const {
        Octets out;
        add16(out, id);
        out.push_back(flags_high);
        out.push_back(flags_low);
        for (const auto count : counts)
            add16(out, count);
        add(out, question);
        add(out, records);
        return out;
    }
};

inline constexpr std::string_view sample_name = "3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa";

inline Octets sip_record(std::string_view uri, std::uint16_t preference = 10) {
    return naptr(100, preference, "u", "E2U+sip", std::string("!^.*$!").append(uri).append("!"));
}

}  // namespace pbx::dns::test
