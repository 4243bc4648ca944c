#include "ami/client.hpp"

#include "ami/fake_ami.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::ami;
using namespace std::chrono_literals;
using pbx::ami::test::FakeAmi;
using pbx::net::Task;

namespace {

const SystemClock system_clock;

ClientOptions options_for(const FakeAmi& fake) {
    ClientOptions options;
    options.port = fake.port();
    options.user = "relay";
    options.secret = Secret("opensesame");
    options.first_pause = 10ms;
    options.most_pause = 40ms;
    return options;
}

std::string success(const Message& action) {
    return test::response(action, "Success", "Message: Variable Set\r\n");
}

Task<Result<Banner>> log_in(Client* client) {
    auto up = co_await client->log_in();
    co_return up;
}

Task<Result<Message>> ask(Client* client, Action action) {
    auto up = co_await client->log_in();
    if (!up) co_return tl::unexpected(up.error());
    auto answer = co_await client->ask(std::move(action));
    co_return answer;
}

Task<Result<List>> ask_list(Client* client, Action action, std::size_t most) {
    auto up = co_await client->log_in();
    if (!up) co_return tl::unexpected(up.error());
    auto answer = co_await client->ask_list(std::move(action), most);
    co_return answer;
}

// One client of one fake on one loop.
struct Pair {
    explicit Pair(FakeAmi::Ways ways = {}, std::function<void(ClientOptions&)> change = {},
                  Client::Handlers handlers = {})
        : fake(loop.executor(), std::move(ways)),
          client(loop.executor(), changed(change), system_clock, std::move(handlers)) {}

    ClientOptions changed(const std::function<void(ClientOptions&)>& change) const {
        auto options = options_for(fake);
        if (change) change(options);
        return options;
    }
    Result<Banner> log_in() { return loop.run_to_end(::log_in(&client)).value(); }
    Result<Message> ask(Action action) { return loop.run_to_end(::ask(&client, std::move(action))).value(); }
    Result<List> ask_list(Action action, std::size_t most = 1000) {
        return loop.run_to_end(::ask_list(&client, std::move(action), most)).value();
    }

    net::Loop loop;
    FakeAmi fake;
    Client client;
};

}  // namespace

TEST_CASE("ami client: logs in by challenge, and the secret stays at home") {
    Pair pair;
    const auto banner = pair.log_in();
    REQUIRE(banner);
    CHECK(banner->major == 11);
    CHECK(pair.client.is_up());
    CHECK(pair.fake.actions() == std::vector<std::string>{"Challenge", "Login"});
}

TEST_CASE("ami client: logs in plainly when told so") {
    Pair pair({.has_challenge = false}, [](ClientOptions& options) { options.login = Login::plain; });
    CHECK(pair.log_in());
    CHECK(pair.fake.actions() == std::vector<std::string>{"Login"});
}

TEST_CASE("ami client: a refused login says which settings to look at") {
    Pair pair({.secret = "another"});
    const auto banner = pair.log_in();
    REQUIRE_FALSE(banner);
    CHECK(banner.error().code == Code::refused);
    CHECK(banner.error().what == "login refused: Authentication failed");
    CHECK(banner.error().hint == "check [ami] user and secret_file, and permit in manager.conf");
    CHECK(banner.error().where == pair.client.where());
    CHECK_FALSE(pair.client.is_up());
}

TEST_CASE("ami client: a manager without Challenge is named as such") {
    Pair pair({.has_challenge = false});
    const auto banner = pair.log_in();
    REQUIRE_FALSE(banner);
    CHECK(banner.error().hint == "set [ami] login = plain for a manager without Challenge");
}

TEST_CASE("ami client: a port where no manager speaks") {
    Pair pair({.banner = "SSH-2.0-OpenSSH_9.2\r\n"});
    const auto banner = pair.log_in();
    REQUIRE_FALSE(banner);
    CHECK(banner.error().code == Code::protocol);
    CHECK(banner.error().what.find("SSH-2.0") != std::string::npos);
}

TEST_CASE("ami client: nobody listens") {
    net::Loop loop;
    ClientOptions options;
    {
        FakeAmi gone(loop.executor(), {});
        options = options_for(gone);
    }
    Client client(loop.executor(), options, system_clock, {});
    const auto banner = loop.run_to_end(log_in(&client)).value();
    REQUIRE_FALSE(banner);
    CHECK(banner.error().code == Code::unavailable);
    CHECK(banner.error().where == client.where());
}

TEST_CASE("ami client: one that accepts and says nothing is given up") {
    Pair pair({.is_silent = true}, [](ClientOptions& options) { options.connect_limit = 30ms; });
    const auto banner = pair.log_in();
    REQUIRE_FALSE(banner);
    CHECK(banner.error().code == Code::try_again);
    CHECK(banner.error().what == "no banner came");
}

