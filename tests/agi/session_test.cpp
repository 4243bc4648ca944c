#include "agi/session.hpp"

#include "agi/call_on_fake.hpp"

using namespace pbx;
using namespace pbx::agi;
using namespace std::chrono_literals;
using Ways = FakeAsterisk::Ways;
using Words = FakeAsterisk::Words;
using End = Played::End;
using Lines = std::vector<std::string>;

namespace {

constexpr auto all_keys = "0123456789*#";

// When STREAM FILE begins, `act` happens on Asterisk's side.
Ways when_playing(std::function<void()> act) {
    Ways ways;
    ways.on_command = [act = std::move(act)](const Words& words) {
        if (words[0] == "STREAM") act();
    };
    return ways;
}

Task<void> ask_too(CallOnFake* call, std::optional<Result<void>>* out) {
    auto result = co_await call->session->noop();
    out->emplace(std::move(result));
    call->fake->end_prompt();
}

}  // namespace

TEST_CASE("a prompt plays to its end") {
    std::atomic<CallOnFake*> it = nullptr;
    CallOnFake call(when_playing([&] { it.load()->fake->end_prompt(); }));
    it = &call;
    const auto played = call.run(call.session->stream_file("hello", all_keys, 1min));
    CHECK(played.end == End::finished);
    CHECK_FALSE(played.key);
    CHECK(played.position == 16000);
    CHECK(call.finish() == Lines{"STREAM FILE \"hello\" \"0123456789*#\""});
}

TEST_CASE("a key ends a prompt and is its result") {
    std::atomic<CallOnFake*> it = nullptr;
    CallOnFake call(when_playing([&] { it.load()->fake->press('#'); }));
    it = &call;
    const auto played = call.run(call.session->stream_file("hello", all_keys, 1min));
    CHECK(played.end == End::key);
    CHECK(played.key == '#');
    CHECK(played.position == 8000);
}

TEST_CASE("only the keys asked for end a prompt") {
    std::atomic<CallOnFake*> it = nullptr;
    CallOnFake call(when_playing([&] {
        it.load()->fake->press('1');
        it.load()->fake->press('5');
    }));
    it = &call;
    CHECK(call.run(call.session->stream_file("hello", "5", 1min)).key == '5');
}

TEST_CASE("keys pressed between commands are lost, so listening is a prompt of silence") {
    std::atomic<CallOnFake*> it = nullptr;
    CallOnFake call(when_playing([&] { it.load()->fake->press('2'); }));
    it = &call;
    call.fake->press('1');  // idle: Asterisk reads it and drops it
    const auto played = call.run(call.session->stream_file("silence/10", all_keys, 1min));
    CHECK(played.key == '2');
    call.finish();
    CHECK(call.fake->dropped_keys() == 1);
}

TEST_CASE("a -1 of a missing file is not a hangup") {
    CallOnFake call;
    const auto played = call.run(call.session->stream_file("missing", all_keys, 1min));
    CHECK(played.end == End::missing_file);
    CHECK_FALSE(call.session->left());
    CHECK(call.finish() == Lines{"STREAM FILE \"missing\" \"0123456789*#\"", "CHANNEL STATUS"});
}

TEST_CASE("a -1 of a hangup is a hangup") {
    for (const auto over : {CallOnFake::Over::pipes, CallOnFake::Over::socket}) {
        std::atomic<CallOnFake*> it = nullptr;
        CallOnFake call(when_playing([&] { it.load()->fake->hang_up(); }), over);
        it = &call;
        bool told = false;
        call.session->on_left([&] { told = true; });
        const auto played = call.run(call.session->stream_file("hello", all_keys, 1min));
        CHECK(played.end == End::left);
        CHECK(call.session->left());
        CHECK(told);
    }
}

TEST_CASE("a hangup between commands is told by HANGUP or SIGHUP, without asking") {
    for (const auto over : {CallOnFake::Over::pipes, CallOnFake::Over::socket}) {
        CallOnFake call({}, over);
        call.session->on_left([&] { call.loop.stop(); });
        call.fake->hang_up();
        call.loop.run();
        CHECK(call.session->left());
        CHECK_FALSE(call.session->ended());
    }
}

