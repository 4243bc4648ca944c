#include "net/tls.hpp"

#include "net/listener.hpp"
#include "net/loop.hpp"
#include "support/certificates.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;
using test::Authority;
using test::TempFolder;

namespace {

struct Said {
    std::string text;
    std::vector<std::string> names;
    std::string protocol;
};

Task<Result<Said>> ask(std::uint16_t port, std::shared_ptr<const TlsSide> side, std::string name,
                       std::string text) {
    auto below = co_await connect_tcp("127.0.0.1", port, 10s);
    if (!below) co_return tl::unexpected(below.error());
    auto stream = co_await tls_connect(std::move(*below), side, std::move(name), 10s);
    if (!stream) co_return tl::unexpected(stream.error());
    Said said{.text = {}, .names = (*stream)->peer_names(), .protocol = (*stream)->protocol()};
    const auto size = text.size();
    auto written = co_await (*stream)->write_all(std::move(text), 10s);
    if (!written) co_return tl::unexpected(written.error());
    std::array<char, 3000> part{};
    while (said.text.size() < size) {
        auto got = co_await (*stream)->read_some(part, 10s);
        if (!got) co_return tl::unexpected(got.error());
        if (*got == 0) break;
        said.text.append(part.data(), *got);
    }
    co_return said;
}

// Echoes over TLS and keeps what went wrong.
struct EchoServer {
    explicit EchoServer(Loop& loop, std::shared_ptr<const TlsSide> its_side, milliseconds limit = 10s)
        : side(std::move(its_side)) {
        auto opened = Listener::open(loop.executor(), {}, [this, limit](std::unique_ptr<Stream> stream) {
            return serve(this, std::move(stream), limit);
        });
        REQUIRE(opened);
        listener = std::move(*opened);
    }
    static Task<void> serve(EchoServer* self, std::unique_ptr<Stream> below, milliseconds limit) {
        auto stream = co_await tls_accept(std::move(below), self->side, limit);
        if (!stream) {
            self->trouble = stream.error();
            co_return;
        }
        self->names = (*stream)->peer_names();
        std::array<char, 5000> part{};
        while (true) {
            auto got = co_await (*stream)->read_some(part, 10s);
            if (!got || *got == 0) co_return;
            std::string bytes(part.data(), *got);
            auto written = co_await (*stream)->write_all(std::move(bytes), 10s);
            if (!written || self->once) co_return;
        }
    }
    std::shared_ptr<const TlsSide> side;
    bool once = false;  // hangs up after the first answer
    std::unique_ptr<Listener> listener;
    std::vector<std::string> names;
    Error trouble{};
};

std::shared_ptr<const TlsSide> server_side(TlsFiles files) {
    auto side = TlsSide::server(std::move(files));
    if (!side) FAIL(side.error().text());
    return *side;
}

std::shared_ptr<const TlsSide> client_side(TlsFiles files) {
    auto side = TlsSide::client(std::move(files));
    if (!side) FAIL(side.error().text());
    return *side;
}

}  // namespace

