#include "core/duration.hpp"

#include "core/text.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace pbx {

namespace {
using std::chrono::milliseconds;
constexpr std::array<std::pair<std::string_view, long long>, 5> units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr double longest = 366.0 * 86'400'000;  // a year: anything longer is a mistyped unit
}  // namespace

Result<milliseconds> parse_duration(std::string_view input) {
    auto word = text::trim(input);
    auto digits = word.find_first_not_of("0123456789.");
    if (digits != std::string_view::npos && digits > 0) {
        auto number = text::to_number(word.substr(0, digits));
        for (auto [unit, factor] : units)
            if (number && word.substr(digits) == unit && *number * static_cast<double>(factor) <= longest)
                return milliseconds(static_cast<long long>(*number * static_cast<double>(factor) + 0.5));
    }
    return fail(Code::data, fmt::format("'{}' is not a duration", input), {},
                "write it as 700ms, 6s, 2m, 1h or 1d");
}

std::string format_duration(milliseconds value) {
    for (auto it = units.rbegin(); it != units.rend(); ++it)
        if (value.count() != 0 && value.count() % it->second == 0)
            return fmt::format("{}{}", value.count() / it->second, it->first);
    return fmt::format("{}ms", value.count());
}

}  // namespace pbx