TEST_CASE("after the caller left only what a dead channel takes is sent") {
    Ways ways;
    ways.variables["DIALSTATUS"] = "CANCEL";
    ways.applications["NoCDR"] = 0;
    CallOnFake call(ways, CallOnFake::Over::socket);
    call.session->on_left([&] { call.loop.stop(); });
    call.fake->hang_up();
    call.loop.run();
    CHECK(is_caller_left(call.run_to_error(call.session->answer())));
    CHECK(is_caller_left(call.run_to_error(call.session->command("SAY DIGITS", {"1", ""}, 1s))));
    CHECK(call.run(call.session->stream_file("hello", "", 1s)).end == End::left);
    CHECK(call.run(call.session->wait_for_digit(1s)).end == End::left);
    CHECK(call.run(call.session->record_file({.file = "x"})).end == Recorded::End::left);
    CHECK(call.run(call.session->channel_status()) == ChannelState::gone);
    call.run(call.session->hangup());  // 511 then, so not sent
    call.run(call.session->set_variable("OUTCOME", "left"));
    CHECK(call.run(call.session->get_variable("DIALSTATUS")) == "CANCEL");
    CHECK(call.run(call.session->get_full_variable("${OUTCOME}")) == "left");
    CHECK(call.run(call.session->exec("NoCDR", "", 1s)).result == 0);
    call.run(call.session->verbose("bye"));
    call.run(call.session->noop());
    for (const auto& line : call.finish()) {
        CHECK_FALSE((line.starts_with("ANSWER") || line.starts_with("STREAM") || line.starts_with("HANGUP")));
        CHECK_FALSE((line.starts_with("CHANNEL") || line.starts_with("SAY") || line.starts_with("RECORD")));
    }
}

TEST_CASE("511 means that the caller left, even when nobody said so") {
    Ways ways;
    ways.sighup = [] {};  // AGISIGHUP=no
    CallOnFake call(ways);
    call.fake->hang_up();
    std::atomic<CallOnFake*> it = &call;
    // Asterisk may serve a command before it sees the hangup, but not for ever
    Result<ChannelState> state = ChannelState::up;
    while (state == ChannelState::up)
        state = it.load()->run(it.load()->session->channel_status());
    CHECK(state == ChannelState::gone);
    CHECK(call.session->left());
}

TEST_CASE("AGIEXITONHANGUP: Asterisk is gone at once, which is an end and not a wait") {
    Ways ways;
    ways.exit_on_hangup = true;
    std::atomic<CallOnFake*> it = nullptr;
    ways.on_command = [&](const Words&) { it.load()->fake->hang_up(); };
    CallOnFake call(ways);
    it = &call;
    CHECK(call.run(call.session->stream_file("hello", all_keys, 1min)).end == End::left);
    call.session->on_left(nullptr);
    const auto gone = call.loop.run_to_end(call.session->get_variable("X"));
    REQUIRE(gone);
    CHECK_FALSE(*gone);
    CHECK(call.session->ended());
}

TEST_CASE("our own hangup is followed by nothing a dead channel refuses") {
    CallOnFake call;
    call.run(call.session->hangup());
    CHECK(call.session->left());
    CHECK(call.run(call.session->stream_file("hello", "", 1s)).end == End::left);
    CHECK(call.finish() == Lines{"HANGUP"});
}

TEST_CASE("RECORD FILE is read by its word, not by its number") {
    using REnd = Recorded::End;
    struct Row {
        std::string answer;
        REnd end;
        std::optional<char> key;
        std::int64_t samples;
    };
    const Row rows[] = {
        {"200 result=35 (dtmf) endpos=8000\n", REnd::key, '#', 8000},
        {"200 result=0 (timeout) endpos=24000\n", REnd::time_or_silence, {}, 24000},
        {"200 result=49 (timeout) endpos=24000\n",
         REnd::time_or_silence,
         {},
         24000},  // 49 ms were left, not key 1
        {"200 result=-1 (hangup) endpos=160\n", REnd::left, {}, 160},
        {"200 result=-1 (writefile)\n", REnd::not_written, {}, 0},
        {"200 result=-1 (randomerror) endpos=0\n", REnd::beep_failed, {}, 0},
        {"200 result=42 (randomerror) endpos=0\n", REnd::key, '*', 0},  // a key during the beep
        {"200 result=-1\n", REnd::not_written, {}, 0},
    };
    for (const auto& row : rows) {
        INFO(row.answer);
        Ways ways;
        ways.record_answer = row.answer;
        CallOnFake call(ways);
        const auto recorded = call.run(call.session->record_file({.file = "/tmp/answer"}));
        CHECK(recorded.end == row.end);
        CHECK(recorded.key == row.key);
        CHECK(recorded.samples == row.samples);
    }
}

