// Lends the outside to cmd/frame: descriptors, environment, clock. A result that could not be written is a
// failure.
#include "cmd/frame.hpp"
#include "cmd/stream.hpp"
#include "core/result.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {
std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

// Asterisk's unit sends stderr to /dev/null; a terminal, a pipe, a file or the journal has a reader.
bool err_is_read() {
    struct stat about {};
    if (::fstat(STDERR_FILENO, &about) != 0) return false;
    if (::isatty(STDERR_FILENO) != 0 || S_ISFIFO(about.st_mode) || S_ISREG(about.st_mode)) return true;
    const auto journal = variable("JOURNAL_STREAM");
    return journal && *journal == fmt::format("{}:{}", about.st_dev, about.st_ino);
}
}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a reader who left shows as a failed write
    pbx::cmd::DescriptorBuffer out_buffer(STDOUT_FILENO), err_buffer(STDERR_FILENO);
    std::ostream out(&out_buffer), err(&err_buffer);
    const pbx::SystemClock clock;
    pbx::Context context{.in = std::cin,
                         .out = out,
                         .err = err,
                         .environment = variable,
                         .clock = clock,
                         .out_is_tty = ::isatty(STDOUT_FILENO) != 0,
                         .err_is_tty = ::isatty(STDERR_FILENO) != 0};
    const pbx::cmd::Terminal terminal{.in_is_tty = ::isatty(STDIN_FILENO) != 0, .err_is_read = err_is_read()};

    int status = pbx::cmd::run({argv + std::min(argc, 1), argv + argc}, context, terminal);
    out.flush();
    if (const int failure = out_buffer.failure(); failure != 0) {
        // a reader who took the first lines and left (| head) needs no word about it
        if (failure != EPIPE) err << "pbxctl: stdout: " << std::strerror(failure) << '\n';
        if (status == 0) status = static_cast<int>(pbx::Code::write_failed);
    }
    err.flush();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return status;
#else
    std::_Exit(status);  // all is written; destructors of globals would only read pages in again
#endif
}
