#include "net/program.hpp"

#include "support/temp_folder.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {
Program shell(const std::string& script) {
    return {.argv = {"/bin/sh", "-c", script}};
}
}  // namespace

TEST_CASE("program: gets its words as they are and its text on stdin") {
    auto end = run_program({.argv = {"/usr/bin/printf", "%s|", "a b", "$(id)", "; rm -rf /", ""}});
    REQUIRE(end);
    CHECK((end->status == 0 && end->output == "a b|$(id)|; rm -rf /||"));
    const std::string input(100'000, 'x');
    auto counted = run_program({.argv = {"/usr/bin/wc", "-c"}, .input = input});
    REQUIRE(counted);
    CHECK(counted->output == "100000\n");
}

TEST_CASE("program: its exit status and both its outputs come back") {
    auto end = run_program(shell("echo out; echo err >&2; exit 7"));
    REQUIRE(end);
    CHECK((end->status == 7 && end->output == "out\nerr\n"));
    CHECK(run_program(shell("kill -TERM $$")).value().status == 128 + 15);
}

TEST_CASE("program: output over the limit is cut, not waited for") {
    auto program = shell(
        "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done");
    program.most_output = 1000;
    auto end = run_program(program);
    REQUIRE(end);
    CHECK((end->status == 0 && end->output.size() == 1000));
}

TEST_CASE("program: one that takes too long is killed with all it started") {
    test::TempFolder folder;
    const auto pipe = folder / "alive";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    auto program = shell("(exec 3>" + pipe + "; sleep 600) & sleep 600");
    const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    program.most = 300ms;
    auto end = run_program(program);
    REQUIRE_FALSE(end);
    CHECK(end.error().code == Code::try_again);
    CHECK(end.error().text() == "/bin/sh: took longer than 300ms");
    char byte = 0;  // the end of the file comes when nobody holds it open any more
    fcntl(reader, F_SETFL, 0);
    CHECK(read(reader, &byte, 1) == 0);
    close(reader);
}

TEST_CASE("program: one that writes without end is killed at its deadline, too") {
    auto end = run_program({.argv = {"/usr/bin/yes"}, .most = 200ms});
    REQUIRE_FALSE(end);
    CHECK(end.error().code == Code::try_again);
}

TEST_CASE("program: one that leaves a child holding its output has ended all the same") {
    auto program = shell("sleep 600 & echo $!");
    auto end = run_program(program);
    REQUIRE(end);
    CHECK(end->status == 0);
    kill(std::stoi(end->output), SIGKILL);
}

TEST_CASE("program: inherits no descriptor, no environment and no blocked signal of ours") {
    test::TempFolder folder;
    const int ours = open((folder / "secret").c_str(), O_RDWR | O_CREAT, 0600);  // without O_CLOEXEC
    setenv("PBX_TEST_SECRET", "x", 1);
    auto program = shell(
        "ls /proc/self/fd | wc -l; env | grep -c PBX_TEST_SECRET; echo $GIVEN; ps -o sid= -p $$ | "
        "tr -d ' ' | grep -c \"^$$\\$\"");
    program.environment = {"GIVEN=yes"};
    auto end = run_program(program);
    REQUIRE(end);
    CHECK(end->output == "4\n0\nyes\n1\n");  // 0, 1, 2 and the folder that ls reads
    close(ours);
    unsetenv("PBX_TEST_SECRET");
}

TEST_CASE("program: what cannot be started says why") {
    CHECK(run_program({.argv = {"/no/such/program"}}).error().code == Code::no_input);
    CHECK(run_program({.argv = {"/etc/passwd"}}).error().code == Code::refused);
    CHECK(run_program({.argv = {"ls"}}).error().code == Code::data);
    CHECK(run_program({.argv = {}}).error().code == Code::data);
    CHECK(run_program({.argv = {"/bin/echo", std::string("a\0b", 3)}}).error().code == Code::data);
}

TEST_CASE("program: one that is let go runs on its own, with our environment and no word to us") {
    test::TempFolder folder;
    const auto pipe = folder / "told";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    setenv("PBX_TEST_WHERE", pipe.c_str(), 1);
    REQUIRE(start_program({"/bin/sh", "-c", "echo lost; readlink /proc/self/fd/1 > \"$PBX_TEST_WHERE\""}));
    unsetenv("PBX_TEST_WHERE");
    std::ifstream told(pipe);  // waits for the writer
    std::string line;
    CHECK(std::getline(told, line));
    CHECK(line == pipe);
    CHECK(start_program({"/no/such/program"}).error().code == Code::no_input);
    CHECK(start_program({"ls"}).error().code == Code::data);
}