TEST_CASE("RECORD FILE's silence and beep are asked for in Asterisk's words") {
    CallOnFake call;
    call.run(call.session->record_file({.file = "a", .most = 5s, .silence = 3s, .beep = true}));
    call.run(call.session->record_file({.file = "a", .format = "gsm", .keys = "#", .silence = 2s}));
    call.run(call.session->record_file({.file = "a"}));
    CHECK(call.finish() == Lines{"RECORD FILE \"a\" \"wav\" \"0123456789*#\" \"5000\" \"BEEP\" \"s=3\"",
                                 "RECORD FILE \"a\" \"gsm\" \"#\" \"60000\" \"s=2\"",
                                 "RECORD FILE \"a\" \"wav\" \"0123456789*#\" \"60000\""});
}

TEST_CASE("any value of a variable comes whole, and unset is not empty") {
    const std::string values[] = {"",
                                  "plain",
                                  "a) b (c",
                                  "a)\nb",
                                  "a)\n\nb)\n",
                                  "line\nHANGUP\nline",
                                  "a)\nHANGUP\nb",
                                  "x)\n520-",
                                  "x)\n520-usage\n520 End",
                                  "x)\n200 result=1 (open",
                                  "x)\n200 result=0",
                                  ")\n)\n)",
                                  "\n",
                                  std::string(100'000, ')')};
    for (const auto over : {CallOnFake::Over::pipes, CallOnFake::Over::socket}) {
        Ways ways;
        for (std::size_t i = 0; i < std::size(values); ++i)
            ways.variables["V" + std::to_string(i)] = values[i];
        CallOnFake call(ways, over);
        for (std::size_t i = 0; i < std::size(values); ++i) {
            const auto name = "V" + std::to_string(i);
            INFO(values[i].substr(0, 100));
            CHECK(call.run(call.session->get_variable(name)) == values[i]);
            CHECK(call.run(call.session->get_full_variable("${" + name + "}")) == values[i]);
            CHECK_FALSE(call.session->left());
        }
        CHECK_FALSE(call.run(call.session->get_variable("UNSET")));
        CHECK(call.run(call.session->get_full_variable("${UNSET}")).empty());
    }
}

TEST_CASE("a value over the limit is an error") {
    Ways ways;
    ways.variables["LONG"] = std::string(2 * max_answer, 'x');
    CallOnFake call(ways, CallOnFake::Over::pipes, {.answer_limit = 1h, .first_echo = 17});
    CHECK(call.run_to_error(call.session->get_variable("LONG")).code == Code::protocol);
}

TEST_CASE("EXEC passes the application's text as one argument") {
    Ways ways;
    ways.applications["Playback"] = 0;
    CallOnFake call(ways);
    const auto executed = call.run(call.session->exec("Playback", "a&b,noanswer (\"x\")", 1min));
    CHECK(executed.result == 0);
    CHECK(executed.found);
    CHECK_FALSE(executed.left);
    CHECK(call.finish() == Lines{"EXEC \"Playback\" \"a&b,noanswer (\\\"x\\\")\""});
}

TEST_CASE("EXEC of an application nobody has is not found") {
    CallOnFake call;
    const auto executed = call.run(call.session->exec("NoSuch", "", 1min));
    CHECK_FALSE(executed.found);
    CHECK_FALSE(executed.left);
}

TEST_CASE("EXEC's second answer to an application that returned 1 does not shift the answers after it") {
    Ways ways;
    ways.applications["Odd"] = 1;
    ways.variables["X"] = "value";
    CallOnFake call(ways);
    CHECK(call.run(call.session->exec("Odd", "", 1min)).result == 1);
    CHECK(call.run(call.session->get_variable("X")) == "value");
    CHECK(call.run(call.session->exec("Odd", "", 1min)).result == 1);
    CHECK(call.run(call.session->channel_status()) == ChannelState::up);
}

TEST_CASE("a hangup while Dial runs is Dial's end, and its status can be read") {
    for (const auto over : {CallOnFake::Over::pipes, CallOnFake::Over::socket}) {
        std::atomic<CallOnFake*> it = nullptr;
        Ways ways;
        ways.variables["DIALSTATUS"] = "ANSWER";
        ways.on_command = [&](const Words& words) {
            if (words[0] == "EXEC") it.load()->fake->hang_up();
        };
        CallOnFake call(ways, over);
        it = &call;
        const auto dialled = call.run(call.session->exec("Dial", "PJSIP/100,30", 4h));
        CHECK(dialled.result == -1);
        CHECK(dialled.left);
        CHECK(call.run(call.session->get_variable("DIALSTATUS")) == "ANSWER");
    }
}

TEST_CASE("what Asterisk does not know, or refuses, is an error and no hangup") {
    CallOnFake call;
    CHECK(call.run_to_error(call.session->command("SING A SONG", {}, 1s)).code == Code::unavailable);
    CHECK(call.run_to_error(call.session->command("STREAM FILE", {"a"}, 1s)).code == Code::data);
    CHECK_FALSE(call.session->left());
    call.run(call.session->answer());
}

TEST_CASE("a newline in a value is refused before anything is sent") {
    CallOnFake call;
    CHECK(call.run_to_error(call.session->set_variable("X", "1\nHANGUP")).code == Code::data);
    call.run(call.session->verbose("two\nlines"));  // only said: cleaned
    CHECK(call.finish() == Lines{"VERBOSE \"two?lines\" \"1\""});
}

TEST_CASE("a second command while one is in flight is refused and not sent") {
    std::atomic<CallOnFake*> it = nullptr;
    std::optional<Result<void>> second;
    CallOnFake call(when_playing(
        [&] { it.load()->loop.post([&] { it.load()->loop.spawn(ask_too(it.load(), &second)); }); }));
    it = &call;
    CHECK(call.run(call.session->stream_file("hello", "", 1min)).end == End::finished);
    REQUIRE(second);
    REQUIRE_FALSE(*second);
    CHECK(second->error().code == Code::bug);
    CHECK(call.finish() == Lines{"STREAM FILE \"hello\" \"\""});
}

TEST_CASE("a command that is not answered in time is an error, and the next one is in step again") {
    std::promise<void> dialling;
    Ways ways;
    ways.on_command = [&](const FakeAsterisk::Words& words) {
        if (words[0] == "EXEC") dialling.set_value();
    };
    ways.variables["X"] = "value";
    CallOnFake call(ways, CallOnFake::Over::pipes, {.spare = 1ms, .nudge = 1ms, .first_echo = 17});
    CHECK(call.run_to_error(call.session->exec("Dial", "PJSIP/100", 0ms)).code == Code::try_again);
    dialling.get_future().wait();  // else the end would come before the Dial it belongs to
    call.fake->end_prompt();       // Dial's answer comes late
    CHECK(call.run(call.session->get_variable("X")) == "value");
    CHECK(call.run(call.session->channel_status()) == ChannelState::up);
}

TEST_CASE("a session without an environment is an error that says where to run it") {
    net::Loop loop;
    std::array<int, 2> fds{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0);
    auto stream = net::open_fds(loop.executor(), fds[0], fds[0], "fake");
    REQUIRE(stream);
    Session session(loop.executor(), std::move(*stream), {.environment_limit = 1ms});
    auto started = loop.run_to_end(session.start());
    REQUIRE(started);
    REQUIRE_FALSE(*started);
    CHECK(started->error().hint.find("dialplan") != std::string::npos);
    ::close(fds[1]);
    started = loop.run_to_end(session.start());
    CHECK_FALSE(*started);
}
