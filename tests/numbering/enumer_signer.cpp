#include "numbering/enumer_signer.hpp"

#include <memory>
#include <span>

#include <secp256k1.h>
#include <secp256k1_recovery.h>

namespace pbx::test {

namespace {
const secp256k1_context* signing() {
    static const std::unique_ptr<secp256k1_context, void (*)(secp256k1_context*)> context(
        secp256k1_context_create(SECP256K1_CONTEXT_NONE), secp256k1_context_destroy);
    return context.get();
}

std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0, have = 0;
    for (auto byte : bytes) {
        bits = (bits << 8 | byte) & 0xffff;
        for (have += 8; have >= 6; have -= 6)
            out.push_back(alphabet[bits >> (have - 6) & 63]);
    }
    if (have > 0) out.push_back(alphabet[bits << (6 - have) & 63]);
    while (out.size() % 4 != 0)
        out.push_back('=');
    return out;
}
}  // namespace

EnumerSigner::EnumerSigner(std::uint8_t secret, bool compressed) : compressed_(compressed) {
    secret_.back() = secret;
    secp256k1_pubkey point;
    if (secp256k1_ec_pubkey_create(signing(), &point, secret_.data()) != 1) std::abort();
    std::array<std::uint8_t, 65> bytes{};
    std::size_t size = bytes.size();
    secp256k1_ec_pubkey_serialize(signing(), bytes.data(), &size, &point,
                                  compressed ? SECP256K1_EC_COMPRESSED : SECP256K1_EC_UNCOMPRESSED);
    key_ = numbering::key_id(std::span(bytes).first(size));
}

std::string EnumerSigner::address() const {
    return numbering::address_of(key_);
}

std::string EnumerSigner::sign(std::string_view text, std::string_view magic) const {
    const auto hash = numbering::message_hash(text, magic);
    secp256k1_ecdsa_recoverable_signature signature;
    if (secp256k1_ecdsa_sign_recoverable(signing(), &signature, hash.data(), secret_.data(), nullptr,
                                         nullptr) != 1)
        std::abort();
    std::array<std::uint8_t, 65> bytes{};
    int which = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(signing(), bytes.data() + 1, &which, &signature);
    bytes[0] = static_cast<std::uint8_t>(27 + which + (compressed_ ? 4 : 0));
    return base64(bytes);
}

}  // namespace pbx::test
