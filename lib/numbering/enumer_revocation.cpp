#include "numbering/enumer_revocation.hpp"

#include "core/text.hpp"
#include "numbering/enumer_record.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr std::uint32_t most_bits = 16;  // more makes a mask above VERMASK_NOSRL
constexpr std::size_t template_limit = 256, bucket_limit = most_enumer_name - 1;

std::uint32_t hash_of(std::string_view name) {
    std::uint32_t hash = 0x5555;
    for (char c : name)
        hash += (hash << 5) + static_cast<std::uint32_t>(static_cast<signed char>(c));
    return hash;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct Number {
    std::string_view before, after;
    std::size_t width = 0;
    char conversion = 0;
};

// The parts of a template around its one number; nothing when printf would not make one of it.
std::optional<Number> number_in(std::string_view given) {
    const auto percent = given.find('%');
    if (percent == std::string_view::npos) return Number{.before = given};
    Number out{.before = given.substr(0, percent)};
    auto rest = given.substr(percent + 1);
    if (rest.starts_with('0'))
        while (!rest.empty() && is_digit(rest.front())) {
            out.width = std::min(out.width * 10 + static_cast<std::size_t>(rest.front() - '0'), bucket_limit);
            rest.remove_prefix(1);
        }
    constexpr std::string_view conversions = "diouXx";
    if (rest.empty() || conversions.find(rest.front()) == std::string_view::npos) return std::nullopt;
    out.conversion = rest.front() == 'i' || rest.front() == 'u' ? 'd' : rest.front();
    out.after = rest.substr(1);
    if (out.after.find('%') != std::string_view::npos) return std::nullopt;
    return out;
}

// The bits in front of '|', as atoi() reads them; a negative number is a big one.
std::uint32_t bits_of(std::string_view text) {
    text = text::trim(text);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    std::uint32_t bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    static_cast<void>(end);
    if (error == std::errc::result_out_of_range || (negative && bits > 0)) return UINT32_MAX;
    return bits;
}
}  // namespace

Result<std::optional<Revocation>> Revocation::parse(std::string_view verifier_value) {
    verifier_value = verifier_value.substr(0, verifier_value.find('\0'));
    std::optional<std::string_view> unusable;
    while (!verifier_value.empty()) {
        const auto end = std::min(verifier_value.find_first_of("\r\n"), verifier_value.size());
        const auto line = verifier_value.substr(0, end);
        verifier_value.remove_prefix(std::min(end + 1, verifier_value.size()));
        const auto equals = line.find('=', 3);
        if (!text::iequal_ascii(line.substr(0, 3), "SRL") || equals == std::string_view::npos) continue;
        const auto bar = line.find('|', equals);
        const auto given = bar == std::string_view::npos ? std::string_view() : line.substr(bar + 1);
        const auto number = number_in(given);
        if (given.empty() || !number) {
            unusable = line;
            continue;
        }
        const auto bits = number->conversion == 0 ? 0 : bits_of(line.substr(equals + 1, bar - equals - 1));
        if (bits > most_bits) return fail(Code::data, "SRL of over 16 bits: the node takes no signature");
        if (given.size() >= template_limit)
            return fail(Code::data, "SRL template of over 255 octets: the node takes no signature");
        Revocation out;
        out.before_ = number->before;
        out.after_ = number->after;
        out.conversion_ = number->conversion;
        out.width_ = number->width;
        out.mask_ = (std::uint32_t{1} << bits) - 1;
        return out;
    }
    if (unusable) return fail(Code::data, fmt::format("SRL line that names no bucket: {}", *unusable));
    return std::nullopt;
}

std::string Revocation::bucket(std::string_view record_name) const {
    const auto number = hash_of(record_name) & mask_;
    std::string digits;
    if (conversion_ == 'd') digits = fmt::format("{}", number);
    if (conversion_ == 'o') digits = fmt::format("{:o}", number);
    if (conversion_ == 'x') digits = fmt::format("{:x}", number);
    if (conversion_ == 'X') digits = fmt::format("{:X}", number);
    if (digits.size() < width_ && conversion_ != 0) digits.insert(0, width_ - digits.size(), '0');
    return (before_ + digits + after_).substr(0, bucket_limit);
}

bool is_revoked(std::string_view record_name, std::string_view bucket_value) {
    return bucket_value.find(record_name) != std::string_view::npos;
}

}  // namespace pbx::numbering
