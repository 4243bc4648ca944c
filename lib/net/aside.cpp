#include "net/aside.hpp"

#include "net/readiness.hpp"

#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace pbx::net {

namespace {

std::atomic<std::size_t> under_way{0};

struct Work {
    std::function<void()> work;
    int bell = -1;  // an eventfd: the thread's own end
    std::atomic<bool> done{false};

    ~Work() {
        if (bell >= 0) ::close(bell);
    }
};

void run(const std::shared_ptr<Work>& it) {
    it->work();
    it->done.store(true, std::memory_order_release);
    it->work = nullptr;
    const std::uint64_t one = 1;
    const auto rung = ::write(it->bell, &one, sizeof one);
    static_cast<void>(rung);
    under_way.fetch_sub(1);
}

Result<void> begin(const std::shared_ptr<Work>& it, const std::string& what) {
    if (under_way.fetch_add(1) >= most_aside) {
        under_way.fetch_sub(1);
        return fail(Code::try_again, "too much of this is under way", what);
    }
    try {
        std::thread([it] { run(it); }).detach();
    } catch (const std::system_error& error) {
        under_way.fetch_sub(1);
        return fail(Code::try_again, std::string("no thread: ") + error.what(), what);
    }
    return {};
}

}  // namespace

Task<Result<void>> run_aside(std::function<void()> work, milliseconds limit, std::string what) {
    auto executor = co_await boost::asio::this_coro::executor;
    auto it = std::make_shared<Work>();
    it->work = std::move(work);
    it->bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const int ours = it->bell < 0 ? -1 : ::fcntl(it->bell, F_DUPFD_CLOEXEC, 0);
    if (ours < 0) co_return fail(Code::unavailable, system_text(errno), what);
    auto bell = OpenFd::take(executor, ours);
    if (!bell) co_return tl::unexpected(bell.error());
    auto begun = begin(it, what);
    if (!begun) co_return begun;
    auto rung = std::make_shared<Readiness>(*bell, Readiness::Kind::wait_read);
    bool in_time = co_await Readiness::wait(rung, limit);
    if (!in_time || !it->done.load(std::memory_order_acquire))
        co_return fail(Code::try_again, "timed out", what);
    co_return Result<void>{};
}

}  // namespace pbx::net
