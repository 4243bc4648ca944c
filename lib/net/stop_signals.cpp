#include "net/stop_signals.hpp"

#include <cerrno>
#include <system_error>

#include <sys/signalfd.h>
#include <unistd.h>

namespace pbx::net {

Result<void> StopSignals::open() {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    fd_ = Descriptor(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
    if (!fd_.is_open()) return fail(Code::unavailable, std::generic_category().message(errno), "signals");
    ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
    return {};
}

StopSignals::~StopSignals() {
    if (fd_.is_open()) ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int StopSignals::take() const {
    signalfd_siginfo about{};
    if (::read(fd_.get(), &about, sizeof(about)) != sizeof(about)) return 0;
    return static_cast<int>(about.ssi_signo);
}

}  // namespace pbx::net
