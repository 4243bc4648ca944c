// Errors are values. A Result holds what was asked for or an Error that says what failed, on what, and what
// to do. Only cmd/main prints an Error and turns its code into an exit status.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace pbx {

// The one exit-code table (sysexits.h, with 1 as "a clean no"); never 126, 127 or >= 200: System() reads
// those as its own.
enum class Code : std::uint8_t {
    no = 1,             // no record, unknown device
    usage = 64,         // wrong command line
    data = 65,          // bad dialog file, number, input line
    no_input = 66,      // no such file
    unavailable = 69,   // peer down, driver or package missing
    bug = 70,           // should not happen
    write_failed = 74,  // stdout, disk
    try_again = 75,     // timeout, lock held, 429
    protocol = 76,      // peer spoke nonsense
    refused = 77,       // no permission, login refused
    config = 78,        // pbxctl.conf
};

struct Error {
    Code code = Code::bug;
    std::string what;   // lower case, no full stop: "login refused"
    std::string where;  // on what: "ami 127.0.0.1:5038", "secretary.conf:12:8"
    std::string hint;   // what to do: "check [ami] user and secret_file"

    // "where: what; hint"
    [[nodiscard]] std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;

using Unexpected = tl::unexpected<Error>;

[[nodiscard]] inline Unexpected fail(Code code, std::string what, std::string where = {},
                                     std::string hint = {}) {
    return Unexpected(Error{code, std::move(what), std::move(where), std::move(hint)});
}

// Passes an error up with a wider `where`: "call 17" + "fd 3" -> "call 17: fd 3".
[[nodiscard]] Unexpected within(std::string_view where, Error error);

}  // namespace pbx
