// Signatures of texts as Emercoin's signmessage makes them: 65 octets in base64, out of which the signer's
// key can be had again. Whose key it must be is the caller's question.
#pragma once

#include "core/result.hpp"
#include "numbering/enumer_address.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace pbx::numbering {

using MessageHash = std::array<std::uint8_t, 32>;

// Twice SHA-256 of the magic and the text, each with its length in front (util/validation.cpp).
inline constexpr std::string_view emercoin_magic = "EmerCoin Signed Message:\n";
[[nodiscard]] MessageHash message_hash(std::string_view text, std::string_view magic = emercoin_magic);

[[nodiscard]] KeyId key_id(std::span<const std::uint8_t> public_key);  // 33 or 65 octets

// Who signed. Code::data: no base64, not 65 octets, or no signature of anything by anyone.
[[nodiscard]] Result<KeyId> signer_of(std::string_view text, std::string_view base64,
                                      std::string_view magic = emercoin_magic);

}  // namespace pbx::numbering
