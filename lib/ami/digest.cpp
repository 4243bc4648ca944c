#include "ami/digest.hpp"

#include <array>
#include <cstdint>

#include <md5.h>

namespace pbx::ami {

std::string login_key(std::string_view challenge, const Secret& secret) {
    MD5_CTX context;
    MD5Init(&context);
    const auto add = [&](std::string_view text) {
        MD5Update(&context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    };
    add(challenge);
    add(secret.read());
    std::array<std::uint8_t, MD5_DIGEST_LENGTH> digest{};
    MD5Final(digest.data(), &context);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const auto byte : digest)
        hex.append({digits[byte >> 4U], digits[byte & 15U]});
    return hex;
}

}  // namespace pbx::ami
