#include "net/resolve.hpp"

#include "net/aside.hpp"
#include "net/socket.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <netdb.h>

namespace pbx::net {

namespace {

// Shared with the thread that asks, which may outlive everything else.
struct Question {
    std::string host{};
    int error = 0;
    std::vector<std::string> addresses{};
};

std::string without_port(const std::string& text) {
    const auto end = text.rfind(':');
    return text.front() == '[' ? text.substr(1, end - 2) : text.substr(0, end);
}

void ask(Question& question) {
    addrinfo wanted{}, *found = nullptr;
    wanted.ai_socktype = SOCK_STREAM;
    question.error = ::getaddrinfo(question.host.c_str(), nullptr, &wanted, &found);
    for (const auto* at = found; at != nullptr && question.addresses.size() < most_addresses;
         at = at->ai_next) {
        SocketAddress address;
        std::copy_n(reinterpret_cast<const char*>(at->ai_addr), at->ai_addrlen,
                    reinterpret_cast<char*>(&address.bytes));
        question.addresses.push_back(without_port(address_text(address)));
    }
    if (found != nullptr) ::freeaddrinfo(found);
}

Result<std::vector<std::string>> answer_of(const Question& question) {
    if (question.error == 0 && !question.addresses.empty()) return question.addresses;
    if (question.error == EAI_AGAIN)
        return fail(Code::try_again, "no name server answers", question.host, "check /etc/resolv.conf");
    return fail(Code::unavailable, "no such name", question.host, "check the name, or write an address");
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
    auto question = std::make_shared<Question>();
    question->host = std::move(host);
    std::function<void()> work = [question] { ask(*question); };
    Result<void> asked = co_await run_aside(std::move(work), limit, "resolving " + question->host);
    if (!asked) co_return tl::unexpected(asked.error());
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
