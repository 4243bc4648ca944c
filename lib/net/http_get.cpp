#include "net/http_get.hpp"

#include "core/text.hpp"
#include "net/resolve.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace pbx::net {

namespace {
constexpr std::size_t read_size = 16 * 1024;

milliseconds time_to(std::chrono::steady_clock::time_point end) {
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now()));
}

bool is_one_word(const std::string& text) {
    return text::is_plain_line(text) && text.find(' ') == std::string::npos;
}
}  // namespace

Task<Result<HttpReply>> http_get(HttpGet wanted) {
    const auto end = std::chrono::steady_clock::now() + wanted.limit;
    if (!wanted.path.starts_with('/') || !is_one_word(wanted.path) || !is_one_word(wanted.host))
        co_return fail(Code::data, "no host and path to ask");
    auto stream = co_await connect_host(wanted.host, wanted.port, time_to(end));
    if (!stream) co_return Unexpected(stream.error());
    const auto where = (*stream)->peer();
    std::string request = "GET " + wanted.path + " HTTP/1.0\r\nHost: " + where + "\r\n\r\n";
    auto written = co_await (*stream)->write_all(std::move(request), time_to(end));
    if (!written) co_return Unexpected(written.error());
    HttpReplyDecoder decoder(wanted.max_body);
    std::vector<char> part(read_size);
    bool begun = false;
    while (true) {
        auto got = co_await (*stream)->read_some(part, time_to(end));
        if (!got) co_return Unexpected(got.error());
        if (*got == 0 && !begun) co_return fail(Code::unavailable, "closed without an answer", where);
        begun = true;
        decoder.feed({part.data(), *got});
        auto reply = decoder.next(*got == 0);
        if (!reply) co_return within(where, reply.error());
        if (*reply) co_return std::move(**reply);
    }
}

}  // namespace pbx::net
