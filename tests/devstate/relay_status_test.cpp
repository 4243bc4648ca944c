#include "devstate/relay_status.hpp"

#include "devstate/status_client.hpp"
#include "devstate/writer.hpp"
#include "net/loop.hpp"
#include "support/fake_http.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;
using namespace std::chrono_literals;

namespace {
Tally some_tally(std::size_t first) {
    Tally out{.presences = first};
    for (auto& count : out.lamps)
        count = first++;
    return out;
}

RelayStatus some_status() {
    RelayStatus out{.server = "a.example.com",
                    .instance = 1'795'000'000'000'000,
                    .uptime = 3'723'004ms,
                    .trouble = "wss://c:8977/devstate: connection refused",
                    .asterisk_up = true,
                    .own_items = 45,
                    .lamps = 90,
                    .pending = 2,
                    .refused_names = 1,
                    .own = some_tally(1),
                    .shown = some_tally(2)};
    out.servers = {{.view = {.server = "b.example.com", .known_up = true, .distance = 1, .items = 44},
                    .tally = some_tally(0)},
                   {.view = {.server = "c", .dark = true}}};
    out.peers = {{.server = "b.example.com",
                  .address = "192.0.2.7:8977",
                  .up = true,
                  .round_trip = 840us,
                  .queued = 17,
                  .in = 1'000,
                  .out = 2'000,
                  .bytes_in = 30'000,
                  .bytes_out = 40'000},
                 {.address = "wss://c:8977/devstate", .dialled = true, .trouble = "connection refused"},
                 {.address = "127.0.0.1:1883", .broker = true, .dialled = true, .up = true, .in = 5}};
    out.counts = {.written = 1,
                  .suppressed = 2,
                  .refused = 3,
                  .put_right = 4,
                  .taken = 5,
                  .stale = 6,
                  .echoes = 7,
                  .nonsense = 8,
                  .link_downs = 9,
                  .links_refused = 10,
                  .link_overflows = 11};
    out.lag = {.bounds = {0.001, 0.01, 1}, .counts = {90, 9, 0, 1}, .sum = 0.75};
    return out;
}

// A document with one member's text in another's place.
std::string with(const std::string& old, const std::string& now) {
    auto text = encode(some_status());
    const auto at = text.find(old);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), now);
}

Result<RelayStatus> ask(const test::FakeHttp& server, std::chrono::milliseconds limit = 10s) {
    const auto port = std::stoi(server.url().substr(server.url().rfind(':') + 1));
    net::Loop loop;
    auto status = loop.run_to_end(ask_status("127.0.0.1", static_cast<std::uint16_t>(port), limit));
    REQUIRE(status);
    return std::move(*status);
}
}  // namespace

TEST_CASE("relay status: what is encoded is decoded as it was") {
    for (const auto& status : {some_status(), RelayStatus{}}) {
        const auto again = decode_status(encode(status));
        REQUIRE(again);
        CHECK(*again == status);
    }
}

