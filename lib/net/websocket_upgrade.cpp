// The HTTP half of a WebSocket, both sides (RFC 6455 4); heads are read by Beast's parser.
#include "core/text.hpp"
#include "net/deadline.hpp"
#include "net/websocket_inside.hpp"

#include <algorithm>
#include <array>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <sys/random.h>

namespace pbx::net {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t max_head = 8 * 1024;
constexpr std::size_t max_body = 4 * 1024;
constexpr std::size_t read_size = 1024;

// Feeds the parser until the head, and the body if any, is there; what follows them is left in `rest`.
template <class Parser>
Task<Result<void>> read_head(Stream* stream, Parser* parser, std::string* rest) {
    parser->eager(true);
    parser->header_limit(max_head);
    parser->body_limit(max_body);
    std::array<char, read_size> part;
    while (!parser->is_done()) {
        Result<std::size_t> got = co_await stream->read_some(part, no_deadline);
        if (!got) co_return tl::unexpected(got.error());
        boost::system::error_code error;
        if (*got == 0) {
            if (parser->got_some()) parser->put_eof(error);  // else it asserts
            if (error || !parser->is_done())
                co_return fail(Code::protocol, "it hung up in the WebSocket handshake", stream->peer());
            break;
        }
        rest->append(part.data(), *got);
        while (!parser->is_done() && !rest->empty() && !error) {
            const auto used = parser->put(boost::asio::buffer(*rest), error);
            rest->erase(0, used);
        }
        if (error && error != http::error::need_more)
            co_return fail(Code::protocol, "no HTTP: " + error.message(), stream->peer());
    }
    co_return Result<void>{};
}

template <class Message>
bool has_word(const Message& message, http::field field, std::string_view word) {
    for (auto [at, end] = message.equal_range(field); at != end; ++at) {
        const std::string_view value(at->value().data(), at->value().size());
        for (const auto part : text::split(value, ','))
            if (text::iequal_ascii(text::trim(part), word)) return true;
    }
    return false;
}

template <class Message>
std::string_view value_of(const Message& message, http::field field) {
    const auto value = message[field];
    return {value.data(), value.size()};
}

template <class Message>
HttpHeaders headers_of(const Message& message) {
    HttpHeaders out;
    for (const auto& field : message)
        out.emplace_back(field.name_string(), field.value());
    return out;
}

void append(std::string& out, const HttpHeaders& headers) {
    for (const auto& [name, value] : headers) {
        if (text::is_plain_line(name) && text::is_plain_line(value))
            out.append(name).append(": ").append(value).append("\r\n");
    }
}

std::string first_line(std::string_view body) {
    auto line = body.substr(0, body.find_first_of("\r\n"));
    return text::is_plain_line(line) && text::is_utf8(line) ? std::string(line.substr(0, 200))
                                                            : std::string();
}

struct Ask {
    std::unique_ptr<Stream> below;
    WebSocketAsk ask;
    std::string key;
};

std::string request_of(const Ask& it) {
    std::string out = "GET " + it.ask.path + " HTTP/1.1\r\nHost: " + it.ask.host +
                      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: " +
                      it.key + "\r\n";
    if (!it.ask.protocol.empty()) out += "Sec-WebSocket-Protocol: " + it.ask.protocol + "\r\n";
    append(out, it.ask.headers);
    return out + "\r\n";
}

template <class Message>
Result<void> judge(const Message& answer, const Ask& it) {
    const auto where = it.below->peer();
    const auto status = answer.result_int();
    const auto why = first_line(answer.body());
    const auto said = "it answered " + std::to_string(status) + (why.empty() ? "" : ": " + why);
    if (status == 401 || status == 403)
        return fail(Code::refused, said, where, "check secret_file and certificates on both sides");
    if (status == 409 || status == 429) return fail(Code::refused, said, where);
    if (status != 101) return fail(Code::protocol, said, where, "check the port and the path");
    const bool upgraded =
        has_word(answer, http::field::upgrade, "websocket") &&
        has_word(answer, http::field::connection, "upgrade") &&
        value_of(answer, http::field::sec_websocket_accept) == websocket::accept_of(it.key) &&
        value_of(answer, http::field::sec_websocket_extensions).empty();
    if (!upgraded) return fail(Code::protocol, "no WebSocket was agreed on", where);
    if (value_of(answer, http::field::sec_websocket_protocol) != it.ask.protocol)
        return fail(Code::protocol, "it speaks another protocol than " + it.ask.protocol, where,
                    "run the same version of pbxctl on both sides");
    return {};
}

using Opened = Result<std::unique_ptr<WebSocket>>;

std::unique_ptr<WebSocket> open(Executor executor, std::unique_ptr<Stream> below, WebSocket::Options options,
                                websocket::Role role, HttpHeaders headers, std::string_view rest) {
    auto inside = std::make_shared<WebSocket::Inside>(std::move(executor), std::move(below), options, role);
    inside->headers = std::move(headers);
    inside->decoder.feed(rest);
    return std::make_unique<WebSocket>(std::move(inside));
}

Task<Opened> connect(std::shared_ptr<Ask> it) {
    auto executor = co_await boost::asio::this_coro::executor;
    std::array<char, 16> key{};
    const auto got = ::getrandom(key.data(), key.size(), 0);
    static_cast<void>(got);  // of 16 bytes it gives all (getrandom(2))
    it->key = websocket::base64({key.data(), key.size()});
    Result<void> written = co_await it->below->write_all(request_of(*it), no_deadline);
    if (!written) co_return tl::unexpected(written.error());
    http::response_parser<http::string_body> parser;
    std::string rest;
    Result<void> read = co_await read_head(it->below.get(), &parser, &rest);
    if (!read) co_return tl::unexpected(read.error());
    auto good = judge(parser.get(), *it);
    if (!good) co_return tl::unexpected(good.error());
    auto headers = headers_of(parser.get());
    co_return open(executor, std::move(it->below), it->ask.options, websocket::Role::client,
                   std::move(headers), rest);
}

using Judge = std::function<WebSocketAnswer(const HttpRequest&)>;

struct Offer {
    std::unique_ptr<Stream> below;
    WebSocket::Options options;
    Judge judge;
};

template <class Message>
HttpRequest request_from(const Message& message, std::string peer) {
    HttpRequest out;
    out.method = std::string(message.method_string());
    const std::string target(message.target());
    const auto question = target.find('?');
    out.path = target.substr(0, question);
    if (question != std::string::npos) out.query = target.substr(question + 1);
    out.headers = headers_of(message);
    out.peer = std::move(peer);
    return out;
}

template <class Message>
bool asks_for_websocket(const Message& message) {
    return message.method() == http::verb::get && message.version() == 11 &&
           has_word(message, http::field::upgrade, "websocket") &&
           has_word(message, http::field::connection, "upgrade") &&
           websocket::is_key(value_of(message, http::field::sec_websocket_key));
}

std::string answer_of(const WebSocketAnswer& answer, std::string_view key) {
    const auto reason = http::obsolete_reason(static_cast<http::status>(answer.status));
    std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " ";
    out.append(reason.data(), reason.size()).append("\r\n");
    append(out, answer.headers);
    if (answer.status == 101) {
        out += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
               websocket::accept_of(key) + "\r\n";
        if (!answer.protocol.empty()) out += "Sec-WebSocket-Protocol: " + answer.protocol + "\r\n";
        return out + "\r\n";
    }
    out += "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + std::to_string(answer.body.size());
    return out + "\r\nConnection: close\r\n\r\n" + answer.body;
}

Task<Opened> accept(std::shared_ptr<Offer> it) {
    auto executor = co_await boost::asio::this_coro::executor;
    http::request_parser<http::string_body> parser;
    std::string rest;
    Result<void> read = co_await read_head(it->below.get(), &parser, &rest);
    WebSocketAnswer answer{.status = 400, .body = "bad request\n"};
    std::string key;
    HttpHeaders headers;
    if (read) {
        const auto& message = parser.get();
        key = std::string(value_of(message, http::field::sec_websocket_key));
        answer = it->judge(request_from(message, it->below->peer()));
        headers = headers_of(message);
        if (answer.status == 101 && !asks_for_websocket(message))
            answer = {.status = 426, .body = "this is a WebSocket\n", .headers = {{"Upgrade", "websocket"}}};
        if (answer.status == 101 && value_of(message, http::field::sec_websocket_version) != "13")
            answer = {.status = 426,
                      .body = "WebSocket version 13\n",
                      .headers = {{"Sec-WebSocket-Version", "13"}}};
    } else if (read.error().code != Code::protocol) {
        co_return tl::unexpected(read.error());
    }
    Result<void> written = co_await it->below->write_all(answer_of(answer, key), no_deadline);
    if (!read) co_return tl::unexpected(read.error());
    if (!written) co_return tl::unexpected(written.error());
    if (answer.status != 101)
        co_return fail(Code::refused, "refused with " + std::to_string(answer.status), it->below->peer());
    co_return open(executor, std::move(it->below), it->options, websocket::Role::server, std::move(headers),
                   rest);
}

}  // namespace

Task<Opened> websocket_connect(std::unique_ptr<Stream> below, WebSocketAsk ask, milliseconds limit) {
    const auto name = below->peer();
    if (!text::is_plain_line(ask.path) || !text::is_plain_line(ask.host) ||
        ask.path.find(' ') != std::string::npos)
        co_return fail(Code::data, "bad byte in a WebSocket's address", name);
    auto it = std::make_shared<Ask>(Ask{std::move(below), std::move(ask), {}});
    Opened opened = co_await with_deadline(connect(it), limit, "WebSocket handshake");
    if (!opened && opened.error().where.empty()) co_return within(name, opened.error());
    co_return opened;
}

Task<Opened> websocket_accept(std::unique_ptr<Stream> below, WebSocket::Options options, Judge judge,
                              milliseconds limit) {
    const auto name = below->peer();
    auto it = std::make_shared<Offer>(Offer{std::move(below), options, std::move(judge)});
    Opened opened = co_await with_deadline(accept(it), limit, "WebSocket handshake");
    if (!opened && opened.error().where.empty()) co_return within(name, opened.error());
    co_return opened;
}

}  // namespace pbx::net
