#include "numbering/bulk_outlet.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::numbering {

namespace {
constexpr std::size_t large_piece = 64 * 1024;
constexpr std::chrono::milliseconds longest_kept{50};  // a row waits so long for others

bool is_file(int fd) {
    struct stat about {};
    return ::fstat(fd, &about) == 0 && !S_ISFIFO(about.st_mode) && !S_ISSOCK(about.st_mode) &&
           ::isatty(fd) == 0;
}
}  // namespace

Outlet::Outlet(int fd, bool durable) : fd_(fd), durable_(durable), may_block_(!is_file(fd)) {}

std::optional<dns::Moment> Outlet::next_moment() const {
    if (!waiting_since_) return std::nullopt;
    return *waiting_since_ + longest_kept;
}

// poll() says that a pipe takes PIPE_BUF octets without blocking; nothing of more.
bool Outlet::takes_more() const {
    if (!may_block_) return true;
    pollfd polled{.fd = fd_, .events = POLLOUT, .revents = 0};
    return ::poll(&polled, 1, 0) > 0;
}

Result<void> Outlet::put() {
    while (at_ < text_.size() && takes_more()) {
        const auto size = std::min<std::size_t>(text_.size() - at_, may_block_ ? PIPE_BUF : SSIZE_MAX);
        const auto written = ::write(fd_, text_.data() + at_, size);
        if (written >= 0) {
            at_ += static_cast<std::size_t>(written);
        } else if (errno == EPIPE) {
            reader_left_ = true;
            return {};
        } else if (errno == EAGAIN) {
            return {};
        } else if (errno != EINTR) {
            return fail(Code::write_failed, std::generic_category().message(errno), "the result");
        }
    }
    return {};
}

Result<void> Outlet::write(std::string& text, bool at_once, dns::Moment now) {
    if (at_ < text_.size()) {
        if (auto written = put(); !written) return written;
    }
    if (at_ < text_.size() || text.empty()) {
        if (text.empty()) waiting_since_.reset();
        return {};
    }
    if (!waiting_since_) waiting_since_ = now;
    if (!at_once && text.size() < large_piece && now - *waiting_since_ < longest_kept) return {};
    text_.clear();
    text_.swap(text);
    at_ = 0;
    waiting_since_.reset();
    dirty_ = true;
    if (auto written = put(); !written) return written;
    if (!durable_ || now - synced_ < sync_period) return {};
    synced_ = now;
    dirty_ = false;
    if (::fdatasync(fd_) == 0) return {};
    return fail(Code::write_failed, std::generic_category().message(errno), "the result");
}

Result<void> Outlet::finish() {
    if (!durable_ || !dirty_ || ::fsync(fd_) == 0) return {};
    return fail(Code::write_failed, std::generic_category().message(errno), "the result");
}

}  // namespace pbx::numbering
