// Values by their types: what is one, and what to say of what is not.
#include "config/schema.hpp"
#include "core/duration.hpp"
#include "core/text.hpp"

#include <cmath>

#include <fmt/format.h>

namespace pbx::config {

namespace {
using text::iequal_ascii;

std::optional<Error> complain(std::string what, std::string hint) {
    return Error{Code::config, std::move(what), {}, std::move(hint)};
}

std::string shown(Type type, double bound) {
    if (type == Type::duration)
        return format_duration(std::chrono::milliseconds(static_cast<long long>(bound)));
    if (type != Type::size) return fmt::format("{:g}", bound);
    constexpr std::string_view units = "KMGT";
    auto unit = units.begin();
    for (bound /= 1024; bound >= 1024 && std::fmod(bound, 1024) == 0 && unit + 1 != units.end();
         bound /= 1024)
        ++unit;
    return fmt::format("{:g}{}", bound, *unit);
}

// The value as a number for the bounds; nothing when it is not one.
std::optional<double> measure(Type type, std::string_view value) {
    if (type == Type::number) return text::to_number(value);
    if (type == Type::duration) {
        const auto time = parse_duration(value);
        return time ? std::optional(static_cast<double>(time->count())) : std::nullopt;
    }
    const auto whole = type == Type::size ? to_size(value) : text::to_integer(value);
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

std::optional<Error> wrong_measure(const Key& key, std::string_view value) {
    const auto number = measure(key.type, value);
    if (!number || !std::isfinite(*number))
        return complain(fmt::format("'{}' is not {}", value, name_of(key.type)), {});
    const bool bounded = key.least != 0 || key.most != 0;
    if (bounded && (*number < key.least || *number > key.most))
        return complain(fmt::format("{} is out of range", value),
                        fmt::format("write {} to {}", shown(key.type, key.least), shown(key.type, key.most)));
    return {};
}

std::optional<Error> wrong_choice(const Key& key, std::string_view value) {
    std::vector<std::string> known;
    for (auto word : text::words(key.choices)) {
        if (word == value) return {};
        known.emplace_back(word);
    }
    const auto near = text::suggestions(value, known);
    return complain(fmt::format("'{}' is not known here", value),
                    near.empty() ? fmt::format("write one of: {}", text::join(known, ", "))
                                 : fmt::format("did you mean {}?", near.front()));
}

bool is_address(std::string_view value) {
    const auto colon = value.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto host = value.substr(0, colon);
    const auto port = text::to_integer(value.substr(colon + 1));
    const bool bracketed = host.front() == '[' && host.back() == ']' && host.size() > 2;
    if (host.find(':') != std::string_view::npos && !bracketed) return false;
    return port && *port >= 0 && *port <= 65535 && host.find_first_of(" \t") == std::string_view::npos;
}
}  // namespace

std::string_view name_of(Type type) {
    switch (type) {
        case Type::text:
            return "text";
        case Type::file:
            return "a file";
        case Type::folder:
            return "a folder";
        case Type::integer:
            return "a whole number";
        case Type::number:
            return "a number";
        case Type::size:
            return "a size (4096, 64K, 200M, 2G)";
        case Type::duration:
            return "a duration (700ms, 6s, 2m, 1h)";
        case Type::flag:
            return "yes or no";
        case Type::choice:
            return "a word of a list";
        case Type::address:
            return "an address (host:port)";
        case Type::secret:
            return "a file with a secret";
    }
    return "";
}

std::optional<bool> to_flag(std::string_view value) {
    for (auto word : {"yes", "true", "on", "1"})
        if (iequal_ascii(value, word)) return true;
    for (auto word : {"no", "false", "off", "0"})
        if (iequal_ascii(value, word)) return false;
    return {};
}

std::optional<long long> to_size(std::string_view value) {
    long long factor = 1;
    constexpr std::string_view units = "KMGT";
    if (const auto unit = value.empty() ? std::string_view::npos : units.find(value.back());
        unit != std::string_view::npos) {
        factor = 1LL << (10 * (unit + 1));
        value.remove_suffix(1);
    }
    const auto number = text::to_integer(value);
    constexpr long long most = 1LL << 50;
    if (!number || *number < 0 || *number > most / factor) return {};
    return *number * factor;
}

std::optional<Error> wrong_with(const Key& key, std::string_view value) {
    switch (key.type) {
        case Type::text:
        case Type::file:
        case Type::folder:
        case Type::secret:
            if (!text::is_plain_line(value)) return complain("control bytes in a value", "remove them");
            return {};
        case Type::integer:
        case Type::number:
        case Type::size:
        case Type::duration:
            return wrong_measure(key, value);
        case Type::flag:
            if (to_flag(value)) return {};
            return complain(fmt::format("'{}' is neither yes nor no", value), "write yes or no");
        case Type::choice:
            return wrong_choice(key, value);
        case Type::address:
            if (is_address(value)) return {};
            return complain(fmt::format("'{}' is not {}", value, name_of(key.type)),
                            "write host:port, e.g. 127.0.0.1:9190");
    }
    return {};
}

}  // namespace pbx::config
