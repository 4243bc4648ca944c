#include "devstate/top.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;
using namespace std::chrono_literals;

namespace {
RelayStatus status_at(std::chrono::milliseconds uptime, std::uint64_t written) {
    RelayStatus out{.server = "a.example.com",
                    .instance = 7,
                    .uptime = uptime,
                    .asterisk_up = true,
                    .own_items = 3,
                    .lamps = 10};
    out.servers = {{.view = {.server = "d", .known_up = true, .distance = 2, .items = 4}},
                   {.view = {.server = "b", .known_up = true, .distance = 1, .items = 5}},
                   {.view = {.server = "c", .dark = true, .items = 1}},
                   {.view = {.server = "e", .items = 1}}};
    out.own.add(State::inuse);
    out.own.add(State::ringing);
    out.own.add(State::ringinuse);
    out.peers = {{.server = "b",
                  .address = "192.0.2.7:8977",
                  .up = true,
                  .round_trip = 1234us,
                  .in = written * 2,
                  .out = written},
                 {.address = "wss://c:8977/devstate", .dialled = true, .trouble = "connection refused"}};
    out.counts = {.written = written, .suppressed = 10 * written, .taken = 3, .stale = 4};
    out.lag = {.bounds = {0.001, 0.01}, .counts = {written, 0, 0}, .sum = 0};
    return out;
}

Seen seen_twice(const RelayStatus& before, const RelayStatus& now) {
    Seen out{.from = "127.0.0.1:9100"};
    out.take(before);
    out.take(now);
    return out;
}

std::string cell(const TopTable& table, std::size_t row, std::string_view column) {
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].name == column) return table.rows.at(row).cells.at(i);
    FAIL("no column " << column);
    return {};
}
}  // namespace

TEST_CASE("top: rates are differences by the relay's own clock") {
    const auto rates = rates_between(status_at(10s, 100), status_at(12s, 150));
    REQUIRE(rates);
    CHECK(rates->seconds == 2);
    CHECK(rates->written == 25);
    CHECK(rates->suppressed == 250);
    CHECK(rates->taken == 0);
    CHECK(*rates->p50 == Approx(0.0005));
    CHECK(*rates->p99 == Approx(0.00099));
    CHECK_FALSE(rates_between(status_at(10s, 100), status_at(12s, 100))->p50);  // nothing was written
}

TEST_CASE("top: there is no rate over a relay's restart, nor in no time, nor below nothing") {
    auto other = status_at(12s, 150);
    other.instance = 8;
    CHECK_FALSE(rates_between(status_at(10s, 100), other));
    CHECK_FALSE(rates_between(status_at(10s, 100), status_at(10s, 150)));
    CHECK_FALSE(rates_between(status_at(10s, 100), status_at(9s, 150)));
    const auto fell = rates_between(status_at(10s, 100), status_at(11s, 50));
    REQUIRE(fell);
    CHECK(fell->written == 0);
    CHECK_FALSE(fell->p50);
}

TEST_CASE("top: a relay has a row, its servers and links too, what is wrong first") {
    const std::vector<Seen> all{seen_twice(status_at(3h + 712s, 100), status_at(3h + 714s, 124))};
    const auto tables = top_tables(all);
    REQUIRE(tables.size() == 3);
    for (const auto& table : tables)
        for (const auto& row : table.rows)
            CHECK(row.cells.size() == table.columns.size());
    const auto &relays = tables[0], &servers = tables[1], &links = tables[2];
    CHECK(cell(relays, 0, "relay") == "a.example.com");
    CHECK(cell(relays, 0, "asterisk") == "up");
    CHECK(cell(relays, 0, "up") == "3h11m");
    CHECK(cell(relays, 0, "written/s") == "12");
    CHECK(cell(relays, 0, "news/s") == "0.0");
    CHECK(cell(relays, 0, "p50_ms") == "0.50");
    CHECK(cell(relays, 0, "trouble") == "-");
    CHECK(relays.rows[0].mood == Mood::plain);

    std::vector<std::string> names, states;
    for (std::size_t i = 0; i < servers.rows.size(); ++i) {
        names.push_back(cell(servers, i, "server"));
        states.push_back(cell(servers, i, "state"));
    }
    CHECK(names == std::vector<std::string>{"a.example.com", "c", "e", "b", "d", "*"});
    CHECK(states == std::vector<std::string>{"own", "dark", "lost", "up", "up", "shown"});
    CHECK(cell(servers, 0, "inuse") == "1");
    CHECK(cell(servers, 0, "ringing") == "2");
    CHECK(cell(servers, 1, "hops") == "-");
    CHECK(cell(servers, 3, "hops") == "1");
    CHECK(cell(servers, 5, "items") == "10");
    CHECK(servers.rows[1].mood == Mood::bad);

    CHECK(cell(links, 0, "state") == "down");
    CHECK(cell(links, 0, "server") == "-");
    CHECK(cell(links, 0, "trouble") == "connection refused");
    CHECK(cell(links, 1, "rtt_ms") == "1.23");
    CHECK(cell(links, 1, "in/s") == "24");
    CHECK(cell(links, 1, "out/s") == "12");
}

