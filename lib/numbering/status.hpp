// How a lookup ends, in words that dialplans and scripts compare, and what ruled a record out.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pbx::numbering {

// In the order of what tells most: when no record leads to a URI, the record that came furthest names the
// outcome. What may be different a moment later stands above what will not.
enum class Status : std::uint8_t {
    ok,
    bad_number,  // nothing was asked
    nxdomain,
    nodata,
    no_record,   // there are records, but none leads anywhere; or fewer than the one asked for
    no_service,  // none of a service that was asked for
    malformed,   // octets that are no record
    too_deep,    // more than max_hops non-terminals in a row
    loop,        // names that lead back to themselves
    bad_regexp,
    no_match,
    bad_uri,
    insecure,   // not signed, where only what is signed is taken
    truncated,  // the server had more and gives no way to it
    refused,
    servfail,
    timeout,
    unreachable,
    bogus,  // DNSSEC says that somebody meddled
};

[[nodiscard]] std::string_view name_of(Status status);
[[nodiscard]] std::optional<Status> status_named(std::string_view name);
// The exit status: Code::no for a clean "no" and for records that cannot be used.
[[nodiscard]] Code code_of(Status status);

[[nodiscard]] int exit_of(Status status);
// A URI, a clean "no", or no number: asked again it would be the same, as far as anybody knows.
[[nodiscard]] bool is_final(Status status);

// One part of a NAPTR record (RFC 3403 4.1), or what its rewrite gave.
enum class Field : std::uint8_t { record, flags, services, regexp, replacement, uri };
[[nodiscard]] std::string_view name_of(Field field);

// Why a record is passed over. `why` has static storage.
struct Fault {
    Status status = Status::ok;
    Field field = Field::record;
    std::size_t octet = 0;  // of the field, from 1; 0: the field as a whole. Malformed: of the record's data
    std::string_view why{};

    [[nodiscard]] explicit operator bool() const { return status != Status::ok; }
};

}  // namespace pbx::numbering
