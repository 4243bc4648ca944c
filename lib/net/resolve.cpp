#include "net/resolve.hpp"

#include "net/readiness.hpp"
#include "net/socket.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace pbx::net {

namespace {

std::atomic<std::size_t> under_way{0};

// Shared by the loop and the thread; the thread may outlive everything else.
struct Question {
    std::string host{};
    int bell = -1;  // an eventfd: the thread's own end
    std::atomic<bool> answered{false};
    int error = 0;
    std::vector<std::string> addresses{};

    ~Question() {
        if (bell >= 0) ::close(bell);
    }
};

std::string without_port(const std::string& text) {
    const auto end = text.rfind(':');
    return text.front() == '[' ? text.substr(1, end - 2) : text.substr(0, end);
}

void ask(const std::shared_ptr<Question>& question) {
    addrinfo wanted{}, *found = nullptr;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG;
    question->error = ::getaddrinfo(question->host.c_str(), nullptr, &wanted, &found);
    for (const auto* at = found; at != nullptr && question->addresses.size() < most_addresses;
         at = at->ai_next) {
        SocketAddress address;
        std::copy_n(reinterpret_cast<const char*>(at->ai_addr), at->ai_addrlen,
                    reinterpret_cast<char*>(&address.bytes));
        question->addresses.push_back(without_port(address_text(address)));
    }
    if (found != nullptr) ::freeaddrinfo(found);
    question->answered.store(true, std::memory_order_release);
    const std::uint64_t one = 1;
    const auto rung = ::write(question->bell, &one, sizeof one);
    static_cast<void>(rung);
}

Result<void> begin(const std::shared_ptr<Question>& question) {
    if (under_way.fetch_add(1) >= most_lookups) {
        under_way.fetch_sub(1);
        return fail(Code::try_again, "too many names are being looked up", question->host);
    }
    try {
        std::thread([question] {
            ask(question);
            under_way.fetch_sub(1);
        }).detach();
    } catch (const std::system_error& error) {
        under_way.fetch_sub(1);
        return fail(Code::try_again, std::string("no thread: ") + error.what(), question->host);
    }
    return {};
}

Result<std::vector<std::string>> answer_of(const Question& question) {
    if (question.error == 0 && !question.addresses.empty()) return question.addresses;
    const bool later = question.error == EAI_AGAIN;
    return fail(later ? Code::try_again : Code::unavailable,
                later ? "no name server answers" : "no such name", question.host,
                later ? "check /etc/resolv.conf" : "check the name, or write an address");
}

bool is_address(const std::string& host) {
    return !host.empty() && host != "localhost" && numeric_address(host, 0).has_value();
}

milliseconds time_to(std::chrono::steady_clock::time_point end) {
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now()));
}

}  // namespace

Task<Result<std::vector<std::string>>> resolve(std::string host, milliseconds limit) {
    if (is_address(host)) co_return std::vector<std::string>{host};
    auto executor = co_await boost::asio::this_coro::executor;
    auto question = std::make_shared<Question>();
    question->host = std::move(host);
    question->bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const int ours = question->bell < 0 ? -1 : ::fcntl(question->bell, F_DUPFD_CLOEXEC, 0);
    if (ours < 0) co_return fail(Code::unavailable, system_text(errno), question->host);
    auto bell = OpenFd::take(executor, ours);
    if (!bell) co_return tl::unexpected(bell.error());
    auto begun = begin(question);
    if (!begun) co_return tl::unexpected(begun.error());
    auto rung = std::make_shared<Readiness>(*bell, Readiness::Kind::wait_read);
    bool in_time = co_await Readiness::wait(rung, limit);
    if (!in_time || !question->answered.load(std::memory_order_acquire))
        co_return fail(Code::try_again, "the name is not resolved in time", question->host,
                       "check /etc/resolv.conf");
    co_return answer_of(*question);
}

Task<Result<std::unique_ptr<Stream>>> connect_host(std::string host, std::uint16_t port, milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    Result<std::vector<std::string>> found = co_await resolve(host, limit);
    if (!found) co_return tl::unexpected(found.error());
    const auto addresses = std::move(*found);
    Error last{};
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        // one that does not answer leaves time for the others
        const auto share = time_to(end) / static_cast<long>(addresses.size() - i);
        auto stream = co_await connect_tcp(addresses[i], port, share);
        if (stream) co_return stream;
        last = stream.error();
    }
    if (host != addresses.front()) co_return within(host, std::move(last));
    co_return tl::unexpected(std::move(last));
}

}  // namespace pbx::net
