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

// Interrupts when the named command has begun.
Ways interrupting(std::atomic<CallOnFake*>* call, std::string command) {
    Ways ways;
    ways.variables["X"] = "value";
    ways.on_command = [call, command = std::move(command)](const Words& words) {
        if (words[0] == command) call->load()->interrupt_from_asterisk();
    };
    return ways;
}

}  // namespace

TEST_CASE("an interrupted prompt has no result line, and the next answer is its own") {
    for (const auto over : {CallOnFake::Over::pipes, CallOnFake::Over::socket}) {
        std::atomic<CallOnFake*> it = nullptr;
        CallOnFake call(interrupting(&it, "STREAM"), over, {.nudge = 1h, .first_echo = 17});
        it = &call;
        const auto played = call.run(call.session->stream_file("hello", all_keys, 1min));
        CHECK(played.end == End::interrupted);
        CHECK_FALSE(played.key);
        CHECK_FALSE(played.position);
        CHECK(call.run(call.session->get_variable("X")) == "value");
        CHECK(call.finish() == Lines{"STREAM FILE \"hello\" \"0123456789*#\"", "GET FULL VARIABLE \"k17\"",
                                     "GET VARIABLE \"X\"", "GET FULL VARIABLE \"k18\""});
    }
}

TEST_CASE("a prompt may be interrupted many times over") {
    std::atomic<CallOnFake*> it = nullptr;
    CallOnFake call(interrupting(&it, "STREAM"));
    it = &call;
    for (int i = 0; i < 200; ++i) {
        REQUIRE(call.run(call.session->stream_file("hello", all_keys, 1min)).end == End::interrupted);
        REQUIRE(call.run(call.session->channel_status()) == ChannelState::up);
    }
}

TEST_CASE("a prompt that ended by itself in the instant of the interruption keeps nothing in the stream") {
    std::atomic<CallOnFake*> it = nullptr;
    auto ways = interrupting(&it, "STREAM");
    ways.end_with_line = "200 result=0 endpos=16000\n";
    CallOnFake call(ways);
    it = &call;
    const auto played = call.run(call.session->stream_file("hello", all_keys, 1min));
    CHECK(played.end == End::interrupted);
    CHECK_FALSE(played.key);
    CHECK(call.run(call.session->get_variable("X")) == "value");
}

TEST_CASE("a key pressed in the instant of the interruption is not lost") {
    std::atomic<CallOnFake*> it = nullptr;
    auto ways = interrupting(&it, "STREAM");
    ways.end_with_line = "200 result=53 endpos=8000\n";
    CallOnFake call(ways);
    it = &call;
    const auto played = call.run(call.session->stream_file("hello", all_keys, 1min));
    CHECK(played.end == End::interrupted);
    CHECK(played.key == '5');
}

TEST_CASE("a hangup in the instant of the interruption is a hangup") {
    for (const auto over : {CallOnFake::Over::pipes, CallOnFake::Over::socket}) {
        std::atomic<CallOnFake*> it = nullptr;
        Ways ways;
        ways.on_command = [&](const Words& words) {
            if (words[0] != "STREAM") return;
            it.load()->interrupt_from_asterisk();
            it.load()->let_the_loop_turn();  // the echo waits in the pipe
            it.load()->fake->hang_up();      // but the channel is looked at first
        };
        CallOnFake call(ways, over);
        it = &call;
        CHECK(call.run(call.session->stream_file("hello", all_keys, 1min)).end == End::left);
        CHECK(call.session->left());
    }
}

TEST_CASE("WAIT FOR DIGIT's line after an interruption is not the key 1") {
    std::atomic<CallOnFake*> it = nullptr;
    CallOnFake call(interrupting(&it, "WAIT"));
    it = &call;
    const auto played = call.run(call.session->wait_for_digit(1min));
    CHECK(played.end == End::interrupted);
    CHECK_FALSE(played.key);
    CHECK(call.run(call.session->get_variable("X")) == "value");
}

TEST_CASE("nothing in flight, or nothing that can be interrupted, is not interrupted") {
    std::atomic<CallOnFake*> it = nullptr;
    std::optional<bool> taken;
    Ways ways;
    ways.on_command = [&](const Words& words) {
        if (words[0] != "EXEC") return;
        it.load()->loop.post([&] { taken = it.load()->session->interrupt(); });
        it.load()->let_the_loop_turn();
        it.load()->fake->end_prompt();
    };
    CallOnFake call(ways);
    it = &call;
    CHECK_FALSE(call.session->interrupt());
    call.run(call.session->exec("Dial", "PJSIP/100", 1h));
    CHECK(taken == false);
    CHECK(call.finish().size() == 1);
}

TEST_CASE("over pipes the echo waits until Asterisk has read the command") {
    std::atomic<CallOnFake*> it = nullptr;
    std::vector<std::size_t> waiting;
    Ways ways;
    ways.before_read = [&] {
        if (!waiting.empty()) return;
        it.load()->interrupt_from_asterisk();
        it.load()->let_the_loop_turn();
        waiting.push_back(it.load()->fake->unread_bytes());
    };
    CallOnFake call(ways);
    it = &call;
    CHECK(call.run(call.session->stream_file("hello", "", 1min)).end == End::interrupted);
    const auto& lines = call.finish();
    REQUIRE(lines.size() == 2);
    REQUIRE(waiting.size() == 1);
    CHECK(waiting.front() == lines.front().size() + 1);
}

TEST_CASE("over TCP an echo that fell into stdio's buffer is brought out by the next") {
    std::atomic<CallOnFake*> it = nullptr;
    bool first = true;
    Ways ways;
    ways.variables["X"] = "value";
    ways.before_read = [&] {
        if (!std::exchange(first, false)) return;
        it.load()->interrupt_from_asterisk();
        const auto command = it.load()->fake->unread_bytes();
        while (it.load()->fake->unread_bytes() == command)
            it.load()->let_the_loop_turn();  // command and echo in one read
    };
    CallOnFake call(ways, CallOnFake::Over::socket, {.nudge = 1ms, .first_echo = 17});
    it = &call;
    CHECK(call.run(call.session->stream_file("hello", "", 1min)).end == End::interrupted);
    CHECK(call.run(call.session->get_variable("X")) == "value");
    CHECK(call.run(call.session->channel_status()) == ChannelState::up);
    const auto& lines = call.finish();
    REQUIRE(lines.size() >= 3);
    CHECK(lines[1] == "GET FULL VARIABLE \"k17\"");
    CHECK(lines[2] == "GET FULL VARIABLE \"k18\"");
}

TEST_CASE("a prompt past its limit is stopped, an error, and the next answer is its own") {
    Ways ways;
    ways.variables["X"] = "value";
    CallOnFake call(ways, CallOnFake::Over::pipes, {.spare = 1ms, .first_echo = 17});
    CHECK(call.run_to_error(call.session->stream_file("hello", "", 0ms)).code == Code::try_again);
    CHECK(call.run(call.session->get_variable("X")) == "value");
}
