#include "dns/name.hpp"

#include <algorithm>
#include <optional>

namespace pbx::dns {

namespace {

constexpr std::uint8_t lower(std::uint8_t c) {
    return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c + 32) : c;
}

constexpr bool is_letter(std::uint8_t c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// One octet of a master file's label, past an escape if there is one. Nothing: the escape is broken.
std::optional<char> take_octet(std::string_view& text) {
    if (text.front() != '\\') {
        const char plain = text.front();
        text.remove_prefix(1);
        return plain;
    }
    if (text.size() < 2) return std::nullopt;
    if (!is_digit(text[1])) {
        const char quoted = text[1];
        text.remove_prefix(2);
        return quoted;
    }
    if (text.size() < 4 || !is_digit(text[2]) || !is_digit(text[3])) return std::nullopt;
    const int value = (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    if (value > 255) return std::nullopt;
    text.remove_prefix(4);
    return static_cast<char>(value);
}

}  // namespace

Result<Name> Name::parse(std::string_view text) {
    Name out;
    const std::string where(text.substr(0, max_name_text));
    if (text.empty()) return fail(Code::data, "a domain name is empty");
    if (text == ".") return out;
    std::array<char, max_label + 1> label{};
    std::size_t size = 0;
    while (!text.empty()) {
        if (text.front() == '.') {
            if (!out.append({label.data(), size})) return fail(Code::data, "not a domain name", where);
            size = 0;
            text.remove_prefix(1);
            if (text.empty()) return out;
            continue;
        }
        const auto octet = take_octet(text);
        if (!octet || size > max_label) return fail(Code::data, "not a domain name", where);
        label[size++] = *octet;
    }
    if (!out.append({label.data(), size})) return fail(Code::data, "not a domain name", where);
    return out;
}

bool Name::append(std::string_view label) {
    if (label.empty() || label.size() > max_label || size_ + label.size() + 1 > max_name) return false;
    auto* at = bytes_.data() + size_ - 1;
    *at++ = static_cast<std::uint8_t>(label.size());
    at = std::transform(label.begin(), label.end(), at, [](char c) { return static_cast<std::uint8_t>(c); });
    *at = 0;
    size_ = static_cast<std::uint8_t>(size_ + label.size() + 1);
    return true;
}

bool Name::append(const Name& tail) {
    if (size_ + tail.size_ - 1U > max_name) return false;
    std::copy_n(tail.bytes_.data(), tail.size_, bytes_.data() + size_ - 1);
    size_ = static_cast<std::uint8_t>(size_ + tail.size_ - 1);
    return true;
}

std::string Name::text() const {
    std::array<char, max_name_text> out;
    return {out.data(), write_text(wire(), out)};
}

bool Name::operator==(const Name& other) const {
    // lengths of labels are below 64, where no letter is
    return std::equal(bytes_.begin(), bytes_.begin() + size_, other.bytes_.begin(),
                      other.bytes_.begin() + other.size_,
                      [](std::uint8_t a, std::uint8_t b) { return lower(a) == lower(b); });
}

void Name::set_case(std::uint64_t bits) {
    for (std::size_t i = 0; i < size_; ++i) {
        if (!is_letter(bytes_[i])) continue;
        bytes_[i] = static_cast<std::uint8_t>((bytes_[i] & 0xdfU) | ((bits & 1U) << 5U));
        bits = (bits >> 1U) | (bits << 63U);
    }
}

std::size_t write_text(std::span<const std::uint8_t> wire, std::span<char> into) {
    char* out = into.data();
    std::size_t at = 0;
    if (wire.empty() || wire[0] == 0) *out++ = '.';
    while (at < wire.size() && wire[at] != 0) {
        const std::size_t end = at + 1 + wire[at];
        for (++at; at < end && at < wire.size(); ++at) {
            const auto c = wire[at];
            if (c <= 0x20 || c >= 0x7f) {
                *out++ = '\\';
                *out++ = static_cast<char>('0' + c / 100);
                *out++ = static_cast<char>('0' + c / 10 % 10);
                *out++ = static_cast<char>('0' + c % 10);
                continue;
            }
            if (std::string_view(".\\\"();@$").find(static_cast<char>(c)) != std::string_view::npos)
                *out++ = '\\';
            *out++ = static_cast<char>(c);
        }
        *out++ = '.';
    }
    return static_cast<std::size_t>(out - into.data());
}

}  // namespace pbx::dns
