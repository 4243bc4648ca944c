#include "net/websocket.hpp"

#include "net/bell.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
#include "net/resolve.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <thread>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {

using Opened = Result<std::unique_ptr<WebSocket>>;

WebSocketAnswer agree(const HttpRequest& request) {
    if (request.path != "/echo") return {.status = 404, .body = "not here\n"};
    if (request.header("Authorization") != "Bearer right") return {.status = 401, .body = "who are you\n"};
    return {.protocol = std::string(request.header("Sec-WebSocket-Protocol")),
            .headers = {{"X-Server", "b"}}};
}

// Echoes until the peer ends it.
struct EchoServer {
    explicit EchoServer(Loop& loop, milliseconds limit = 10s) {
        auto opened = Listener::open(loop.executor(), {}, [this, limit](std::unique_ptr<Stream> stream) {
            return serve(this, std::move(stream), limit);
        });
        REQUIRE(opened);
        listener = std::move(*opened);
    }
    static Task<void> serve(EchoServer* self, std::unique_ptr<Stream> stream, milliseconds limit) {
        WebSocket::Options options;
        options.max_message = 100'000;
        Opened socket = co_await websocket_accept(std::move(stream), options, agree, limit);
        if (!socket) {
            self->trouble = socket.error();
            co_return;
        }
        while (true) {
            auto message = co_await (*socket)->read(10s);
            if (!message) {
                self->trouble = message.error();
                co_await (*socket)->close(1002, {}, 10s);
                co_return;
            }
            if (message->kind == WebSocket::Message::Kind::closed) {
                self->closed = message->code;
                co_await (*socket)->close(message->code, {}, 10s);
                co_return;
            }
            if (message->kind == WebSocket::Message::Kind::text && !(*socket)->send(message->bytes))
                co_return;
        }
    }
    std::unique_ptr<Listener> listener;
    Error trouble{};
    std::uint16_t closed = 0;
};

WebSocketAsk asking(std::string token = "right") {
    return {.host = "localhost",
            .path = "/echo",
            .protocol = "test.1",
            .headers = {{"Authorization", "Bearer " + token}}};
}

Task<Opened> dial(std::uint16_t port, WebSocketAsk ask) {
    auto stream = co_await connect_tcp("127.0.0.1", port, 10s);
    if (!stream) co_return tl::unexpected(stream.error());
    Opened socket = co_await websocket_connect(std::move(*stream), std::move(ask), 10s);
    co_return socket;
}

struct Conversation {
    std::vector<std::string> heard;
    std::string header;
    bool ponged = false;
    std::uint16_t closed = 0;
};

Task<Result<Conversation>> converse(std::uint16_t port, std::vector<std::string> texts) {
    Opened socket = co_await dial(port, asking());
    if (!socket) co_return tl::unexpected(socket.error());
    Conversation out;
    out.header = std::string((*socket)->header("x-server"));
    for (const auto& text : texts) {
        if (!(*socket)->send(text)) co_return fail(Code::bug, "not taken");
    }
    (*socket)->ping("are you there");
    while (out.heard.size() < texts.size() || !out.ponged) {
        auto message = co_await (*socket)->read(10s);
        if (!message) co_return tl::unexpected(message.error());
        if (message->kind == WebSocket::Message::Kind::pong) out.ponged = message->bytes == "are you there";
        if (message->kind == WebSocket::Message::Kind::text) out.heard.emplace_back(message->bytes);
    }
    co_await (*socket)->close(1000, "bye", 10s);
    co_return out;
}

// Sends these bytes and gives all that comes until the end.
Task<Result<std::string>> say(std::uint16_t port, std::string bytes) {
    auto stream = co_await connect_tcp("127.0.0.1", port, 10s);
    if (!stream) co_return tl::unexpected(stream.error());
    auto written = co_await (*stream)->write_all(std::move(bytes), 10s);
    if (!written) co_return tl::unexpected(written.error());
    std::string out;
    std::array<char, 1000> part;
    while (true) {
        auto got = co_await (*stream)->read_some(part, 10s);
        if (!got || *got == 0) co_return out;
        out.append(part.data(), *got);
    }
}

// Hears the request, says this and hangs up.
Task<void> say_and_go(std::unique_ptr<Stream> stream, std::string bytes) {
    std::array<char, 1000> part;
    auto got = co_await stream->read_some(part, 10s);
    if (!got || bytes.empty()) co_return;
    auto written = co_await stream->write_all(std::move(bytes), 10s);
    static_cast<void>(written);
}

