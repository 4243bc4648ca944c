// Services in processes of their own, told by real signals.
#include "service/life.hpp"

#include "service/manager.hpp"

#include <csignal>
#include <functional>
#include <iostream>

#include <catch2/catch.hpp>
#include <sys/wait.h>

using namespace pbx;
using namespace pbx::service;
using namespace std::chrono_literals;

namespace {
struct Service {
    test::Manager manager;
    pid_t process = -1;

    // `hooks` are made in the child, from its Life.
    using MakeHooks = std::function<Hooks(std::unique_ptr<Life>&)>;
    explicit Service(const MakeHooks& make, std::chrono::milliseconds to_finish = 60s,
                     const std::string& watchdog = "") {
        process = fork();
        REQUIRE(process >= 0);
        if (process == 0) _exit(serve(make, to_finish, watchdog));
    }
    ~Service() {
        if (process > 0) kill(process, SIGKILL), waitpid(process, nullptr, 0);
    }
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    int serve(const MakeHooks& make, std::chrono::milliseconds to_finish, const std::string& watchdog) const {
        const SystemClock clock;
        const Context context{
            std::cin, std::cout, std::cerr,
            test::environment_of({{"NOTIFY_SOCKET", manager.path}, {"WATCHDOG_USEC", watchdog}}), clock};
        net::Loop loop;
        std::unique_ptr<Life> life;
        auto begun = Life::begin(loop, context, make(life), to_finish);
        if (!begun) return 99;
        life = std::move(*begun);
        loop.post([&] { life->ready(); });
        loop.run();
        return life->exit_status();
    }
    void tell(int signal) const { kill(process, signal); }
    int end() {
        int status = 0;
        waitpid(process, &status, 0);
        process = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
};

Service::MakeHooks finishing() {
    return [](std::unique_ptr<Life>& life) {
        return Hooks{.reload = {}, .stop = [&life] { life->finished(); }};
    };
}
Service::MakeHooks never_finishing() {
    return [](std::unique_ptr<Life>&) { return Hooks{.reload = {}, .stop = [] {}}; };
}
}  // namespace

TEST_CASE("life: a service says ready, and stops when it is asked") {
    for (const auto& [signal, status] : {std::pair(SIGTERM, 143), std::pair(SIGINT, 130)}) {
        Service service(finishing());
        CHECK(service.manager.next() == "READY=1\n");
        service.tell(signal);
        CHECK(service.manager.next() == "STOPPING=1\n");
        CHECK(service.end() == status);
    }
}

TEST_CASE("life: a second signal leaves now, with that one's status") {
    Service service(never_finishing());
    CHECK(service.manager.hears("READY=1"));
    service.tell(SIGINT);
    CHECK(service.manager.hears("STOPPING=1"));
    service.tell(SIGTERM);
    CHECK(service.end() == 143);
}

TEST_CASE("life: what is not finished in time is left") {
    Service service(never_finishing(), 50ms);
    CHECK(service.manager.hears("READY=1"));
    service.tell(SIGTERM);
    CHECK(service.manager.hears("STOPPING=1"));
    CHECK(service.end() == 143);
}

TEST_CASE("life: HUP reloads, and a refused reload leaves the service as it was") {
    Service service([](std::unique_ptr<Life>& life) {
        return Hooks{.reload = [count = 0]() mutable -> Result<void> {
                         if (++count == 1) return {};
                         return fail(Code::config, "unknown key 'colour'", "pbxctl.conf:3:1");
                     },
                     .stop = [&life] { life->finished(); }};
    });
    CHECK(service.manager.hears("READY=1"));
    service.tell(SIGHUP);
    CHECK(service.manager.next().rfind("RELOADING=1\n", 0) == 0);
    CHECK(service.manager.next() == "STATUS=reloaded\n");
    CHECK(service.manager.next() == "READY=1\n");
    service.tell(SIGHUP);
    CHECK(service.manager.hears("STATUS=reload refused: pbxctl.conf:3:1: unknown key 'colour'\n"));
    CHECK(service.manager.next() == "READY=1\n");
    service.tell(SIGTERM);
    CHECK(service.end() == 143);
}

TEST_CASE("life: the watchdog is fed from the loop until the end") {
    Service service(finishing(), 60s, "20000");
    CHECK(service.manager.next() == "READY=1\n");
    for (int beat = 0; beat < 5; ++beat)
        CHECK(service.manager.next() == "WATCHDOG=1\n");
    service.tell(SIGTERM);
    CHECK(service.manager.hears("STOPPING=1"));
    CHECK(service.end() == 143);
}
