#include "agi/session.hpp"
#include "net/signals.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace pbx::agi {

namespace {

constexpr int lowest_copy = 10;  // above fd 3, which is EAGI's audio when it is there

// Moves `fd` out of reach: what prints to stdout by mistake must not become a command to Asterisk, and no
// child may keep Asterisk's pipe open.
Result<int> move_away(int fd, int null) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, lowest_copy);
    if (copy < 0) {
        return fail(Code::no_input,
                    fmt::format("descriptor {}: {}", fd, std::generic_category().message(errno)),
                    "stdin and stdout", "run this from AGI() or EAGI() in the dialplan");
    }
    ::dup2(null, fd);
    return copy;
}

struct StdioPair {
    int in = -1, out = -1;
};

Result<StdioPair> take_stdio() {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return fail(Code::unavailable, "cannot open /dev/null");
    auto in = move_away(STDIN_FILENO, null);
    auto out = in ? move_away(STDOUT_FILENO, null) : in;
    ::close(null);
    if (!in) return tl::unexpected(in.error());
    if (!out) {
        ::close(*in);
        return tl::unexpected(out.error());
    }
    return StdioPair{.in = *in, .out = *out};
}

// res_agi.c sends SIGHUP once more when it is done with us: what is still being written down must outlive
// that, so it stays ignored. Blocked meanwhile, for unwatching puts the default action back first.
struct HangupSignal {
    std::unique_ptr<net::Signals> watched;

    explicit HangupSignal(std::unique_ptr<net::Signals> signals) : watched(std::move(signals)) {}
    ~HangupSignal() {
        sigset_t hangup, before;
        ::sigemptyset(&hangup);
        ::sigaddset(&hangup, SIGHUP);
        ::pthread_sigmask(SIG_BLOCK, &hangup, &before);
        watched.reset();
        std::signal(SIGHUP, SIG_IGN);
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    HangupSignal(const HangupSignal&) = delete;
    HangupSignal& operator=(const HangupSignal&) = delete;
};

}  // namespace

Result<StdioSession> open_stdio(net::Loop& loop, SessionOptions options) {
    net::ignore_broken_pipes();
    auto fds = take_stdio();
    if (!fds) return tl::unexpected(fds.error());
    auto stream = net::open_fds(loop.executor(), fds->in, fds->out, "stdin");
    if (!stream) return tl::unexpected(stream.error());
    StdioSession out;
    out.session = std::make_unique<Session>(loop.executor(), std::move(*stream), options);
    // res_agi.c sends SIGHUP on hangup: in AGI mode it means "the caller left"
    auto hangup = [session = out.session.get()](int) { session->note_left(); };
    auto signals = net::Signals::watch(loop.executor(), {SIGHUP}, hangup);
    if (!signals) return tl::unexpected(signals.error());
    out.signals = std::make_shared<HangupSignal>(std::move(*signals));
    return out;
}

}  // namespace pbx::agi
