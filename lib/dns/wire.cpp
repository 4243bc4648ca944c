#include "dns/wire.hpp"

#include <algorithm>

namespace pbx::dns {

namespace {

constexpr std::uint8_t pointer_bits = 0xc0;

constexpr std::uint8_t lower(std::uint8_t c) {
    return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c + 32) : c;
}

}  // namespace

std::optional<std::size_t> skip_name(Bytes message, std::size_t at) {
    while (at < message.size()) {
        const auto length = message[at];
        if ((length & pointer_bits) == pointer_bits) {
            if (at + 2 > message.size()) return std::nullopt;
            return at + 2;
        }
        if ((length & pointer_bits) != 0) return std::nullopt;
        at += 1U + length;
        if (length == 0) return at;
    }
    return std::nullopt;
}

bool read_name(Bytes message, std::size_t at, WireName& into) {
    into.size = 0;
    std::size_t oldest = at;  // a pointer must lead before it
    while (at < message.size()) {
        const auto length = message[at];
        if ((length & pointer_bits) == pointer_bits) {
            if (at + 2 > message.size()) return false;
            const std::size_t target = read16(message, at) & 0x3fffU;
            if (target >= oldest) return false;
            at = oldest = target;
            continue;
        }
        if ((length & pointer_bits) != 0) return false;
        const std::size_t whole = 1U + length;
        if (at + whole > message.size() || into.size + whole > max_name) return false;
        std::copy_n(message.data() + at, whole, into.bytes.data() + into.size);
        into.size += whole;
        at += whole;
        if (length == 0) return true;
    }
    return false;
}

bool same_name(Bytes a, Bytes b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](std::uint8_t x, std::uint8_t y) { return lower(x) == lower(y); });
}

}  // namespace pbx::dns