TEST_CASE("top: at the first look, or where nothing answers, what isn't known is a dash") {
    Seen first{.from = "127.0.0.1:9100"}, gone = seen_twice(status_at(1s, 1), status_at(2s, 2));
    first.take(status_at(59s, 1));
    gone.take(fail(Code::unavailable, "connection refused\x1b[2J", "127.0.0.1:9101"));
    const Seen never{.from = "\x1b]0;x"};
    const std::vector<Seen> all{first, gone, never};
    const auto tables = top_tables(all);
    CHECK(cell(tables[0], 0, "up") == "59s");
    CHECK(cell(tables[0], 0, "written/s") == "-");
    CHECK(cell(tables[0], 1, "relay") == "a.example.com");  // as it called itself when it was there
    CHECK(cell(tables[0], 1, "asterisk") == "-");
    CHECK(cell(tables[0], 1, "trouble") == "connection refused?[2J");
    CHECK(tables[0].rows[1].mood == Mood::bad);
    CHECK(cell(tables[0], 2, "relay") == "?]0;x");
    CHECK(cell(tables[0], 2, "trouble") == "not asked yet");
    CHECK(tables[1].rows.size() == 6);  // of the one that answers
    CHECK(tables[2].rows.size() == 2);
}

TEST_CASE("top: numbers are short, whatever they are") {
    const std::vector<Seen> slow{seen_twice(status_at(90'000s, 0), status_at(100'000s, 5))};
    CHECK(cell(top_tables(slow)[0], 0, "up") == "1d3h");
    CHECK(cell(top_tables(slow)[0], 0, "written/s") == "0.0");
    const std::vector<Seen> fast{seen_twice(status_at(1s, 0), status_at(61s, 12'345'678))};
    CHECK(cell(top_tables(fast)[0], 0, "up") == "1m");
    CHECK(cell(top_tables(fast)[0], 0, "written/s") == "205761");
}

TEST_CASE("top: lines are aligned, numbers at the right") {
    const std::vector<Seen> all{seen_twice(status_at(1s, 0), status_at(2s, 10))};
    const auto lines = top_lines(top_tables(all), 500, 500);
    std::vector<std::string> servers;
    for (const auto& line : lines)
        if (line.text.starts_with("server") || line.text.starts_with("c ") || line.text.starts_with("* "))
            servers.push_back(line.text);
    REQUIRE(servers.size() == 3);
    CHECK(servers[0] ==
          "server         state  hops  items  inuse  ringing  busy  onhold  free  unavail  other  presences");
    CHECK(servers[1] ==
          "c              dark      -      1      0        0     0       0     0        0      0          0");
    CHECK(servers[2] ==
          "*              shown     -     10      0        0     0       0     0        0      0          0");
    CHECK(lines.front().head);
    CHECK(lines.front().text.ends_with("put_right"));  // and trouble, if any, in a line of its own
    CHECK(lines.front().text.starts_with("relay          asterisk  up  told  lamps  waiting  written/s"));
}

TEST_CASE("top: several relays are told apart in every table, one isn't") {
    const auto one = seen_twice(status_at(1s, 0), status_at(2s, 10));
    const std::vector<Seen> alone{one}, two{one, one};
    const auto heads = [](const std::vector<Seen>& all) {
        std::size_t out = 0;
        for (const auto& line : top_lines(top_tables(all), 500, 500))
            if (line.head && line.text.starts_with("relay ")) ++out;
        return out;
    };
    CHECK(heads(alone) == 1);
    CHECK(heads(two) == 3);
}

TEST_CASE(
    "top: no line is wider and no more lines are given than the window takes, and what is left out is said") {
    auto status = status_at(2s, 10);
    status.trouble = std::string(300, 'x') + "Ёлка";
    const std::vector<Seen> all{seen_twice(status_at(1s, 0), status)};
    const auto tables = top_tables(all);
    const auto whole = top_lines(tables, 5000, 5000);
    for (const std::size_t width : {0U, 1U, 7U, 80U, 200U})
        for (const std::size_t height : {0U, 1U, 2U, 5U, 100U}) {
            const auto lines = top_lines(tables, width, height);
            CHECK(lines.size() == std::min<std::size_t>(height, whole.size()));
            CHECK(std::all_of(lines.begin(), lines.end(),
                              [&](const auto& line) { return text::columns(line.text) <= width; }));
            CHECK(std::all_of(lines.begin(), lines.end(),
                              [](const auto& line) { return text::is_utf8(line.text); }));
        }
    CHECK(top_lines(tables, 80, 5).back().text == "… " + std::to_string(whole.size() - 4) + " lines more");
}
