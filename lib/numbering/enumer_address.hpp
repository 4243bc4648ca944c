// Emercoin's addresses that name one key: E… (base58check) and em1… (bech32, BIP 173), and those of its test
// nets. An address of a script names no key and signs no text.
#pragma once

#include "core/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace pbx::numbering {

using KeyId = std::array<std::uint8_t, 20>;  // RIPEMD-160 of SHA-256 of the public key

// Code::data: no address, or a script's.
[[nodiscard]] Result<KeyId> key_of_address(std::string_view address);
[[nodiscard]] std::string address_of(const KeyId& key);  // E…, of the main net

}  // namespace pbx::numbering
