#include "service/sockets.hpp"

#include "service/manager.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/wait.h>

using namespace pbx;
using namespace pbx::service;
using test::environment_of;

namespace {
// In a process whose descriptors 3 and 4 are open, as systemd starts it.
int in_activated_process(int (*check)()) {
    const pid_t child = fork();
    if (child == 0) {
        if (dup2(0, 3) != 3 || dup2(0, 4) != 4) _exit(99);
        _exit(check());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
}  // namespace

TEST_CASE("sockets: those that systemd passed are found by their names and not inherited") {
    CHECK(in_activated_process([] {
              const auto sockets = passed_sockets(environment_of({{"LISTEN_PID", std::to_string(getpid())},
                                                                  {"LISTEN_FDS", "2"},
                                                                  {"LISTEN_FDNAMES", "agi:health"}}));
              if (sockets.size() != 2) return 1;
              if (passed_socket(sockets, "agi") != 3 || passed_socket(sockets, "health") != 4) return 2;
              if (passed_socket(sockets, "other") != -1) return 3;
              return (fcntl(3, F_GETFD) & FD_CLOEXEC) != 0 && (fcntl(4, F_GETFD) & FD_CLOEXEC) != 0 ? 0 : 4;
          }) == 0);
    CHECK(in_activated_process([] {
              const auto pid = std::to_string(getpid());
              const auto sockets = passed_sockets(environment_of({{"LISTEN_PID", pid}, {"LISTEN_FDS", "1"}}));
              if (passed_socket(sockets, "agi") != 3) return 1;
              for (const auto* name : {"pbxctl-enum.socket", "http"}) {
                  const auto named = passed_sockets(
                      environment_of({{"LISTEN_PID", pid}, {"LISTEN_FDS", "1"}, {"LISTEN_FDNAMES", name}}));
                  if (passed_socket(named, "agi") != (*name == 'p' ? 3 : -1)) return 2;
              }
              return 0;
          }) == 0);
}

TEST_CASE("sockets: another process's, none, or nonsense are none") {
    CHECK(passed_sockets(environment_of({})).empty());
    CHECK(passed_sockets(environment_of({{"LISTEN_PID", "1"}, {"LISTEN_FDS", "1"}})).empty());
    const auto us = std::to_string(getpid());
    for (const char* count : {"", "-1", "x", "1000000"})
        CHECK(passed_sockets(environment_of({{"LISTEN_PID", us}, {"LISTEN_FDS", count}})).empty());
}