TEST_CASE("tls: what is written on one side is read on the other, short and long") {
    TempFolder folder;
    Authority ca(folder);
    ca.sign("b", "DNS:b.example.com,IP:127.0.0.1");
    Loop loop;
    EchoServer server(loop, server_side({.certificate = folder / "b.pem", .key = folder / "b.key"}));
    const auto side = client_side({.ca_file = ca.file()});
    std::string lengthy;
    for (int i = 0; i < 100'000; ++i)
        lengthy += static_cast<char>('a' + i % 26);
    for (const auto& text : {std::string("x"), lengthy}) {
        auto said = loop.run_to_end(ask(server.listener->port(), side, "b.example.com", text));
        REQUIRE(said);
        REQUIRE(*said);
        CHECK((**said).text == text);
        CHECK((**said).protocol == "TLSv1.3");
        CHECK((**said).names == std::vector<std::string>{"b.example.com", "127.0.0.1"});
    }
    auto by_address = loop.run_to_end(ask(server.listener->port(), side, "127.0.0.1", "x"));
    REQUIRE(by_address);
    CHECK(*by_address);
    CHECK(server.names.empty());
}

TEST_CASE("tls: a certificate that must not be trusted is refused, and the error says why") {
    TempFolder folder;
    Authority ca(folder), other(folder, "other");
    ca.sign("b", "DNS:b.example.com");
    Loop loop;
    EchoServer server(loop, server_side({.certificate = folder / "b.pem", .key = folder / "b.key"}));
    struct Row {
        std::string ca_file, name, what;
    };
    for (const auto& row : {
             Row{ca.file(), "c.example.com", "its certificate is for another name"},
             Row{ca.file(), "127.0.0.1", "its certificate is for another name"},
             Row{other.file(), "b.example.com", "nobody we trust signed its certificate"},
             Row{"", "b.example.com", "nobody we trust signed its certificate"},
         }) {
        auto said = loop.run_to_end(
            ask(server.listener->port(), client_side({.ca_file = row.ca_file}), row.name, "x"));
        REQUIRE(said);
        REQUIRE_FALSE(*said);
        CHECK(said->error().code == Code::refused);
        CHECK(said->error().what == row.what);
        CHECK_FALSE(said->error().hint.empty());
    }
}

TEST_CASE("tls: a server that demands certificates takes those of its CA alone") {
    TempFolder folder;
    Authority ca(folder), other(folder, "other");
    ca.sign("b", "DNS:b.example.com");
    ca.sign("a", "DNS:a.example.com");
    other.sign("x", "DNS:a.example.com");
    Loop loop;
    EchoServer server(
        loop, server_side({.ca_file = ca.file(), .certificate = folder / "b.pem", .key = folder / "b.key"}));
    const auto said_by = [&](const std::string& who) {
        TlsFiles files{.ca_file = ca.file()};
        if (!who.empty()) files.certificate = folder / (who + ".pem"), files.key = folder / (who + ".key");
        return loop.run_to_end(ask(server.listener->port(), client_side(files), "b.example.com", "x"));
    };
    auto known = said_by("a");
    REQUIRE(known);
    REQUIRE(*known);
    CHECK(server.names == std::vector<std::string>{"a.example.com"});

    auto without = said_by("");
    REQUIRE(without);
    REQUIRE_FALSE(*without);
    CHECK(without->error().code == Code::refused);
    CHECK(without->error().what == "it does not accept our certificate");
    CHECK(server.trouble.what == "it shows no certificate");

    auto stranger = said_by("x");
    REQUIRE(stranger);
    REQUIRE_FALSE(*stranger);
    CHECK(stranger->error().what == "it does not accept our certificate");
    CHECK(server.trouble.what == "nobody we trust signed its certificate");
}

TEST_CASE("tls: who does not speak TLS, or says nothing, is told from who does") {
    TempFolder folder;
    Authority ca(folder);
    ca.sign("b", "DNS:b.example.com");
    Loop loop;
    const auto serves = [](std::string bytes) {
        return [bytes](std::unique_ptr<Stream> stream) -> Task<void> {
            return [](std::unique_ptr<Stream> its, std::string text) -> Task<void> {
                std::array<char, 100> part{};
                if (!text.empty()) {
                    auto written = co_await its->write_all(std::move(text), 10s);
                    static_cast<void>(written);
                }
                while (true) {
                    auto got = co_await its->read_some(part, 10s);
                    if (!got || *got == 0) co_return;
                }
            }(std::move(stream), bytes);
        };
    };
    auto plain = Listener::open(loop.executor(), {}, serves("Asterisk Call Manager/11.0.0\r\n"));
    REQUIRE(plain);
    auto said =
        loop.run_to_end(ask((*plain)->port(), client_side({.ca_file = ca.file()}), "b.example.com", "x"));
    REQUIRE(said);
    REQUIRE_FALSE(*said);
    CHECK(said->error().code == Code::protocol);
    CHECK(said->error().what == "it does not speak TLS");

    // a client that says nothing is let go at the deadline
    EchoServer server(loop, server_side({.certificate = folder / "b.pem", .key = folder / "b.key"}), 1ms);
    auto silent = loop.run_to_end([](std::uint16_t port) -> Task<bool> {
        auto stream = co_await connect_tcp("127.0.0.1", port, 10s);
        if (!stream) co_return false;
        std::array<char, 100> part{};
        auto got = co_await (*stream)->read_some(part, 10s);
        co_return got&&* got == 0;
    }(server.listener->port()));
    REQUIRE(silent);
    CHECK(*silent);
    CHECK(server.trouble.code == Code::try_again);
}

TEST_CASE("tls: files that are missing, are no PEM, have expired or do not fit are named") {
    TempFolder folder;
    Authority ca(folder);
    ca.sign("b", "DNS:b.example.com");
    ca.sign("c", "DNS:c.example.com");
    ca.sign("old", "DNS:b.example.com", "-1");
    std::ofstream(folder / "junk.pem") << "junk";
    const auto wrong = [](TlsFiles files) {
        auto side = TlsSide::server(std::move(files));
        REQUIRE_FALSE(side);
        CHECK(side.error().code == Code::config);
        return side.error();
    };
    auto missing = wrong({.certificate = folder / "none.pem"});
    CHECK(missing.where == folder / "none.pem");
    CHECK(missing.what.find("no certificate can be read") == 0);
    CHECK(wrong({.certificate = folder / "junk.pem"}).where == folder / "junk.pem");
    CHECK(wrong({.certificate = folder / "b.pem", .key = folder / "c.key"}).what ==
          "the key is not the certificate's");
    CHECK(wrong({.certificate = folder / "old.pem", .key = folder / "old.key"}).what ==
          "the certificate has expired");
    CHECK(wrong({.ca_file = folder / "junk.pem", .certificate = folder / "b.pem", .key = folder / "b.key"})
              .where == folder / "junk.pem");
    CHECK(wrong({}).what == "a TLS server needs a certificate");
}

namespace {

// openssl s_client and s_server, run by the shell.
std::string output_of(const std::string& command) {
    std::FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string out;
    char part[512];
    while (fgets(part, sizeof part, pipe) != nullptr)
        out += part;
    pclose(pipe);
    return out;
}

}  // namespace

TEST_CASE("tls: openssl's own client speaks with our server, in 1.2 and 1.3 but not below") {
    TempFolder folder;
    Authority ca(folder);
    ca.sign("b", "DNS:b.example.com");
    ca.sign("a", "DNS:a.example.com");
    Loop loop;
    EchoServer server(
        loop, server_side({.ca_file = ca.file(), .certificate = folder / "b.pem", .key = folder / "b.key"}));
    server.once = true;
    const auto client = [&](const std::string& how) {
        std::string out;
        std::thread peer([&] {
            out = output_of(
                "printf 'hello\\n' | timeout 20 openssl s_client -quiet -verify_return_error "
                "-connect 127.0.0.1:" +
                std::to_string(server.listener->port()) + " -servername b.example.com -CAfile " + ca.file() +
                " " + how + " 2>&1");
            loop.stop();
        });
        loop.run();
        peer.join();
        return out;
    };
    const auto own = "-cert " + folder / "a.pem" + " -key " + folder / "a.key";
    const auto heard = [](const std::string& out) { return out.find("hello\n") != std::string::npos; };
    SECTION("1.2") {
        CHECK(heard(client("-tls1_2 " + own)));
    }
    SECTION("1.3") {
        CHECK(heard(client("-tls1_3 " + own)));
    }
    SECTION("1.1") {
        CHECK_FALSE(heard(client("-tls1_1 -cipher ALL:@SECLEVEL=0 " + own)));
    }
    SECTION("without a certificate") {
        CHECK_FALSE(heard(client("-tls1_3")));
    }
}
