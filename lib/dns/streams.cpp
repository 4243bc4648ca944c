#include "dns/streams.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/epoll.h>
#include <sys/socket.h>

namespace pbx::dns {

namespace {

constexpr std::size_t length_size = 2;  // RFC 1035 4.2.2

bool is_later(int error) {
    return error == EAGAIN || error == EINPROGRESS || error == EINTR;
}

}  // namespace

void Streams::take(Exchange& exchange, Moment now) {
    if (exchange.wants_streams()) {
        const auto wanted = exchange.take_streams();
        waiting_.insert(waiting_.end(), wanted.begin(), wanted.end());
    }
    for (auto& stream : streams_) {
        if (stream.fd.is_open() && exchange.query(stream.ticket).empty()) stream.fd.close();
    }
    const auto is_free = [](const Stream& stream) { return !stream.fd.is_open(); };
    while (!waiting_.empty() &&
           (streams_.size() < max_streams || std::any_of(streams_.begin(), streams_.end(), is_free))) {
        const auto ticket = waiting_.front();
        waiting_.pop_front();
        begin(ticket, exchange, now);
    }
}

void Streams::begin(const Exchange::Ticket& ticket, Exchange& exchange, Moment now) {
    const auto query = exchange.query(ticket);
    if (query.empty()) return;
    auto found = std::find_if(streams_.begin(), streams_.end(),
                              [](const auto& stream) { return !stream.fd.is_open(); });
    if (found == streams_.end()) found = streams_.emplace(streams_.end());
    auto& stream = *found;
    stream.ticket = ticket;
    stream.out = {static_cast<std::uint8_t>(query.size() >> 8U),
                  static_cast<std::uint8_t>(query.size() & 0xffU)};
    stream.out.insert(stream.out.end(), query.begin(), query.end());
    stream.in.assign(length_size, 0);
    stream.written = stream.read = 0;
    if (connect(static_cast<std::size_t>(found - streams_.begin()))) return;
    stream.fd.close();
    exchange.on_stream_failed(ticket, now);
}

bool Streams::connect(std::size_t index) {
    auto& stream = streams_[index];
    const auto& server = servers_[stream.ticket.server];
    stream.fd = Descriptor(::socket(server.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!stream.fd.is_open()) return false;
    if (::connect(stream.fd.get(), server.get(), server.size) != 0 && !is_later(errno)) return false;
    watch(index, EPOLL_CTL_ADD, EPOLLOUT);
    return true;
}

void Streams::watch(std::size_t index, int operation, std::uint32_t events) {
    epoll_event event{.events = events, .data = {.u64 = first_ + index}};
    ::epoll_ctl(poll_, operation, streams_[index].fd.get(), &event);
}

Streams::Step Streams::write(std::size_t index) {
    auto& stream = streams_[index];
    const auto rest = std::span(stream.out).subspan(stream.written);
    const auto sent = ::send(stream.fd.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return is_later(errno) ? Step::more : Step::failed;
    stream.written += static_cast<std::size_t>(sent);
    if (stream.written == stream.out.size()) watch(index, EPOLL_CTL_MOD, EPOLLIN);
    return Step::more;
}

Streams::Step Streams::read(Stream& stream) {
    while (true) {
        const auto rest = std::span(stream.in).subspan(stream.read);
        const auto got = ::recv(stream.fd.get(), rest.data(), rest.size(), MSG_DONTWAIT);
        if (got < 0) return is_later(errno) ? Step::more : Step::failed;
        if (got == 0) return Step::failed;
        stream.read += static_cast<std::size_t>(got);
        if (stream.read < stream.in.size()) continue;
        const auto length = static_cast<std::size_t>(stream.in[0] << 8U | stream.in[1]);
        if (stream.read >= length_size + length) return Step::whole;
        stream.in.resize(length_size + length);
    }
}

void Streams::on_ready(std::size_t number, Exchange& exchange, Moment now) {
    const auto index = number - first_;
    if (index >= streams_.size() || !streams_[index].fd.is_open()) return;
    auto& stream = streams_[index];
    const auto step = stream.written < stream.out.size() ? write(index) : read(stream);
    if (step == Step::more) return;
    stream.fd.close();
    if (step == Step::failed) return exchange.on_stream_failed(stream.ticket, now);
    exchange.on_stream_message(stream.ticket, std::span(stream.in).subspan(length_size), now);
}

}  // namespace pbx::dns
