// The outbox as a service: a process of its own, told by real signals.
#include "oksana/outbox_service.hpp"

#include "oksana/journal.hpp"
#include "service/manager.hpp"
#include "support/temp_folder.hpp"

#include <csignal>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::oksana;
using namespace std::chrono_literals;

namespace {
struct Served {
    test::TempFolder folder;
    test::Manager manager;
    store::Database database = open_database(folder / "x.db").value();
    Outbox outbox{database, {}};
    pid_t process = -1;

    using Read = std::function<Result<OutboxService>(const Served&)>;
    explicit Served(Read read) {
        process = fork();
        REQUIRE(process >= 0);
        if (process == 0) _exit(serve(read));
    }
    ~Served() {
        if (process > 0) kill(process, SIGKILL), waitpid(process, nullptr, 0);
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    int serve(const Read& read) const {
        const SystemClock clock;
        const Context context{std::cin, std::cout, std::cerr,
                              test::environment_of({{"NOTIFY_SOCKET", manager.path}}), clock};
        net::Loop loop;
        auto status = serve_outbox(loop, context, [&] { return read(*this); });
        return status ? *status : 99;
    }
    void add(const std::string& text) {
        REQUIRE(enqueue(database,
                        {.kind = "exec", .target = "x", .text = text, .created = SystemClock().wall()}));
    }
    // Until the service has made a file with these words: it says so by writing, not by time.
    bool wrote(const std::string& words) const {
        for (const auto end = SystemClock().now() + 30s; SystemClock().now() < end; usleep(10'000)) {
            std::ostringstream all;
            all << std::ifstream(folder / "sent").rdbuf();
            if (all.str().find(words) != std::string::npos) return true;
        }
        return false;
    }
    int end(int signal) {
        kill(process, signal);
        int status = 0;
        waitpid(process, &status, 0);
        process = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
};

Served::Read writing(const std::string& mark) {
    return [mark](const Served& served) -> Result<OutboxService> {
        const std::string file = served.folder / "sent";
        return OutboxService{.database = served.folder / "x.db",
                             .senders = {.exec = [file, mark](const QueuedMessage& message) {
                                 std::ofstream(file, std::ios::app) << mark << message.message.text << '\n';
                                 return Delivery{.fate = Fate::sent};
                             }}};
    };
}
}  // namespace

TEST_CASE("outbox service: it sends what waits and what comes, and stops when it is asked") {
    Served served(writing("sent "));
    served.add("before");
    CHECK(served.manager.hears("READY=1"));
    CHECK(served.wrote("sent before\n"));
    served.add("after");
    CHECK(served.wrote("sent after\n"));
    CHECK(served.end(SIGTERM) == 143);
    CHECK(served.outbox.count().value().waiting == 0);
}

TEST_CASE("outbox service: HUP reads the senders anew, and one with a fault changes nothing") {
    Served served([reads = 0](const Served& self) mutable -> Result<OutboxService> {
        if (++reads == 2) return fail(Code::config, "a fault");
        return writing(reads == 1 ? "old " : "new ")(self);
    });
    CHECK(served.manager.hears("READY=1"));
    kill(served.process, SIGHUP);
    CHECK(served.manager.hears("STATUS=reload refused"));
    CHECK(served.manager.hears("READY=1"));
    served.add("one");
    CHECK(served.wrote("old one\n"));
    kill(served.process, SIGHUP);
    CHECK(served.manager.hears("STATUS=reloaded"));
    served.add("two");
    CHECK(served.wrote("new two\n"));
    CHECK(served.end(SIGINT) == 130);
}

TEST_CASE("outbox service: a message on its way when patience ends is sent again later") {
    Served served([](const Served& self) -> Result<OutboxService> {
        const std::string file = self.folder / "sent";
        return OutboxService{.database = self.folder / "x.db",
                             .senders = {.exec = [file](const QueuedMessage&) {
                                 std::ofstream(file) << "begun\n";
                                 for (;;)
                                     pause();  // a peer that never answers
                                 return Delivery{};
                             }}};
    });
    served.add("slow");
    CHECK(served.wrote("begun\n"));
    CHECK(served.end(SIGTERM) == 143);
    const auto left = served.outbox.list(std::nullopt, 10).value();
    REQUIRE(left.size() == 1);
    CHECK(left[0].state == MessageState::sending);  // until its lease runs out
    const auto again = served.outbox.claim(SystemClock().wall() + 3min).value();
    REQUIRE(again);
    CHECK(again->maybe_sent);
}

TEST_CASE("outbox service: what cannot begin says why") {
    const SystemClock clock;
    const Context context{std::cin, std::cout, std::cerr, [](const std::string&) { return std::nullopt; },
                          clock};
    net::Loop loop;
    const auto status = serve_outbox(
        loop, context, [] { return Result<OutboxService>(OutboxService{.database = "/dev/null/x.db"}); });
    REQUIRE_FALSE(status);
    CHECK(status.error().text().find("/dev/null") != std::string::npos);
}
