#include "net/program.hpp"

#include "core/descriptor.hpp"
#include "core/duration.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <span>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot that in this header
#include <sys/pidfd.h>
}

namespace pbx::net {

namespace {
// A file in memory instead of a pipe: nobody has to feed it, and a program that reads nothing raises no
// SIGPIPE.
Descriptor as_file(const std::string& input) {
    Descriptor file(memfd_create("stdin", MFD_CLOEXEC));
    std::size_t done = 0;
    while (file.is_open() && done < input.size()) {
        auto written = write(file.get(), input.data() + done, input.size() - done);
        if (written < 0) return Descriptor();
        done += static_cast<std::size_t>(written);
    }
    if (file.is_open()) lseek(file.get(), 0, SEEK_SET);
    return file;
}

Descriptor alarm_after(std::chrono::milliseconds most) {
    Descriptor alarm(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
    const auto count = std::max<long long>(most.count(), 1);
    itimerspec when{};
    when.it_value = {.tv_sec = count / 1000, .tv_nsec = count % 1000 * 1'000'000};
    if (alarm.is_open()) timerfd_settime(alarm.get(), 0, &when, nullptr);
    return alarm;
}

Unexpected failed(const std::vector<std::string>& argv, int why, const char* what) {
    const auto code = why == ENOENT                   ? Code::no_input
                      : why == EACCES || why == EPERM ? Code::refused
                                                      : Code::unavailable;
    return fail(code, std::string(what) + ": " + std::strerror(why), argv.front());
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (const auto& text : texts)
        list.push_back(const_cast<char*>(text.c_str()));
    list.push_back(nullptr);
    return list;
}

// In a session of its own, so that its whole family can be killed and no SIGHUP of ours reaches it; default
// signals, no descriptor above 2 (AGI's fd 3, databases).
Result<pid_t> start(const std::vector<std::string>& argv, char* const* environment, int input, int output) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&files, input, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    posix_spawn_file_actions_adddup2(&files, output, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    pid_t child = -1;
    const int why =
        posix_spawn(&child, argv.front().c_str(), &files, &attributes, pointers(argv).data(), environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (why != 0) return failed(argv, why, "cannot start");
    return child;
}

Result<void> check(const std::vector<std::string>& argv) {
    if (argv.empty() || !argv.front().starts_with('/'))
        return fail(Code::data, "a program is named by its full path", argv.empty() ? "" : argv.front());
    for (const auto& word : argv)
        if (word.find('\0') != std::string::npos)
            return fail(Code::data, "zero byte in an argument", argv.front());
    return {};
}

enum class Drained { open, closed };
constexpr int most_reads = 16;  // at one go: who writes without end must not keep us from the clock

Drained drain(int pipe, ProgramEnd& end, std::size_t most) {
    std::array<char, 4096> buffer;
    for (int i = 0; i < most_reads; ++i) {
        const auto got = read(pipe, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno == EAGAIN ? Drained::open : Drained::closed;
        if (got == 0) return Drained::closed;
        const auto room = most - std::min(most, end.output.size());
        end.output.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
    }
    return Drained::open;
}

// Until the program itself has ended: what it left running may hold the pipe open for as long as it likes.
bool wait_for_end(int process, int alarm, int pipe, ProgramEnd& end, std::size_t most_output) {
    std::array<pollfd, 3> waits{{{process, POLLIN, 0}, {alarm, POLLIN, 0}, {pipe, POLLIN, 0}}};
    for (;;) {
        if (poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return false;
        if (waits[2].revents != 0 && drain(pipe, end, most_output) == Drained::closed) waits[2].fd = -1;
        if (waits[0].revents != 0) {
            if (waits[2].fd >= 0) drain(pipe, end, most_output);  // a full pipe holds as much
            return true;
        }
        if (waits[1].revents != 0) return false;
    }
}
}  // namespace

Result<ProgramEnd> run_program(const Program& program) {
    if (auto good = check(program.argv); !good) return tl::unexpected(good.error());
    auto input = as_file(program.input);
    int ends[2] = {-1, -1};
    if (!input.is_open() || pipe2(ends, O_CLOEXEC) != 0) return failed(program.argv, errno, "no descriptors");
    Descriptor ours(ends[0]), theirs(ends[1]);
    fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    auto alarm = alarm_after(program.most);
    if (!alarm.is_open()) return failed(program.argv, errno, "no timer");

    std::vector<std::string> environment{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                         "LANG=C.UTF-8"};
    environment.insert(environment.end(), program.environment.begin(), program.environment.end());
    auto child = start(program.argv, pointers(environment).data(), input.get(), theirs.get());
    if (!child) return tl::unexpected(child.error());
    theirs = Descriptor();
    Descriptor process(pidfd_open(*child, 0));
    ProgramEnd end;
    const bool in_time =
        process.is_open() && wait_for_end(process.get(), alarm.get(), ours.get(), end, program.most_output);
    if (!in_time) kill(-*child, SIGKILL);
    int status = 0;
    while (waitpid(*child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!in_time)
        return fail(Code::try_again, "took longer than " + format_duration(program.most),
                    program.argv.front());
    end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return end;
}

Result<void> start_program(const std::vector<std::string>& argv) {
    if (auto good = check(argv); !good) return good;
    const Descriptor nowhere(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!nowhere.is_open()) return failed(argv, errno, "no /dev/null");
    auto child = start(argv, environ, nowhere.get(), nowhere.get());
    if (!child) return tl::unexpected(child.error());
    return {};
}

}  // namespace pbx::net
