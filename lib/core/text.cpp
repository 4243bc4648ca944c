#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace pbx::text {

namespace {
constexpr std::string_view blanks = " \t\r\n\f\v";
char lower_char(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

template <class Number>
std::optional<Number> parse(std::string_view s) {
    Number value{};
    auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
    if (error != std::errc{} || end != s.data() + s.size()) return std::nullopt;
    return value;
}
}  // namespace

std::string_view trim(std::string_view s) {
    auto first = s.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return s.substr(first, s.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> split(std::string_view s, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        auto at = s.find(separator);
        parts.push_back(s.substr(0, at));
        if (at == std::string_view::npos) return parts;
        s.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> words(std::string_view s) {
    std::vector<std::string_view> out;
    for (auto at = s.find_first_not_of(blanks); at != std::string_view::npos;
         at = s.find_first_not_of(blanks, at)) {
        auto end = std::min(s.find_first_of(blanks, at), s.size());
        out.push_back(s.substr(at, end - at));
        at = end;
    }
    return out;
}

std::string join(std::span<const std::string> parts, std::string_view between) {
    std::string out;
    for (const auto& part : parts) {
        if (&part != parts.data()) out += between;
        out += part;
    }
    return out;
}

std::string lower_ascii(std::string_view s) {
    std::string out(s);
    std::transform(out.begin(), out.end(), out.begin(), lower_char);
    return out;
}

bool iequal_ascii(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower_char(x) == lower_char(y); });
}

bool is_plain_line(std::string_view s) {
    return std::none_of(s.begin(), s.end(), [](char c) {
        auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

std::optional<long long> to_integer(std::string_view s) {
    return parse<long long>(s);
}
std::optional<double> to_number(std::string_view s) {
    return parse<double>(s);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    const auto x = decode_utf8(a);
    const auto y = decode_utf8(b);
    std::vector<std::vector<std::size_t>> d(x.size() + 1, std::vector<std::size_t>(y.size() + 1));
    for (std::size_t i = 0; i <= x.size(); ++i)
        d[i][0] = i;
    for (std::size_t j = 0; j <= y.size(); ++j)
        d[0][j] = j;
    for (std::size_t i = 1; i <= x.size(); ++i)
        for (std::size_t j = 1; j <= y.size(); ++j) {
            const std::size_t cost = x[i - 1] == y[j - 1] ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[x.size()][y.size()];
}

std::vector<std::string> suggestions(std::string_view word, std::span<const std::string> known,
                                     std::size_t most) {
    constexpr std::size_t longest_word = 64;  // the distance is quadratic; nobody mistypes a longer word
    if (word.size() > longest_word) return {};
    std::vector<std::pair<std::size_t, std::string>> near;
    for (const auto& candidate : known) {
        if (candidate.size() > longest_word) continue;
        auto distance = edit_distance(word, candidate);
        if (distance <= 2 && distance < columns(candidate)) near.emplace_back(distance, candidate);
    }
    std::stable_sort(near.begin(), near.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> out;
    for (auto& [distance, candidate] : near) {
        if (out.size() == most) break;
        if (std::find(out.begin(), out.end(), candidate) == out.end()) out.push_back(std::move(candidate));
    }
    return out;
}

}  // namespace pbx::text
