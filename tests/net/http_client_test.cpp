#include "net/http_client.hpp"

#include "support/fake_http.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;
using test::FakeHttp;
using test::FakeRequest;

namespace {
HttpClient client() {
    auto opened = HttpClient::open();
    REQUIRE(opened);
    return std::move(*opened);
}

// `openssl s_server` with a certificate of its own for "localhost".
class TlsServer {
  public:
    explicit TlsServer(const test::TempFolder& folder) : certificate(folder / "cert.pem") {
        const auto key = folder / "key.pem";
        const auto make =
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
            "subjectAltName=DNS:localhost -keyout " +
            key + " -out " + certificate + " 2>/dev/null";
        REQUIRE(std::system(make.c_str()) == 0);
        const auto serve = "exec openssl s_server -www -accept 127.0.0.1:0 -naccept 2 -key " + key +
                           " -cert " + certificate + " 2>/dev/null";
        server_ = popen(serve.c_str(), "r");
        REQUIRE(server_ != nullptr);
        char line[256];
        while (port.empty() && fgets(line, sizeof line, server_) != nullptr)
            if (std::string text = line; text.rfind("ACCEPT 127.0.0.1:", 0) == 0)
                port = text.substr(17, text.find('\n') - 17);
        REQUIRE_FALSE(port.empty());
    }
    ~TlsServer() { pclose(server_); }
    std::string certificate, port;

  private:
    std::FILE* server_ = nullptr;
};
}  // namespace

TEST_CASE("http: a request goes out as it was given and its answer comes back") {
    FakeHttp server([](const FakeRequest&) {
        return FakeHttp::reply("201 Created", "да", "X-One: 1\r\nx-one:  two \r\n");
    });
    auto http = client();
    auto answer = http.send({.method = "POST",
                             .url = server.url("/a?b=c"),
                             .headers = {{"X-Given", "v"}, {"Content-Type", "text/plain"}},
                             .body = std::string("\0x", 2)});
    REQUIRE(answer);
    CHECK((answer->status == 201 && answer->body == "да"));
    CHECK((answer->header("X-ONE") == "two" && answer->header("none").empty()));
    CHECK(http.left());
    auto request = server.requests().at(0);
    CHECK(request.line == "POST /a?b=c HTTP/1.1");
    CHECK((request.has("X-Given: v\r\n") && request.has("Content-Type: text/plain\r\n") &&
           !request.has("Expect")));
    CHECK(request.body == std::string("\0x", 2));
}

TEST_CASE("http: a status of refusal is an answer, a redirect is not followed") {
    FakeHttp server([](const FakeRequest&) {
        return FakeHttp::reply("302 Found", "", "Location: file:///etc/passwd\r\n");
    });
    auto http = client();
    auto answer = http.send({.url = server.url()});
    REQUIRE(answer);
    CHECK((answer->status == 302 && answer->header("location") == "file:///etc/passwd"));
    CHECK(server.requests().size() == 1);
}

TEST_CASE("http: nobody there is unavailable, and nothing left") {
    std::string url;
    {
        FakeHttp gone([](const FakeRequest&) { return ""; });
        url = gone.url("/secret-path");
    }
    auto http = client();
    auto answer = http.send({.url = url});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Code::unavailable);
    CHECK_FALSE(http.left());
    CHECK(answer.error().text().find("secret-path") == std::string::npos);
}

TEST_CASE("http: a peer that says nothing is given up at the deadline, and the request may have arrived") {
    FakeHttp server([](const FakeRequest& request) { return request.wait_until_left(), ""; });
    auto http = client();
    auto answer =
        http.send({.method = "POST", .url = server.url("/bot123:token/x"), .body = "x", .whole = 200ms});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Code::try_again);
    CHECK(http.left());
    CHECK(answer.error().text().find("token") == std::string::npos);
}

TEST_CASE("http: a wait can be ended from outside") {
    FakeHttp server([](const FakeRequest& request) { return request.wait_until_left(), ""; });
    auto opened = HttpClient::open([&] { return server.requests().empty(); });
    REQUIRE(opened);
    auto answer = opened->send({.url = server.url(), .whole = 60s});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().what == "stopped");
}

TEST_CASE("http: answers that are none") {
    auto http = client();
    auto code_of = [&](const std::string& bytes) {
        FakeHttp server([&](const FakeRequest&) { return bytes; });
        auto answer = http.send({.url = server.url(), .most_answer = 1000});
        REQUIRE_FALSE(answer);
        return answer.error().code;
    };
    CHECK(code_of("") == Code::protocol);
    CHECK(code_of("SSH-2.0-OpenSSH\r\n") == Code::protocol);
    CHECK(code_of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf") == Code::protocol);
    CHECK(code_of(FakeHttp::reply("200 OK", std::string(1001, 'x'))) == Code::protocol);
    CHECK(code_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") == Code::protocol);
}

TEST_CASE("http: what is no http URL or no header is refused before anything is sent") {
    auto http = client();
    for (const char* url :
         {"", "file:///etc/passwd", "ftp://x/", "http://", "gopher://x", "http://a b/", "http://a/\n"})
        CHECK(http.send({.url = url}).error().code == Code::data);
    CHECK(http.send({.url = "http://127.0.0.1:1/", .headers = {{"X", "a\r\nY: b"}}}).error().code ==
          Code::data);
    CHECK(origin_of("HTTPS://user:pass@example.org:81/path?x#y") == "https://example.org:81");
}

TEST_CASE("http: a proxy is used when it is given, and the environment's is not") {
    FakeHttp proxy([](const FakeRequest&) { return FakeHttp::reply("200 OK", "by proxy"); });
    auto http = client();
    auto answer = http.send({.url = "http://pbx.example/x", .proxy = proxy.url()});
    REQUIRE(answer);
    CHECK(answer->body == "by proxy");
    CHECK(proxy.requests().at(0).line == "GET http://pbx.example/x HTTP/1.1");

    FakeHttp server([](const FakeRequest&) { return FakeHttp::reply("200 OK", "straight"); });
    setenv("http_proxy", proxy.url().c_str(), 1);
    CHECK(http.send({.url = server.url()}).value().body == "straight");
    unsetenv("http_proxy");
}

TEST_CASE("http: only a certificate that can be verified is trusted") {
    test::TempFolder folder;
    TlsServer server(folder);
    auto http = client();
    const auto url = "https://localhost:" + server.port + "/";
    auto refused = http.send({.url = url});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::refused);
    auto trusted = http.send({.url = url, .ca_file = server.certificate});
    REQUIRE(trusted);
    CHECK(trusted->status == 200);
}
