#include "net/http_server.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace pbx::net {

namespace http = boost::beast::http;

namespace {

using Parser = http::request_parser<http::string_body>;
using Moment = std::chrono::steady_clock::time_point;

constexpr std::size_t read_size = 4096;

milliseconds time_to(Moment end) {
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now()));
}

HttpRequest take_request(Parser& parser, const std::string& peer) {
    auto message = parser.release();
    HttpRequest out;
    out.method = std::string(message.method_string());
    const std::string target(message.target());
    const auto question = target.find('?');
    out.path = target.substr(0, question);
    if (question != std::string::npos) out.query = target.substr(question + 1);
    for (const auto& field : message)
        out.headers.emplace_back(field.name_string(), field.value());
    out.body = std::move(message.body());
    out.peer = peer;
    return out;
}

HttpResponse refusal(const boost::system::error_code& error) {
    if (error == http::error::header_limit) return {.status = 431, .body = "header too large\n"};
    if (error == http::error::body_limit) return {.status = 413, .body = "body too large\n"};
    return {.status = 400, .body = "bad request\n"};
}

std::string encode(const HttpResponse& response, bool keep_alive, bool with_body) {
    const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
    std::string out;
    out.reserve(256 + response.body.size());
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    out.append(reason.data(), reason.size());
    out.append("\r\nContent-Type: ").append(response.type);
    out.append("\r\nContent-Length: ").append(std::to_string(response.body.size())).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        if (text::is_plain_line(name) && text::is_plain_line(value))
            out.append(name).append(": ").append(value).append("\r\n");
    }
    if (!keep_alive) out += "Connection: close\r\n";
    out += "\r\n";
    if (with_body) out += response.body;
    return out;
}

struct Connection {
    std::unique_ptr<Stream> stream;
    std::shared_ptr<const HttpOptions> options;
    std::shared_ptr<const HttpTask> handler;
    std::string waiting{};  // bytes of the next request
};

enum class Got { request, refused, end };

// Feeds the parser until it has a whole request.
Task<Got> read_request(std::shared_ptr<Connection> it, Parser* parser, boost::system::error_code* error) {
    std::array<char, read_size> part;
    Moment end = std::chrono::steady_clock::now() + it->options->idle_limit;
    bool begun = false;
    while (true) {
        if (!it->waiting.empty()) {
            if (!std::exchange(begun, true))
                end = std::chrono::steady_clock::now() + it->options->request_limit;
            const auto used = parser->put(boost::asio::buffer(it->waiting), *error);
            it->waiting.erase(0, used);
            if (*error && *error != http::error::need_more) co_return Got::refused;
            if (parser->is_done()) co_return Got::request;
            if (!*error && !it->waiting.empty()) continue;
        }
        auto got = co_await it->stream->read_some(part, time_to(end));
        if (!got || *got == 0) co_return Got::end;
        it->waiting.append(part.data(), *got);
    }
}

Task<void> serve(std::shared_ptr<Connection> it) {
    while (true) {
        Parser parser;
        parser.eager(true);
        parser.header_limit(static_cast<std::uint32_t>(it->options->max_header));
        parser.body_limit(it->options->max_body);
        boost::system::error_code error;
        Got got = co_await read_request(it, &parser, &error);
        if (got == Got::end) co_return;
        bool keep_alive = got == Got::request && parser.get().keep_alive();
        std::string bytes;
        if (got == Got::refused) {
            bytes = encode(refusal(error), false, true);
        } else {
            auto request = take_request(parser, it->stream->peer());
            const bool with_body = request.method != "HEAD";
            auto answering = (*it->handler)(std::move(request));
            auto response = co_await std::move(answering);
            bytes = encode(response, keep_alive, with_body);
        }
        auto written = co_await it->stream->write_all(std::move(bytes), it->options->write_limit);
        if (!written || !keep_alive) co_return;
    }
}

Task<HttpResponse> answer_at_once(std::shared_ptr<const HttpHandler> handler, HttpRequest request) {
    co_return (*handler)(request);
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (text::iequal_ascii(key, name)) return value;
    }
    return {};
}

Result<std::unique_ptr<Listener>> serve_http(Executor executor, HttpOptions options, HttpHandler handler) {
    auto task = [shared = std::make_shared<const HttpHandler>(std::move(handler))](HttpRequest request) {
        return answer_at_once(shared, std::move(request));
    };
    return serve_http(std::move(executor), std::move(options), HttpTask(std::move(task)));
}

Result<std::unique_ptr<Listener>> serve_http(Executor executor, HttpOptions options, HttpTask handler) {
    auto listen = options.listen;
    auto begin = [options = std::make_shared<const HttpOptions>(std::move(options)),
                  handler =
                      std::make_shared<const HttpTask>(std::move(handler))](std::unique_ptr<Stream> stream) {
        return serve(std::make_shared<Connection>(Connection{std::move(stream), options, handler}));
    };
    return Listener::open(std::move(executor), std::move(listen), std::move(begin));
}

}  // namespace pbx::net
