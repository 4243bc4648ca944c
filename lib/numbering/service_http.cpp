#include "numbering/service_http.hpp"

#include "core/log.hpp"
#include "core/text.hpp"
#include "numbering/outcome_json.hpp"

#include <utility>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
using net::HttpResponse;
using Print = Request::Print;

constexpr const char* json_type = "application/json";
constexpr std::string_view status_name = "Enum-Status", error_name = "Enum-Error";

unsigned http_status(const Error& error) {
    switch (error.code) {
        case Code::usage:
        case Code::data:
            return 400;
        case Code::no_input:
            return 404;
        case Code::try_again:
            return 503;
        default:
            return 502;
    }
}

// Nothing was looked up, or it could not be verified.
HttpResponse refusal(const Error& error, const Request& request) {
    const std::string code(error.code == Code::data ? name_of(Status::bad_number) : "error");
    HttpResponse out{.status = http_status(error),
                     .headers = {{std::string(status_name), code},
                                 {std::string(error_name), log::cleaned(error.text())},
                                 {"Cache-Control", "no-store"}}};
    if (!request.json) {
        if (request.print == Print::status) out.body = code + "\n";
        return out;
    }
    out.type = json_type;
    out.body = "{\"number\":";
    append_json(request.number, out.body);
    out.body += ",\"status\":\"error\",\"code\":";
    append_json(code, out.body);
    out.body += ",\"why\":";
    append_json(error.what, out.body);
    out.body += "}\n";
    return out;
}

std::string document(const Job& job, const Found& found) {
    const auto dial = found.dial();
    std::string out = "{";
    append_json(job.outcome(), {.number = job.number, .uri = found.uri(), .dial = dial, .took = job.took},
                out);
    out += "}\n";
    return out;
}

std::string field(const Job& job, const Found& found) {
    switch (job.request.print) {
        case Print::uri:
            return std::string(found.uri());
        case Print::dial:
            return found.dial();
        case Print::count:
            return std::to_string(job.outcome().uris.size());
        case Print::status:
            return std::string(name_of(found.status()));
    }
    return {};
}

HttpResponse response(const Job& job) {
    if (job.refused) return refusal(*job.refused, job.request);
    const auto found = job.found();
    const auto status = found.status();
    HttpResponse out{.status = http_status(status)};
    out.headers.reserve(3);
    out.headers.emplace_back(status_name, name_of(status));
    const auto ttl = job.outcome().ttl;
    out.headers.emplace_back("Cache-Control", ttl > 0 ? fmt::format("max-age={}", ttl) : "no-store");
    if (status != Status::ok) out.headers.emplace_back(error_name, log::cleaned(found.error().text()));
    if (job.request.json) {
        out.type = json_type;
        out.body = document(job, found);
        return out;
    }
    out.body = field(job, found);
    if (status == Status::ok && out.body.empty()) {  // there are URIs, but none can be dialled so
        out.status = 404;
        out.headers.emplace_back(error_name, "there is no way to dial it");
    }
    if (!out.body.empty()) out.body += '\n';
    return out;
}

bool wants_json(const net::HttpRequest& request) {
    return request.header("accept").find(json_type) != std::string_view::npos;
}
}  // namespace

unsigned http_status(Status status) {
    switch (status) {
        case Status::ok:
            return 200;
        case Status::timeout:
            return 504;
        default:
            break;
    }
    const auto code = code_of(status);
    if (code == Code::no) return 404;
    return code == Code::data ? 400 : 502;
}

net::Task<HttpResponse> answer_http(std::shared_ptr<Desk> desk, net::HttpRequest request) {
    const Desk::Visit visit(desk);
    if (request.method != "GET" && request.method != "HEAD")
        co_return HttpResponse{.status = 405, .headers = {{"Allow", "GET, HEAD"}}};
    auto parsed = parse_request(request.query.empty() ? request.path : request.path + "?" + request.query);
    const bool json = wants_json(request);
    if (!parsed) co_return refusal(parsed.error(), Request{.json = json});
    parsed->json = parsed->json || json;
    auto looking = Desk::look_up(desk, std::move(*parsed));
    auto job = co_await std::move(looking);
    co_return response(*job);
}

}  // namespace pbx::numbering
