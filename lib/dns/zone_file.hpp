// A master file (RFC 1035 5): its logical lines with where they stand, and each one's record as ldns reads
// it. One bad line spoils no other. $INCLUDE and $GENERATE are told as faults: they are not followed.
#pragma once

#include "core/result.hpp"
#include "dns/answer.hpp"
#include "dns/name.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dns {

inline constexpr std::string_view zone_package = "libldns3";
inline constexpr std::size_t max_zone_line = 128 * 1024;  // octets of a logical line
inline constexpr std::uint32_t usual_ttl = 3600;          // seconds, of records before any $TTL

// One logical line: no comment, no newline; parentheses are blanks. A blank at its begin means the owner
// before.
struct ZoneLine {
    std::size_t first = 0, last = 0;  // lines of the file, from 1
    std::string text{};
    std::string_view fault{};  // "a quote without its other end"
};

class ZoneLines {
  public:
    explicit ZoneLines(std::string_view file) : rest_(file) {}

    // Nothing at the end. Empty lines are passed over.
    [[nodiscard]] std::optional<ZoneLine> next();

  private:
    [[nodiscard]] ZoneLine read();

    std::string_view rest_;
    std::size_t line_ = 1;
};

// The words of a logical line as written: quotes and backslashes stay.
[[nodiscard]] std::vector<std::string_view> zone_words(std::string_view line);

struct ZoneItem {
    const ZoneLine& line;
    std::string_view fault{};  // why there is no record; else the rest is set
    Name owner{};
    Type type = Type::a;
    std::uint32_t ttl = 0;                 // seconds
    std::span<const std::uint8_t> data{};  // wire form, good until the sink returns
};

// Calls the sink with every record and every fault. unavailable: no driver.
[[nodiscard]] Result<void> read_zone(std::string_view file, const Name& origin,
                                     const std::function<void(const ZoneItem&)>& sink);

}  // namespace pbx::dns