TEST_CASE("relay status: a script finds plain names, and milliseconds it needn't work out") {
    const auto text = encode(some_status());
    CHECK(text.starts_with(R"({"v":1,"type":"status","server":"a.example.com",)"));
    for (const char* part : {R"("asterisk_up":true)", R"("uptime_ms":3723004)", R"("own":{"items":45,)",
                             R"({"server":"c","up":false,"dark":true,"distance":0,"items":0,"states":{},)",
                             R"("kind":"broker")", R"("round_trip_us":840)", R"("written":1,"suppressed":2)",
                             R"("count":100,"sum_s":0.75,"p50_ms":0.55)"}) {
        INFO(part << " in " << text);
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("relay status: members that are not known yet are passed over, counts that are missing are 0") {
    auto status = decode_status(with(R"("v":1)", R"("v":1,"new":{"x":[1]})"));
    REQUIRE(status);
    CHECK(*status == some_status());
    status = decode_status(with(R"("written":1,)", R"("rewritten":"x",)"));
    REQUIRE(status);
    CHECK(status->counts.written == 0);
    status = decode_status(with(R"("states":{"NOT_INUSE")", R"("states":{"SLEEPING":7,"NOT_INUSE")"));
    REQUIRE(status);
    CHECK(status->own.of(State::not_inuse) == 2);
}

TEST_CASE("relay status: what could steer a terminal is made harmless, what is long is cut") {
    auto status = decode_status(with("connection refused", R"(\u001b[2J\u009b1m\u202e\nx)"));
    REQUIRE(status);
    CHECK(status->trouble == "wss://c:8977/devstate: ?[2J?1m??x");
    status = decode_status(with("192.0.2.7:8977", std::string(max_status_text + 9, 'y')));
    REQUIRE(status);
    CHECK(status->peers.front().address == std::string(max_status_text, 'y'));
    auto bad = some_status();
    bad.trouble = "\xff\x1b";
    CHECK(decode_status(encode(bad)).value().trouble == "??");
}

TEST_CASE("relay status: what is not of this shape, or over a limit, is refused with the reason") {
    struct Row {
        std::string text, reason;
    };
    std::string many, deep;
    for (std::size_t i = 0; i <= max_servers; ++i)
        many += R"({"server":"x","states":{}},)";
    for (int i = 0; i < 100'000; ++i)
        deep += "[";
    for (const auto& row : {
             Row{"", "no status of a relay"},
             Row{"[]", "no status of a relay"},
             Row{R"({"v":1,"type":"error"})", "no status of a relay"},
             Row{R"({"v":2,"type":"status"})", "status of another version than 1"},
             Row{R"({"v":1,"type":"status"})", "status: own is missing"},
             Row{deep, "status nested too deep"},
             Row{std::string(max_status + 1, ' '),
                 "status longer than " + std::to_string(max_status) + " bytes"},
             Row{with("b.example.com", R"(b\u001b[2J)"), "status: servers: server has a control byte"},
             Row{with("b.example.com", "b x"), "status: servers: server is no server name"},
             Row{with("b.example.com", std::string(41, 'b')), "status: servers: server is longer than 40"},
             Row{with(R"("distance":1)", R"("distance":4294967297)"),
                 "status: servers: distance is over 256"},
             Row{with(R"("servers":[)", R"("servers":[)" + many), "status: more than 256 servers"},
             Row{with(R"("items":45)", R"("items":-1)"), "status: own: items is no number up to 2^53"},
             Row{with(R"("NOT_INUSE":2)", R"("NOT_INUSE":1.5)"),
                 "status: own: states: a state is no number up to 2^53"},
             Row{with(R"("counts":{"written")", R"("counts":[],"x":{"written")"),
                 "status: counts is no object"},
             Row{with("[0.001,0.01,1.0]", "[0.01,0.01,1]"), "status: lag: bounds don't rise"},
             Row{with("[0.001,0.01,1.0]", R"([0.01,"x",1])"), "status: lag: bounds don't rise"},
             Row{with("[90,9,0,1]", "[90,9,0]"), "status: lag: not a count for each bound"},
             Row{with("0.75", "1e999"), "no status of a relay"},
             Row{with(R"("trouble":"wss)", R"("trouble":[],"x":"wss)"), "status: trouble is no text"},
         }) {
        INFO(row.text.substr(0, 200));
        const auto status = decode_status(row.text);
        REQUIRE_FALSE(status);
        CHECK(status.error().what == row.reason);
        CHECK(status.error().code == Code::protocol);
    }
}

TEST_CASE("relay status: a lag's quantile lies on a line through its bucket") {
    const Lag lag{.bounds = {0.001, 0.01, 1}, .counts = {50, 0, 40, 10}, .sum = 9};
    CHECK(lag.count() == 100);
    CHECK(*lag.quantile(0.25) == Approx(0.0005));
    CHECK(*lag.quantile(0.5) == Approx(0.001));
    CHECK(*lag.quantile(0.7) == Approx(0.01 + 0.99 / 2));
    CHECK(*lag.quantile(0.99) == 1);  // above all bounds
    CHECK_FALSE(Lag{}.quantile(0.5));
    CHECK_FALSE(Lag{.bounds = {1}, .counts = {0, 0}}.quantile(0.5));

    const auto later = Lag{.bounds = lag.bounds, .counts = {50, 3, 40, 10}, .sum = 9.015};
    const auto since = later.since(lag);
    REQUIRE(since);
    CHECK(since->counts == std::vector<std::uint64_t>{0, 3, 0, 0});
    CHECK(since->sum == Approx(0.015));
    CHECK_FALSE(lag.since(later));  // fell: another life
    CHECK_FALSE(lag.since(Lag{}));
}

TEST_CASE("relay status: lamps are counted by state, own, another's and those Asterisk shows") {
    const Moment now{1h};
    Hub hub({.server = "a", .instance = 7});
    static_cast<void>(hub.on(OwnTable{{{.name = "101", .state = State::inuse},
                                       {.name = "102", .state = State::inuse},
                                       {.kind = Kind::presence, .name = "101", .presence = "dnd,,"}}},
                             now));
    static_cast<void>(hub.on(LinkUp{.link = 1, .server = "b"}, now));
    Items items{.origin = "b", .epoch = 1, .begin = true, .upto = 2};
    items.items = {{1, {.name = "201", .state = State::ringing}}, {2, {.name = "202", .gone = true}}};
    static_cast<void>(hub.on(Received{.link = 1, .frame = items}, now));
    CHECK(hub.tally("a").of(State::inuse) == 2);
    CHECK(hub.tally("a").presences == 1);
    CHECK(hub.tally("b").of(State::ringing) == 1);
    CHECK(hub.tally("b").of(State::unknown) == 0);  // what is gone counts for nothing
    CHECK(hub.tally("nobody") == Tally{});

    Writer writer({});
    writer.shown({{"Custom:1*b", "INUSE"}, {"Custom:2*b", "ONHOLD"}, {"CustomPresence:1*b", "dnd,,"}}, now);
    writer.want(Kind::lamp, "Custom:3*b", "BUSY", now);
    CHECK(writer.tally().of(State::inuse) == 1);
    CHECK(writer.tally().of(State::busy) == 0);  // not shown yet
    CHECK(writer.tally().presences == 1);
    const auto write = writer.next(now);
    REQUIRE(write);
    writer.written(write->id, now);
    CHECK(writer.tally().of(State::busy) == 1);
    writer.cut();
    CHECK(writer.tally() == Tally{});  // nobody knows what it shows
}

TEST_CASE("relay status: a relay is asked, who is no relay is told apart from who isn't there") {
    const test::FakeHttp relay([](const test::FakeRequest&) {
        return test::FakeHttp::reply("200 OK", encode(some_status()) + "\n");
    });
    CHECK(ask(relay).value() == some_status());
    const test::FakeHttp older(
        [](const test::FakeRequest&) { return test::FakeHttp::reply("404 Not Found", "/healthz\n"); });
    auto error = ask(older).error();
    CHECK(error.code == Code::protocol);
    CHECK(error.text().find("no status there: HTTP 404; something else has this address") !=
          std::string::npos);
    const test::FakeHttp other(
        [](const test::FakeRequest&) { return test::FakeHttp::reply("200 OK", "{}"); });
    CHECK(ask(other).error().what == "no status of a relay");
    const test::FakeHttp huge([](const test::FakeRequest&) {
        return test::FakeHttp::reply("200 OK", std::string(max_status + 1, ' '));
    });
    CHECK(ask(huge).error().what == "answer is too big");
    const test::FakeHttp silent([](const test::FakeRequest& request) {
        request.wait_until_left();
        return std::string();
    });
    CHECK(ask(silent, 50ms).error().code == Code::try_again);
    std::uint16_t closed = 0;
    {
        const test::FakeHttp gone([](const test::FakeRequest&) { return std::string(); });
        closed = static_cast<std::uint16_t>(std::stoi(gone.url().substr(gone.url().rfind(':') + 1)));
    }
    net::Loop loop;
    error = loop.run_to_end(ask_status("127.0.0.1", closed, 10s)).value().error();
    CHECK(error.code == Code::unavailable);
    CHECK(error.hint.find("does a relay run there?") == 0);
}
