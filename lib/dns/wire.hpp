// Inside dns only: numbers and compressed names in a message (RFC 1035 4.1.4). Nothing here reads past the
// message, and no chain of pointers can run for ever: each must lead further back.
#pragma once

#include "dns/name.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace pbx::dns {

using Bytes = std::span<const std::uint8_t>;

[[nodiscard]] inline std::uint16_t read16(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}

[[nodiscard]] inline std::uint32_t read32(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(read16(bytes, at)) << 16U | read16(bytes, at + 2);
}

struct WireName {
    std::array<std::uint8_t, max_name> bytes;
    std::size_t size = 0;

    [[nodiscard]] Bytes wire() const { return {bytes.data(), size}; }
};

// Where the name that stands at `at` ends, without looking where its pointer leads. Nothing: it is cut, or
// has a label type nobody defined, so that the rest of the message cannot be read either.
[[nodiscard]] std::optional<std::size_t> skip_name(Bytes message, std::size_t at);

// The whole name; false: cut, too long, or a pointer that leads nowhere. `end` bounds the part that stands at
// `at`.
[[nodiscard]] bool read_name(Bytes message, std::size_t at, WireName& into);

[[nodiscard]] bool same_name(Bytes a, Bytes b);  // both uncompressed; letters without case

}  // namespace pbx::dns
