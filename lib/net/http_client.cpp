#include "net/http_client.hpp"

#include "core/driver.hpp"
#include "core/text.hpp"
#include "net/http_driver.h"

#include <algorithm>

namespace pbx::net {

namespace {
constexpr std::size_t most_answer_headers = 200;

struct Collector {
    HttpClient::Answer answer;
    const std::function<bool()>* go_on = nullptr;
};

void take_header(void* user, const char* bytes, std::size_t size) {
    auto& answer = static_cast<Collector*>(user)->answer;
    std::string_view line = text::trim(std::string_view(bytes, size));
    if (line.starts_with("HTTP/")) return answer.headers.clear();  // after a 100 Continue comes the true one
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || answer.headers.size() >= most_answer_headers) return;
    answer.headers.emplace_back(line.substr(0, colon), text::trim(line.substr(colon + 1)));
}

void take_body(void* user, const char* bytes, std::size_t size) {
    static_cast<Collector*>(user)->answer.body.append(bytes, size);
}

int asks_to_go_on(void* user) {
    const auto* go_on = static_cast<Collector*>(user)->go_on;
    return *go_on == nullptr || (*go_on)() ? 1 : 0;
}

Result<std::vector<std::string>> header_lines(const HttpClient::Request& request) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : request.headers) {
        if (!text::is_plain_line(name) || !text::is_plain_line(value) || name.empty())
            return fail(Code::data, "bad byte in an HTTP header", name);
        lines.push_back(value.empty() ? name + ";"
                                      : name + ": " + value);  // libcurl's form of an empty header
    }
    return lines;
}

Unexpected failed(const pbx_http_result& result, std::string where) {
    const char* hint = "";
    auto code = Code::protocol;
    switch (result.end) {
        case PBX_HTTP_NO_CONNECTION:
            code = Code::unavailable;
            hint = "check the address, the network and the proxy";
            break;
        case PBX_HTTP_NOT_TRUSTED:
            code = Code::refused;
            hint = "check the peer's certificate, the clock and package ca-certificates";
            break;
        case PBX_HTTP_TIMEOUT:
            code = Code::try_again;
            break;
        case PBX_HTTP_STOPPED:
            return fail(Code::try_again, "stopped", std::move(where));
        case PBX_HTTP_TOO_BIG:
            return fail(code, "answer is too big", std::move(where));
        case PBX_HTTP_ANSWERED:
        case PBX_HTTP_NONSENSE:
            break;
    }
    return fail(code, text::lower_ascii(result.error), std::move(where), hint);
}
}  // namespace

std::string_view HttpClient::Answer::header(std::string_view name) const {
    auto found = std::find_if(headers.rbegin(), headers.rend(),
                              [&](const auto& header) { return text::iequal_ascii(header.first, name); });
    return found == headers.rend() ? std::string_view() : found->second;
}

std::string origin_of(std::string_view url) {
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return {};
    const auto scheme = text::lower_ascii(url.substr(0, scheme_end));
    if (scheme != "http" && scheme != "https") return {};
    auto authority = url.substr(scheme_end + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    if (authority.empty()) return {};
    return scheme + "://" + std::string(authority);
}

HttpClient::HttpClient(const pbx_http_table* driver, void* session, std::function<bool()> go_on)
    : driver_(driver), session_(session, driver->close), go_on_(std::move(go_on)) {}

Result<HttpClient> HttpClient::open(std::function<bool()> go_on) {
    auto driver = load_driver_as<pbx_http_table>("curl", "libcurl4");
    if (!driver) return tl::unexpected(driver.error());
    void* session = (*driver)->open();
    if (session == nullptr) return fail(Code::unavailable, "libcurl gives no session");
    return HttpClient(*driver, session, std::move(go_on));
}

Result<HttpClient::Answer> HttpClient::send(const HttpClient::Request& request) {
    left_ = false;
    auto where = origin_of(request.url);
    if (where.empty() || !text::is_plain_line(request.url) || request.url.find(' ') != std::string::npos)
        return fail(Code::data, "no http or https URL", where);
    auto lines = header_lines(request);
    if (!lines) return tl::unexpected(lines.error());
    std::vector<const char*> headers;
    for (const auto& line : *lines)
        headers.push_back(line.c_str());
    headers.push_back(nullptr);
    const bool has_body = request.method != "GET" && request.method != "HEAD";

    Collector collector{.answer = {}, .go_on = &go_on_};
    const pbx_http_request wanted{.method = request.method.c_str(),
                                  .url = request.url.c_str(),
                                  .headers = headers.data(),
                                  .body = has_body ? request.body.c_str() : nullptr,
                                  .body_size = request.body.size(),
                                  .connect_ms = static_cast<long>(request.connect.count()),
                                  .whole_ms = static_cast<long>(request.whole.count()),
                                  .most_answer = request.most_answer,
                                  .proxy = request.proxy.empty() ? nullptr : request.proxy.c_str(),
                                  .ca_file = request.ca_file.empty() ? nullptr : request.ca_file.c_str(),
                                  .go_on = &asks_to_go_on,
                                  .on_header = &take_header,
                                  .on_body = &take_body,
                                  .user = &collector};
    pbx_http_result result{};
    driver_->perform(session_.get(), &wanted, &result);
    left_ = result.left != 0;
    if (result.end != PBX_HTTP_ANSWERED) return failed(result, std::move(where));
    collector.answer.status = static_cast<int>(result.status);
    return std::move(collector.answer);
}

std::string HttpClient::version() const {
    return driver_->version();
}

}  // namespace pbx::net
