#include "numbering/enumer_signature.hpp"

#include <optional>
#include <vector>

#include <rmd160.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <sha256.h>
#include <sys/types.h>

namespace pbx::numbering {

namespace {
constexpr std::size_t signature_size = 65, base64_size = (signature_size + 2) / 3 * 4;

using Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;

// bitcoin's CompactSize
void update_size(SHA256_CTX& context, std::size_t size) {
    std::uint8_t bytes[5];
    std::size_t used = 1;
    if (size < 253) {
        bytes[0] = static_cast<std::uint8_t>(size);
    } else {
        used = size <= 0xffff ? 3 : 5;
        bytes[0] = used == 3 ? 253 : 254;
        for (std::size_t at = 1; at < used; ++at, size >>= 8)
            bytes[at] = static_cast<std::uint8_t>(size & 0xff);
    }
    SHA256_Update(&context, bytes, used);
}

void update_text(SHA256_CTX& context, std::string_view text) {
    update_size(context, text.size());
    SHA256_Update(&context, reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

Digest sha256(std::span<const std::uint8_t> bytes) {
    Digest digest;
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes.data(), bytes.size());
    SHA256_Final(digest.data(), &context);
    return digest;
}

int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// As strict as the node's: 88 characters with one '=', no bits left over.
std::optional<std::array<std::uint8_t, signature_size>> decode(std::string_view base64) {
    if (base64.size() != base64_size || base64.back() != '=') return std::nullopt;
    std::array<std::uint8_t, signature_size> out{};
    std::uint32_t bits = 0;
    std::size_t have = 0, at = 0;
    for (char c : base64.substr(0, base64_size - 1)) {
        const int value = base64_value(c);
        if (value < 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out[at++] = static_cast<std::uint8_t>(bits >> have & 0xff);
    }
    return (bits & ((1U << have) - 1)) == 0 ? std::optional(out) : std::nullopt;
}
}  // namespace

MessageHash message_hash(std::string_view text, std::string_view magic) {
    Digest digest;
    SHA256_CTX context;
    SHA256_Init(&context);
    update_text(context, magic);
    update_text(context, text);
    SHA256_Final(digest.data(), &context);
    return sha256(digest);
}

KeyId key_id(std::span<const std::uint8_t> public_key) {
    const auto digest = sha256(public_key);
    KeyId key;
    RMD160_CTX context;
    RMD160Init(&context);
    RMD160Update(&context, digest.data(), digest.size());
    RMD160Final(key.data(), &context);
    return key;
}

Result<KeyId> signer_of(std::string_view text, std::string_view base64, std::string_view magic) {
    const auto bytes = decode(base64);
    if (!bytes) return fail(Code::data, "no signature: it takes 65 octets in base64");
    // pubkey.cpp, RecoverCompact: 27 and two bits that choose the point, 4 for a compressed key
    const unsigned header = (*bytes)[0] - 27U;
    const auto hash = message_hash(text, magic);
    secp256k1_ecdsa_recoverable_signature signature;
    secp256k1_pubkey point;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(
            secp256k1_context_static, &signature, bytes->data() + 1, static_cast<int>(header & 3)) != 1 ||
        secp256k1_ecdsa_recover(secp256k1_context_static, &point, &signature, hash.data()) != 1)
        return fail(Code::data, "nobody's signature");
    std::array<std::uint8_t, 65> key{};
    std::size_t size = key.size();
    secp256k1_ec_pubkey_serialize(secp256k1_context_static, key.data(), &size, &point,
                                  (header & 4) != 0 ? SECP256K1_EC_COMPRESSED : SECP256K1_EC_UNCOMPRESSED);
    return key_id(std::span(key).first(size));
}

}  // namespace pbx::numbering
