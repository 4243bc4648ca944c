#include "numbering/enumer_address.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include <sha256.h>
#include <sys/types.h>

namespace pbx::numbering {

namespace {
// chainparams.cpp: PUBKEY_ADDRESS, SCRIPT_ADDRESS and bech32_hrp of the main net, the test net, regtest
constexpr std::uint8_t key_version = 33, test_key_version = 111, script_version = 92,
                       test_script_version = 196;
constexpr std::string_view prefixes[] = {"em", "te", "emrt"};
constexpr std::size_t longest_address = 90;  // BIP 173
constexpr std::size_t checksum_size = 4, key_address_size = 1 + 20 + checksum_size;

constexpr std::string_view base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

using Octets = std::vector<std::uint8_t>;

std::array<std::uint8_t, checksum_size> checksum(std::span<const std::uint8_t> bytes) {
    std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
    for (int round = 0; round < 2; ++round) {
        SHA256_CTX context;
        SHA256_Init(&context);
        SHA256_Update(&context, bytes.data(), bytes.size());
        SHA256_Final(digest.data(), &context);
        bytes = digest;
    }
    return {digest[0], digest[1], digest[2], digest[3]};
}

// `digits` of base `from`, most significant first, to base `to`. Quadratic: for addresses only.
Octets rebase(std::span<const std::uint8_t> digits, unsigned from, unsigned to) {
    Octets out;  // least significant first
    for (unsigned carry : digits) {
        for (auto& digit : out) {
            carry += digit * from;
            digit = static_cast<std::uint8_t>(carry % to);
            carry /= to;
        }
        for (; carry > 0; carry /= to)
            out.push_back(static_cast<std::uint8_t>(carry % to));
    }
    // a leading zero is a digit of its own
    const auto zeros = std::find_if(digits.begin(), digits.end(), [](auto digit) { return digit != 0; });
    out.insert(out.end(), static_cast<std::size_t>(zeros - digits.begin()), 0);
    std::reverse(out.begin(), out.end());
    return out;
}

std::optional<Octets> values_of(std::string_view text, std::string_view alphabet) {
    Octets out;
    for (char c : text) {
        const auto at = alphabet.find(c);
        if (at == std::string_view::npos) return std::nullopt;
        out.push_back(static_cast<std::uint8_t>(at));
    }
    return out;
}

Unexpected no_address(std::string_view address) {
    return fail(Code::data, "no Emercoin address", std::string(address.substr(0, longest_address)));
}

Unexpected of_a_script(std::string_view address) {
    return fail(Code::data, "the address of a script, not of a key", std::string(address));
}

Result<KeyId> from_base58(std::string_view address) {
    const auto digits = values_of(address, base58);
    if (!digits) return no_address(address);
    const auto bytes = rebase(*digits, 58, 256);
    if (bytes.size() != key_address_size) return no_address(address);
    const auto body = std::span(bytes).first(key_address_size - checksum_size);
    if (!std::ranges::equal(checksum(body), std::span(bytes).last(checksum_size))) return no_address(address);
    const auto version = body.front();
    if (version == script_version || version == test_script_version) return of_a_script(address);
    if (version != key_version && version != test_key_version) return no_address(address);
    KeyId key;
    std::copy(body.begin() + 1, body.end(), key.begin());
    return key;
}

// BIP 173: 1 for a prefix and data with a good checksum.
std::uint32_t polymod(std::string_view prefix, const Octets& data) {
    constexpr std::uint32_t generators[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    std::uint32_t sum = 1;
    const auto add = [&](unsigned value) {
        const auto top = sum >> 25;
        sum = (sum & 0x1ffffff) << 5 ^ value;
        for (unsigned bit = 0; bit < 5; ++bit)
            if ((top >> bit & 1) != 0) sum ^= generators[bit];
    };
    for (char c : prefix)
        add(static_cast<unsigned char>(c) >> 5);
    add(0);
    for (char c : prefix)
        add(static_cast<unsigned char>(c) & 31);
    for (auto value : data)
        add(value);
    return sum;
}

Result<KeyId> from_bech32(std::string_view address, std::string_view prefix) {
    const auto data = values_of(address.substr(prefix.size() + 1), bech32);
    if (!data || data->size() < 7 || polymod(prefix, *data) != 1) return no_address(address);
    constexpr std::size_t key_digits = 20 * 8 / 5, check_digits = 6;
    if (data->front() != 0 || data->size() != 1 + key_digits + check_digits) return of_a_script(address);
    KeyId key{};
    for (std::size_t bit = 0; bit < key.size() * 8; ++bit)
        if (((*data)[1 + bit / 5] >> (4 - bit % 5) & 1) != 0)
            key[bit / 8] = static_cast<std::uint8_t>(key[bit / 8] | 0x80 >> bit % 8);
    return key;
}

// BIP 173: all of one case.
std::optional<std::string> one_case(std::string_view address) {
    std::string lower(address);
    bool upper = false, small = false;
    for (char& c : lower) {
        small = small || (c >= 'a' && c <= 'z');
        if (c < 'A' || c > 'Z') continue;
        upper = true;
        c = static_cast<char>(c - 'A' + 'a');
    }
    if (upper && small) return std::nullopt;
    return lower;
}
}  // namespace

Result<KeyId> key_of_address(std::string_view address) {
    if (address.empty() || address.size() > longest_address) return no_address(address);
    if (const auto lower = one_case(address))
        for (auto prefix : prefixes)
            if (lower->size() > prefix.size() && lower->starts_with(prefix) && (*lower)[prefix.size()] == '1')
                return from_bech32(*lower, prefix);
    return from_base58(address);
}

std::string address_of(const KeyId& key) {
    Octets bytes{key_version};
    bytes.insert(bytes.end(), key.begin(), key.end());
    const auto check = checksum(bytes);
    bytes.insert(bytes.end(), check.begin(), check.end());
    std::string out;
    for (auto digit : rebase(bytes, 256, 58))
        out.push_back(base58[digit]);
    return out;
}

}  // namespace pbx::numbering