std::string upgrade(const std::string& path, const std::string& more) {
    return "GET " + path +
           " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           more + "\r\n";
}

template <class T>
T ended(std::optional<Result<T>> out) {
    REQUIRE(out);
    if (!*out) FAIL(out->error().text());
    return std::move(**out);
}

template <class T>
Error refused(std::optional<Result<T>> out) {
    REQUIRE(out);
    REQUIRE_FALSE(*out);
    return out->error();
}

}  // namespace

TEST_CASE("websocket: messages go both ways in order, short and long, and a ping is answered") {
    Loop loop;
    EchoServer server(loop);
    const std::vector<std::string> texts{"a", "", "жёлтый", std::string(100'000, 'x'), "b"};
    auto said = ended(loop.run_to_end(converse(server.listener->port(), texts)));
    CHECK(said.heard == texts);
    CHECK(said.header == "b");
}

TEST_CASE("websocket: the server's no comes as an error that names it") {
    Loop loop;
    EchoServer server(loop);
    const auto port = server.listener->port();
    auto token = refused(loop.run_to_end(dial(port, asking("wrong"))));
    CHECK(token.code == Code::refused);
    CHECK(token.what == "it answered 401: who are you");
    auto ask = asking();
    ask.path = "/other";
    auto path = refused(loop.run_to_end(dial(port, ask)));
    CHECK(path.code == Code::protocol);
    CHECK(path.what == "it answered 404: not here");
}

TEST_CASE("websocket: what is no upgrade is refused in HTTP's words") {
    Loop loop;
    EchoServer server(loop);
    const auto port = server.listener->port();
    const auto first = [&](const std::string& bytes) {
        auto out = ended(loop.run_to_end(say(port, bytes)));
        return out.substr(0, out.find("\r\n"));
    };
    CHECK(first("GET /echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer right\r\n\r\n") ==
          "HTTP/1.1 426 Upgrade Required");
    CHECK(first("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n") == "HTTP/1.1 401 Unauthorized");
    CHECK(first("nonsense\r\n\r\n") == "HTTP/1.1 400 Bad Request");
    CHECK(first("GET /echo HTTP/1.1\r\nA: " + std::string(10'000, 'x') + "\r\n\r\n") ==
          "HTTP/1.1 400 Bad Request");
}

TEST_CASE("websocket: RFC 6455's handshake is answered with its accept key, and what came with it is read") {
    Loop loop;
    EchoServer server(loop);
    const std::string hello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    const std::string bye("\x88\x82\x00\x00\x00\x00\x03\xe8", 8);
    auto out = ended(loop.run_to_end(
        say(server.listener->port(), upgrade("/echo", "Authorization: Bearer right\r\n") + hello + bye)));
    CHECK(out.find("HTTP/1.1 101 ") == 0);
    CHECK(out.find("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string::npos);
    CHECK(out.find("\r\n\r\n\x81\x05Hello\x88\x02\x03\xe8") != std::string::npos);
    CHECK(server.closed == 1000);
}

TEST_CASE("websocket: a peer that breaks the protocol is told why and let go") {
    Loop loop;
    EchoServer server(loop);
    auto out = ended(loop.run_to_end(
        say(server.listener->port(), upgrade("/echo", "Authorization: Bearer right\r\n") + "\x81\x05Hello")));
    CHECK(out.find("\r\n\r\n\x88") != std::string::npos);
    CHECK(out.find("masked by the wrong side") != std::string::npos);
    CHECK(server.trouble.code == Code::protocol);
}

TEST_CASE("websocket: a server that hangs up in the handshake, whatever it said before, is an error") {
    const std::string said = GENERATE("", "H", "HTTP/1.1 101 Switching Protocols\r\n");
    Loop loop;
    auto listener = Listener::open(loop.executor(), {}, [said](std::unique_ptr<Stream> stream) {
        return say_and_go(std::move(stream), said);
    });
    REQUIRE(listener);
    auto error = refused(loop.run_to_end(dial((*listener)->port(), asking())));
    CHECK(error.code == Code::protocol);
    CHECK(error.what == "it hung up in the WebSocket handshake");
}

TEST_CASE("websocket: who is slow with the handshake is let go at the deadline") {
    Loop loop;
    EchoServer server(loop, 1ms);
    auto out = ended(loop.run_to_end(say(server.listener->port(), "GET /echo HTTP/1.1\r\n")));
    CHECK(out.empty());
    CHECK(server.trouble.code == Code::try_again);
}

namespace {

struct Stalled {
    std::size_t taken = 0, queued = 0;
    Error trouble{};
};

Task<void> never_reads(std::unique_ptr<Stream> stream, std::shared_ptr<Bell> done) {
    WebSocket::Options options;
    Opened socket = co_await websocket_accept(std::move(stream), options, agree, 10s);
    if (!socket) co_return;
    bool rung = co_await done->wait(10s);
    static_cast<void>(rung);
}

Task<Result<Stalled>> push(std::uint16_t port, std::shared_ptr<Bell> done) {
    auto ask = asking();
    ask.options = {.max_queue = 200'000, .write_limit = 50ms};
    Opened socket = co_await dial(port, ask);
    if (!socket) co_return tl::unexpected(socket.error());
    Stalled out;
    const std::string text(10'000, 'x');
    for (; out.taken < 100'000; ++out.taken) {  // until the kernel's buffers and then ours are full
        if (!(*socket)->send(text)) break;
        if (out.taken % 10 == 0) co_await sleep_for(0ms);
    }
    out.queued = (*socket)->queued();
    auto message = co_await (*socket)->read(10s);
    if (!message) out.trouble = message.error();
    done->ring();
    co_return out;
}

}  // namespace

TEST_CASE("websocket: to a peer that does not read no more than the limit is queued, and it is given up") {
    Loop loop;
    auto done = std::make_shared<Bell>(loop.executor());
    auto listener = Listener::open(loop.executor(), {}, [done](std::unique_ptr<Stream> stream) {
        return never_reads(std::move(stream), done);
    });
    REQUIRE(listener);
    auto out = ended(loop.run_to_end(push((*listener)->port(), done)));
    CHECK(out.taken < 100'000);
    CHECK(out.queued <= 200'000);
    CHECK(out.trouble.what == "the peer does not read");
}

namespace {

// A program of Python's websockets library, with the loop running beside it.
std::string python(Loop& loop, const std::string& program) {
    std::string out;
    std::thread peer([&] {
        std::FILE* pipe = popen(("timeout 20 /usr/bin/python3 -c '" + program + "' 2>&1").c_str(), "r");
        char part[512];
        while (pipe != nullptr && fgets(part, sizeof part, pipe) != nullptr)
            out += part;
        if (pipe != nullptr) pclose(pipe);
        loop.stop();
    });
    loop.run();
    peer.join();
    return out;
}

Task<void> echo_from(std::uint16_t port, Loop* loop, Result<Conversation>* out) {
    std::vector<std::string> texts;
    texts.emplace_back("hello");
    texts.emplace_back(90'000, 'z');
    Result<Conversation> said = co_await converse(port, std::move(texts));
    *out = std::move(said);
    loop->stop();
}

}  // namespace

TEST_CASE("websocket: a client that is not ours speaks with our server") {
    Loop loop;
    EchoServer server(loop);
    const auto out = python(loop, R"(
import asyncio, websockets
async def main():
    uri = "ws://127.0.0.1:)" + std::to_string(server.listener->port()) +
                                      R"(/echo"
    async with websockets.connect(uri, extra_headers={"Authorization": "Bearer right"}, subprotocols=["x"]) as ws:
        await ws.send("hello")
        print(await ws.recv())
        await ws.send(iter(["pie", "ces"]))
        print(await ws.recv())
        await (await ws.ping())
        print(ws.subprotocol, ws.extensions)
asyncio.run(main()))");
    CHECK(out == "hello\npieces\nx []\n");
    CHECK(server.closed == 1000);
}

TEST_CASE("websocket: a server that is not ours speaks with our client") {
    std::FILE* pipe = popen(R"(exec timeout 20 /usr/bin/python3 -c '
import asyncio, websockets
async def echo(ws):
    async for text in ws:
        await ws.send(text)
async def main():
    server = await websockets.serve(echo, "127.0.0.1", 0, subprotocols=["test.1"], max_size=100000, extra_headers={"X-Server": "b"})
    print(server.sockets[0].getsockname()[1], flush=True)
    while True:
        await asyncio.sleep(1)
asyncio.run(main())' & echo $!; wait)",
                            "r");
    REQUIRE(pipe != nullptr);
    int child = 0, port = 0;
    REQUIRE(std::fscanf(pipe, "%d %d", &child, &port) == 2);
    Loop loop;
    Result<Conversation> out = fail(Code::bug, "not begun");
    loop.spawn(echo_from(static_cast<std::uint16_t>(port), &loop, &out));
    loop.run();
    ::kill(child, SIGTERM);
    pclose(pipe);
    if (!out) FAIL(out.error().text());
    CHECK(out->heard == std::vector<std::string>{"hello", std::string(90'000, 'z')});
}
