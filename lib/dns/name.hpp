// A domain name in wire form (RFC 1035 3.1), and its master-file text. No compression here: that is the
// codec's.
#pragma once

#include "core/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pbx::dns {

inline constexpr std::size_t max_name = 255;        // octets on the wire, with the root's
inline constexpr std::size_t max_label = 63;        // octets
inline constexpr std::size_t max_name_text = 1016;  // 254 octets as \DDD

class Name {
  public:
    Name() = default;  // the root

    // "3.8.e164.arpa", with or without the last dot; \DDD and \c as in master files. data: empty label, too
    // long.
    [[nodiscard]] static Result<Name> parse(std::string_view text);

    // A label at the end, before the root. false, and nothing changed: empty, over 63 octets, or the name
    // over 255.
    [[nodiscard]] bool append(std::string_view label);
    [[nodiscard]] bool append(const Name& tail);

    [[nodiscard]] std::span<const std::uint8_t> wire() const { return {bytes_.data(), size_}; }
    [[nodiscard]] std::string text() const;  // with the last dot; "." is the root

    // DNS compares ASCII letters without case.
    [[nodiscard]] bool operator==(const Name& other) const;

    // Each letter upper where its bit is set: a forger must guess them too (draft-vixie-dnsext-dns0x20).
    void set_case(std::uint64_t bits);

  private:
    std::array<std::uint8_t, max_name> bytes_{};  // always ends with the root's zero
    std::uint8_t size_ = 1;
};

// Writes a name's master-file text; `into` has room for max_name_text. Gives the size written.
[[nodiscard]] std::size_t write_text(std::span<const std::uint8_t> wire, std::span<char> into);

}  // namespace pbx::dns
