#include "cmd/enum_serve.hpp"

#include "numbering/service.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
// What says how one number is shown, and the number itself.
constexpr std::array<std::string_view, 9> of_one_number{"print",  "no-newline", "explain", "record", "column",
                                                        "format", "resume",     "again",   "rate"};
}  // namespace

bool is_service(const Given& given) {
    return given.has("serve") || given.has("listen") || given.has("http");
}

Result<int> serve_lookups(Frame& frame) {
    if (frame.given.has("NUMBER"))
        return fail(Code::usage, "takes no NUMBER: they come with the requests", "--serve");
    const auto strange = std::find_if(of_one_number.begin(), of_one_number.end(),
                                      [&](auto name) { return frame.given.has(name); });
    if (strange != of_one_number.end())
        return fail(Code::usage, "not together with --serve, --listen or --http",
                    fmt::format("--{}", *strange));
    net::Loop loop;
    return numbering::serve_lookups(loop, frame.context, [&frame]() -> Result<numbering::LookupService> {
        frame.read.reset();  // HUP: pbxctl.conf as it is now
        auto settings = frame.settings();
        if (!settings) return Unexpected(settings.error());
        return numbering::lookup_service(frame.read, frame.context.clock);
    });
}

}  // namespace pbx::cmd
