#include "core/text.hpp"

#include <algorithm>

namespace pbx::text {

namespace {
constexpr char32_t replacement = 0xFFFD;

// One code point from the front of s: its length in bytes, 0 when the bytes are not UTF-8 (RFC 3629 section
// 4).
std::size_t take(std::string_view s, char32_t& out) {
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return out = lead, 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || s.size() < length) return 0;
    char32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
        value = (value << 6) | (byte(i) & 0x3F);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return 0;
    out = value;
    return length;
}

char32_t lower_point(char32_t c) {
    if ((c >= U'A' && c <= U'Z') || (c >= U'А' && c <= U'Я')) return c + 32;
    if (c >= U'Ѐ' && c <= U'Џ') return c + 80;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;  // Latin-1 letters
    return c;
}
}  // namespace

bool is_utf8(std::string_view s) {
    char32_t point = 0;
    while (!s.empty()) {
        auto length = take(s, point);
        if (length == 0) return false;
        s.remove_prefix(length);
    }
    return true;
}

std::u32string decode_utf8(std::string_view s) {
    std::u32string out;
    out.reserve(s.size());
    while (!s.empty()) {
        char32_t point = replacement;
        auto length = take(s, point);
        out.push_back(length == 0 ? replacement : point);
        s.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::string encode_utf8(std::u32string_view s) {
    std::string out;
    out.reserve(s.size() * 2);
    auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    for (char32_t c : s) {
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
        } else {
            put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)),
                put(0x80 | (c & 0x3F));
        }
    }
    return out;
}

std::string lower(std::string_view utf8) {
    auto points = decode_utf8(utf8);
    std::transform(points.begin(), points.end(), points.begin(), lower_point);
    return encode_utf8(points);
}

std::string printable(std::string_view s) {
    auto points = decode_utf8(s);
    const auto is_bad = [](char32_t c) {
        return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E || c == 0x200F ||
               (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == replacement;
    };
    std::replace_if(points.begin(), points.end(), is_bad, U'?');
    return encode_utf8(points);
}

std::size_t columns(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace pbx::text
