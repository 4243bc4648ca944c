// A name server as a function: for a question, the octets of its answer. Records are given as RDATA, so that
// what is tested came over the wire, bad octets and all.
#pragma once

#include "dns/codec.hpp"
#include "numbering/lookup.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::numbering {

using Octets = std::string;

inline Octets from_hex(std::string_view hex) {
    Octets out;
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
    return out;
}

inline Octets number16(std::size_t n) {
    return {static_cast<char>(n >> 8U & 0xff), static_cast<char>(n & 0xff)};
}

inline Octets wire_of(std::string_view name) {
    const auto parsed = dns::Name::parse(name).value();
    return {reinterpret_cast<const char*>(parsed.wire().data()), parsed.wire().size()};
}

inline Octets string_of(std::string_view text) {
    return Octets(1, static_cast<char>(text.size())).append(text);
}

// The RDATA of a NAPTR record.
inline Octets naptr(std::uint16_t order, std::uint16_t preference, std::string_view flags,
                    std::string_view services, std::string_view regexp, std::string_view replacement = ".") {
    return number16(order) + number16(preference) + string_of(flags) + string_of(services) +
           string_of(regexp) + wire_of(replacement);
}

struct Resource {
    Octets owner{};  // on the wire
    dns::Type type = dns::Type::naptr;
    Octets data{};
};

struct Reply {
    std::vector<Resource> answers{};
    dns::Rcode rcode = dns::Rcode::no_error;
    int count = -1;  // said in the header; -1: as many as there are
    bool truncated = false;
    std::size_t cut = 0;  // octets missing at the end
};

inline Octets message_of(const dns::Question& question, const Reply& reply) {
    const auto name = question.name.wire();
    const auto flags = 0x8400U | (reply.truncated ? 0x0200U : 0U) | static_cast<unsigned>(reply.rcode);
    const auto count = reply.count < 0 ? reply.answers.size() : static_cast<std::size_t>(reply.count);
    Octets out = number16(0) + number16(flags) + number16(1) + number16(count) + number16(0) + number16(0);
    out.append(reinterpret_cast<const char*>(name.data()), name.size());
    out += number16(static_cast<std::size_t>(question.type)) + number16(1);
    for (const auto& record : reply.answers)
        out += record.owner + number16(static_cast<std::size_t>(record.type)) + number16(1) + number16(0) +
               number16(300) + number16(record.data.size()) + record.data;
    out.resize(out.size() - reply.cut);
    return out;
}

// What stands under a name (with its last dot, letters small); the rest does not exist.
using Zone = std::map<std::string, std::vector<Octets>>;

inline Reply reply_from(const Zone& zone, const dns::Question& question) {
    auto name = question.name.text();
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    const auto found = zone.find(name);
    if (found == zone.end() || question.type != dns::Type::naptr) return {.rcode = dns::Rcode::no_such_name};
    Reply out;
    for (const auto& data : found->second)
        out.answers.push_back({.owner = wire_of(name), .data = data});
    return out;
}

using Server = std::function<Octets(const dns::Question&)>;

// A whole lookup against it; the names asked are kept when wanted.
inline void look_up(Lookup& lookup, const Number& number, const Server& server,
                    std::vector<std::string>* asked = nullptr) {
    for (auto question = lookup.start(number); question;) {
        if (asked != nullptr) asked->push_back(question->name.text());
        const auto message = server(*question);
        dns::Answer answer;
        const auto read = dns::decode({reinterpret_cast<const std::uint8_t*>(message.data()), message.size()},
                                      *question, answer);
        question = read ? lookup.on(answer) : lookup.on(Status::malformed);
    }
}

}  // namespace pbx::numbering
