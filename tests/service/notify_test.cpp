#include "service/notify.hpp"

#include "service/manager.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::service;
using test::environment_of;

TEST_CASE("notify: each word arrives as sd_notify(3) writes it") {
    test::Manager manager;
    const Notify notify(environment_of({{"NOTIFY_SOCKET", manager.path}}));
    CHECK(notify.active());
    notify.ready();
    CHECK(manager.next() == "READY=1\n");
    notify.status("3 calls\nREADY=1");
    CHECK(manager.next() == "STATUS=3 calls?READY=1\n");
    notify.watchdog();
    CHECK(manager.next() == "WATCHDOG=1\n");
    notify.reloading(SystemClock());
    CHECK(manager.next().rfind("RELOADING=1\nMONOTONIC_USEC=", 0) == 0);
    notify.stopping();
    CHECK(manager.next() == "STOPPING=1\n");
}

TEST_CASE("notify: without a manager nothing happens, with a wrong one it is an error") {
    const Notify silent(environment_of({}));
    CHECK_FALSE(silent.active());
    CHECK(silent.send("READY=1"));
    CHECK(Notify(environment_of({{"NOTIFY_SOCKET", "/no/such/socket"}})).send("x").error().code ==
          Code::unavailable);
    CHECK(Notify(environment_of({{"NOTIFY_SOCKET", "vsock:2:1234"}})).send("x").error().code == Code::data);
    CHECK(Notify(environment_of({{"NOTIFY_SOCKET", "/" + std::string(200, 'x')}})).send("x").error().code ==
          Code::data);
}

TEST_CASE("notify: the watchdog is fed at half its time, if it is ours") {
    using std::chrono::milliseconds;
    const auto us = std::to_string(getpid());
    CHECK(watchdog_interval(environment_of({{"WATCHDOG_USEC", "30000000"}})) == milliseconds(15'000));
    CHECK(watchdog_interval(environment_of({{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", us}})) ==
          milliseconds(15'000));
    CHECK_FALSE(watchdog_interval(environment_of({{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", "1"}})));
    for (const char* text : {"", "0", "-5", "soon"})
        CHECK_FALSE(watchdog_interval(environment_of({{"WATCHDOG_USEC", text}})));
    CHECK_FALSE(watchdog_interval(environment_of({})));
}