TEST_CASE("ami client: what is written in pieces is read whole") {
    for (const std::size_t piece : {1U, 2U, 7U}) {
        Pair pair({.piece = piece, .answer = success});
        const auto answer = pair.ask(Action("Setvar").with("Variable", "X").with("Value", "1"));
        REQUIRE(answer);
        CHECK(answer->get("Message") == "Variable Set");
    }
}

TEST_CASE("ami client: refusals say which right or module is missing") {
    Pair pair;
    pair.fake.ways().answer = [](const Message& action) {
        return test::response(action, "Error", "Message: Permission denied\r\n");
    };
    const auto denied = pair.ask(Action("Setvar"));
    REQUIRE_FALSE(denied);
    CHECK(denied.error().code == Code::refused);
    CHECK(denied.error().hint == "manager.conf, [relay]: write = call");

    Pair other;
    const auto unknown = other.ask_list(Action("DeviceStateList"));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == Code::no);
    CHECK(unknown.error().hint == "load res_manager_devicestate.so (modules.conf)");
}

TEST_CASE("ami client: a value that would begin another action is not sent") {
    Pair pair({.answer = success});
    const auto answer = pair.ask(Action("Setvar").with("Value", "1\r\n\r\nAction: Originate"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Code::data);
    CHECK(pair.fake.actions() == std::vector<std::string>{"Challenge", "Login"});
}

namespace {

std::string devices(const Message& action) {
    std::string out = test::response(action, "Success", "EventList: start\r\n");
    for (int i = 0; i < 3; ++i) {
        out += test::list_event(action, "DeviceStateChange", "Device: Custom:" + std::to_string(i) + "\r\n");
        out += "Event: DeviceStateChange\r\nDevice: Custom:live\r\n\r\n";  // not of the list
    }
    return out +
           test::list_event(action, "DeviceStateListComplete", "EventList: Complete\r\nListItems: 3\r\n");
}

}  // namespace

TEST_CASE("ami client: a list is collected, and what happens meanwhile is an event") {
    int live = 0;
    Pair pair({.answer = devices}, {}, {.on_event = [&live](const Message& event) {
                  CHECK(event.get("Device") == "Custom:live");
                  ++live;
              }});
    const auto list = pair.ask_list(Action("DeviceStateList"));
    REQUIRE(list);
    CHECK(list->entries.size() == 3);
    CHECK(list->entries[2].get("Device") == "Custom:2");
    CHECK(list->end.get("ListItems") == "3");
    CHECK(live == 3);
}

TEST_CASE("ami client: a list over its limit is an error, and the connection goes on") {
    Pair pair({.answer = devices});
    const auto list = pair.ask_list(Action("DeviceStateList"), 2);
    REQUIRE_FALSE(list);
    CHECK(list.error().what == "DeviceStateList gave more than 2 entries");
    CHECK(pair.client.is_up());
    CHECK(pair.client.pending() == 0);
}

TEST_CASE("ami client: an empty list that Asterisk only answers is a list") {
    Pair pair({.answer = [](const Message& action) {
        return test::response(action, "Success",
                              "Message: There are no voicemail users currently defined.\r\n");
    }});
    const auto list = pair.ask_list(Action("VoicemailUsersList"));
    REQUIRE(list);
    CHECK(list->entries.empty());
}

TEST_CASE("ami client: an action without an answer ends at its deadline") {
    Pair pair({.answer = [](const Message&) { return std::string(); }}, [](ClientOptions& options) {
        options.answer_limit = 30ms;
        options.dead_after = 60ms;
    });
    const auto answer = pair.ask(Action("Setvar"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Code::try_again);
    CHECK(answer.error().what == "Setvar was not answered in time");
    CHECK(pair.client.is_up());
}

TEST_CASE("ami client: five thousand actions sent in one turn go in few writes and are all answered") {
    Pair pair({.answer = success});
    REQUIRE(pair.log_in());
    const auto before = pair.fake.reads();
    int answered = 0;
    for (int i = 0; i < 5000; ++i) {
        const auto sent =
            pair.client.send(Action("Setvar")
                                 .with("Variable", "DEVICE_STATE(Custom:" + std::to_string(i) + ")")
                                 .with("Value", "INUSE"),
                             [&](const Result<Message>& answer) {
                                 if (answer && ++answered == 5000) pair.loop.stop();
                             });
        REQUIRE(sent);
    }
    CHECK(pair.client.pending() == 5000);
    pair.loop.run();
    CHECK(answered == 5000);
    CHECK(pair.client.pending() == 0);
    CHECK(pair.fake.reads() - before < 1000);  // 4 KB a read of the fake's
}

TEST_CASE("ami client: more than the limit in flight is refused, not queued") {
    Pair pair({.is_silent = false}, [](ClientOptions& options) { options.most_pending = 10; });
    REQUIRE(pair.log_in());
    for (int i = 0; i < 10; ++i)
        REQUIRE(pair.client.send(Action("Setvar"), {}));
    const auto more = pair.client.send(Action("Setvar"), {});
    REQUIRE_FALSE(more);
    CHECK(more.error().code == Code::try_again);
}

TEST_CASE("ami client: an idle connection is kept alive by Ping, a dead one is noticed and left") {
    std::optional<Error> down;
    net::Loop* running = nullptr;
    Pair pair({}, [](ClientOptions& options) { options.dead_after = 60ms; },
              {.on_down = [&](const Error& error) {
                  down = error;
                  running->stop();
              }});
    running = &pair.loop;
    REQUIRE(pair.log_in());
    bool in_flight_ended = false;
    const auto silence = [](Pair* which) -> Task<int> {
        co_await net::sleep_for(150ms);
        which->fake.ways().is_silent = true;
        co_return 0;
    };
    static_cast<void>(pair.loop.run_to_end(silence(&pair)));
    CHECK(pair.fake.pings() >= 3);
    CHECK_FALSE(down);
    REQUIRE(pair.client.send(Action("Setvar"),
                             [&](const Result<Message>& answer) { in_flight_ended = !answer; }));
    pair.loop.run();
    REQUIRE(down);
    CHECK(down->code == Code::try_again);
    CHECK(in_flight_ended);
    CHECK_FALSE(pair.client.is_up());
}

TEST_CASE("ami client: a service comes back after every cut") {
    std::vector<std::string> told;
    Pair* self = nullptr;
    Pair pair({.after_login = "Event: FullyBooted\r\n\r\n"}, {},
              {.on_up =
                   [&](const Banner&) {
                       told.emplace_back("up");
                       self->fake.cut();
                   },
               .on_event = [&](const Message& event) { told.emplace_back(event.event()); },
               .on_down =
                   [&](const Error&) {
                       told.emplace_back("down");
                       if (self->fake.logins() == 3) self->loop.stop();
                   }});
    self = &pair;
    pair.client.start();
    pair.loop.run();
    CHECK(pair.fake.logins() == 3);
    CHECK(std::count(told.begin(), told.end(), "up") == 3);
    CHECK(std::count(told.begin(), told.end(), "down") == 3);
}

TEST_CASE("ami client: a service waits for an Asterisk that is not there yet") {
    net::Loop loop;
    std::optional<FakeAmi> fake(std::in_place, loop.executor(), FakeAmi::Ways{.banner = "nonsense\r\n"});
    int failed = 0;
    bool up = false;
    Client client(loop.executor(), options_for(*fake), system_clock,
                  {.on_up =
                       [&](const Banner&) {
                           up = true;
                           loop.stop();
                       },
                   .on_down =
                       [&](const Error&) {
                           if (++failed == 3) fake->ways().banner = "Asterisk Call Manager/11.0.0\r\n";
                       }});
    client.start();
    loop.run();
    CHECK(up);
    CHECK(failed == 3);
}

TEST_CASE("ami client: nonsense in mid-stream ends the connection, and what is in flight with it") {
    std::optional<Error> down;
    net::Loop* running = nullptr;
    Pair pair({.answer = [](const Message&) { return "Event: " + std::string(max_line, 'x'); }}, {},
              {.on_down = [&](const Error& error) {
                  down = error;
                  running->stop();
              }});
    running = &pair.loop;
    REQUIRE(pair.log_in());
    int ended = 0;
    for (int i = 0; i < 3; ++i)
        REQUIRE(pair.client.send(Action("Setvar"),
                                 [&](const Result<Message>& answer) { ended += answer ? 0 : 1; }));
    pair.loop.run();
    CHECK(ended == 3);
    REQUIRE(down);
    CHECK(down->code == Code::protocol);
}

TEST_CASE("ami client: stop() from within a handler is safe, and no handler is called after it") {
    int events = 0;
    Pair* self = nullptr;
    Pair pair({.after_login = "Event: A\r\n\r\nEvent: B\r\n\r\nEvent: C\r\n\r\n"}, {},
              {.on_event =
                   [&](const Message&) {
                       ++events;
                       self->client.stop();
                       self->loop.stop();
                   },
               .on_down = [&](const Error&) { events += 100; }});
    self = &pair;
    pair.client.start();
    pair.loop.run();
    CHECK(events == 1);
    CHECK_FALSE(pair.client.send(Action("Ping"), {}));
}
