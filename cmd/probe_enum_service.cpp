// The look-up service of [enum] listen and http: does it answer there, and is it what answers?
#include "cmd/probe.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"
#include "service/health.hpp"

#include <array>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
using net::Task;
constexpr net::milliseconds patience{1'000};
constexpr std::string_view start_it = "systemctl start pbxctl-enum, or pbxctl enum lookup --serve";
// What has no number in it, so that no name server is asked for it.
constexpr std::string_view by_http = "GET /enum/- HTTP/1.0\r\n\r\n";
constexpr std::string_view by_agi = "agi_network: yes\nagi_network_script: enum?number=-\n\n";

// The beginning of what comes back for `bytes`.
Task<Result<std::string>> ask(net::ListenOptions address, std::string bytes) {
    auto stream = co_await net::connect_tcp(address.address, address.port, patience);
    if (!stream) co_return Unexpected(stream.error());
    auto written = co_await (*stream)->write_all(std::move(bytes), patience);
    if (!written) co_return Unexpected(written.error());
    std::array<char, 1024> part{};
    auto got = co_await (*stream)->read_some(part, patience);
    if (!got) co_return Unexpected(got.error());
    co_return std::string(part.data(), *got);
}

Result<std::string> answer(const std::string& text, std::string_view bytes) {
    auto address = service::reach_address(text);
    if (!address) return Unexpected(address.error());
    net::Loop loop;
    auto came = loop.run_to_end(ask(*address, std::string(bytes)));
    return came ? std::move(*came) : Result<std::string>(fail(Code::bug, "the loop ended"));
}

void door(std::string_view key, const std::string& text, std::string_view bytes, std::string_view sign,
          Findings& out) {
    const auto subject = fmt::format("[enum] {}", key);
    const auto came = answer(text, bytes);
    if (!came)
        out.push_back({Verdict::warn, subject, came.error().text(), std::string(start_it)});
    else if (came->find(sign) == std::string::npos)
        out.push_back({Verdict::fail, subject, fmt::format("{} is somebody else's", text),
                       "free the port, or choose another"});
    else
        out.push_back({Verdict::pass, subject, fmt::format("{} answers", text)});
}
}  // namespace

void probe_enum_service(const config::Settings& settings, Findings& out) {
    for (const auto& text : settings.all("enum", "listen"))
        door("listen", text, by_agi, R"(SET VARIABLE "ENUM_STATUS" "bad_number")", out);
    for (const auto& text : settings.all("enum", "http"))
        door("http", text, by_http, "Enum-Status: bad_number", out);
}

}  // namespace pbx::cmd
