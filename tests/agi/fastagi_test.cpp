#include "agi/fastagi.hpp"

#include "agi/codec_table.hpp"
#include "agi/fake_asterisk.hpp"
#include "net/bell.hpp"

#include <array>
#include <atomic>

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::agi;
using namespace std::chrono_literals;

namespace {

int connect_to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    return fd;
}

struct Served {
    std::vector<std::string> scripts;
    std::vector<Played::End> ends;
    net::Loop* loop = nullptr;
    std::size_t wanted = 1;
};

Task<void> play_once(Served* served, std::shared_ptr<Session> session) {
    served->scripts.emplace_back(session->environment().get("network_script"));
    auto played = co_await session->stream_file("hello", "", 1min);
    REQUIRE(played);
    served->ends.push_back(played->end);
    if (served->ends.size() == served->wanted) served->loop->stop();
}

FakeAsterisk::Ways hanging_up(std::atomic<FakeAsterisk*>* fake) {
    FakeAsterisk::Ways ways;
    ways.fast = true;
    ways.environment = "";
    ways.on_command = [fake](const FakeAsterisk::Words& words) {
        if (words[0] == "STREAM") fake->load()->hang_up();
    };
    return ways;
}

}  // namespace

TEST_CASE("FastAGI: several calls over TCP, each hung up in its prompt, are each told so") {
    net::Loop loop;
    Served served{.loop = &loop, .wanted = 3};
    auto handler = [&](std::shared_ptr<Session> session) { return play_once(&served, std::move(session)); };
    auto listener = serve_fastagi(loop.executor(), {.listen = {.port = 0}}, handler);
    REQUIRE(listener);
    std::array<std::unique_ptr<FakeAsterisk>, 3> fakes;
    std::array<std::atomic<FakeAsterisk*>, 3> its{};
    for (std::size_t i = 0; i < fakes.size(); ++i) {
        const int fd = connect_to((*listener)->port());
        fakes[i] = std::make_unique<FakeAsterisk>(fd, fd, -1, hanging_up(&its[i]));
        its[i] = fakes[i].get();
        REQUIRE(::write(fd, environment_sample.data(), environment_sample.size()) > 0);
    }
    loop.run();
    CHECK(served.scripts == std::vector<std::string>(3, "robot"));
    CHECK(served.ends == std::vector<Played::End>(3, Played::End::left));
}

TEST_CASE("FastAGI: who sends no environment in time is let go, and the next is served") {
    net::Loop loop;
    Served served{.loop = &loop};
    auto handler = [&](std::shared_ptr<Session> session) { return play_once(&served, std::move(session)); };
    const FastAgiOptions options{.listen = {.port = 0, .max_connections = 1},
                                 .session = {.environment_limit = 1ms}};
    auto listener = serve_fastagi(loop.executor(), options, handler);
    REQUIRE(listener);
    const int silent = connect_to((*listener)->port());
    auto until_gone = [](net::Listener* door, int fd) -> Task<int> {
        char byte = 0;
        while (::recv(fd, &byte, 1, MSG_DONTWAIT) != 0)
            co_await net::sleep_for(1ms);
        co_return static_cast<int>(door->connections());
    };
    CHECK(loop.run_to_end(until_gone(listener->get(), silent)) == 0);
    ::close(silent);
    CHECK(served.ends.empty());
}
