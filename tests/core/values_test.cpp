#include "core/backoff.hpp"
#include "core/driver.hpp"
#include "core/duration.hpp"
#include "core/log.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/text.hpp"
#include "support/temp_folder.hpp"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

using namespace pbx;
using namespace std::chrono_literals;

TEST_CASE("duration: a number needs its unit") {
    CHECK(parse_duration("700ms") == 700ms);
    CHECK(parse_duration(" 6s ") == 6000ms);
    CHECK(parse_duration("1.5s") == 1500ms);
    CHECK(parse_duration("2m") == 120s);
    CHECK(parse_duration("1d") == 24h);
    for (const char* bad : {"", "6", "s", "-1s", "6 s", "1.2.3s", "99999999d", "1e9s", "6sec"}) {
        INFO(bad);
        REQUIRE_FALSE(parse_duration(bad));
        CHECK(parse_duration(bad).error().code == Code::data);
    }
}

TEST_CASE("duration: the shortest exact form is written") {
    CHECK(format_duration(700ms) == "700ms");
    CHECK(format_duration(6000ms) == "6s");
    CHECK(format_duration(90s) == "90s");
    CHECK(format_duration(120s) == "2m");
    CHECK(format_duration(0ms) == "0ms");
    for (auto value : {1ms, 999ms, 1000ms, 86'400'000ms})
        CHECK(parse_duration(format_duration(value)) == value);
}

TEST_CASE("result: an error reads as where, what and what to do") {
    Error error{Code::refused, "login refused", "ami 127.0.0.1:5038", "check [ami] user and secret_file"};
    CHECK(error.text() == "ami 127.0.0.1:5038: login refused; check [ami] user and secret_file");
    CHECK(within("relay", error).value().where == "relay: ami 127.0.0.1:5038");
    CHECK(Error{.code = Code::no, .what = "nothing", .where = {}, .hint = {}}.text() == "nothing");
}

TEST_CASE("backoff: it doubles to its limit and stays within the upper half") {
    Backoff backoff(100ms, 1000ms);
    CHECK(backoff.next(0.0) == 50ms);
    CHECK(backoff.next(0.5) == 150ms);
    CHECK(backoff.next(0.0) == 200ms);
    for (int i = 0; i < 5; ++i)
        CHECK(backoff.next(0.999) < 1000ms);
    backoff.reset();
    CHECK(backoff.next(0.0) == 50ms);
}

TEST_CASE("log: control bytes of a caller's name do not reach the log") {
    CHECK(log::cleaned("name\r\nFAKE line\x1b[31m") == "name??FAKE line?[31m");
    CHECK(log::cleaned("имя") == "имя");
    CHECK(log::cleaned("\x9b"
                       "31m \xc2\x9b"
                       "2J \x7f") == "?31m ?2J ?");
    CHECK(log::cleaned("Л€ \xe9 \xc2") == "Л€ \xe9 \xc2");
}

TEST_CASE("log: a line of JSON is UTF-8, whatever a peer sent") {
    test::TempFolder folder;
    const auto file = folder / "log";
    const int before = ::dup(2), into = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ::dup2(into, 2);
    log::open({.format = log::Format::json});
    log::warning("{}", "caf\xe9 \"имя\"");
    log::open({});
    ::dup2(before, 2);
    ::close(before);
    ::close(into);
    std::ostringstream line;
    line << std::ifstream(file).rdbuf();
    CHECK(text::is_utf8(line.str()));
    CHECK(line.str().find("\"caf\uFFFD \\\"имя\\\"\"") != std::string::npos);
}

TEST_CASE("driver: a missing module is one clear error that names the package") {
    auto table = load_driver("no_such_engine", "libnothing1");
    REQUIRE_FALSE(table);
    CHECK(table.error().code == Code::unavailable);
    CHECK(table.error().text().find("libnothing1") != std::string::npos);
}

TEST_CASE("secret: only read() gives its text") {
    Secret secret("hunter2");
    Secret copy = secret;
    CHECK(copy.read() == "hunter2");
    CHECK(Secret().empty());
    CHECK(secret.is("hunter2"));
    for (const auto* other : {"", "hunter", "hunter3", "Hunter2", "hunter2 ", "hunter2hunter2"})
        CHECK_FALSE(secret.is(other));
    CHECK(Secret().is(""));
    CHECK_FALSE(Secret().is("x"));
}
