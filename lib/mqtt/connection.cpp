#include "mqtt/connection.hpp"

#include "core/text.hpp"
#include "net/aside.hpp"
#include "net/loop.hpp"

#include <array>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace pbx::mqtt {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds tick_each{1'000};
constexpr int unsupported_version_3 = 1, unsupported_version_5 = 132;
constexpr std::size_t most_around = 66 * 1024;  // a message's topic (64 KB) and the rest of its packet
constexpr std::size_t overhead = 64;            // of a queued publication beside its topic and payload

Connection& of(void* user) {
    return *static_cast<Connection*>(user);
}

Error refusal(int code, const char* text, const std::string& broker) {
    const bool login = code == 4 || code == 5 || code == 134 || code == 135;
    return {.code = login ? Code::refused : Code::unavailable,
            .what = "it refused: " + text::lower_ascii(text),
            .where = broker,
            .hint = login ? "check the user and secret_file, and the broker's ACL" : ""};
}

void on_connected(void* user, int code, const char* text) {
    auto& it = of(user);
    it.answered = true;
    if (code != 0) {
        it.wrong_version = code == unsupported_version_3 || code == unsupported_version_5;
        it.why = refusal(code, text, it.broker);
        return;
    }
    it.up = it.was_up = true;
    if (it.events != nullptr && it.events->on_up) it.events->on_up(it.broker);
}

void on_message(void* user, const char* topic, const void* payload, std::size_t size, int retained) {
    auto& it = of(user);
    if (it.events == nullptr || !it.events->on_message || it.over) return;
    if (size > it.max_message) {
        ++it.dropped;
        return;
    }
    it.events->on_message(
        {.topic = topic, .payload = {static_cast<const char*>(payload), size}, .retained = retained != 0});
}

void on_subscribed(void* user, int token, int granted) {
    auto& it = of(user);
    if (it.events != nullptr && it.events->on_subscribed && !it.over)
        it.events->on_subscribed(token, granted != 0);
}

void on_published(void* user, int token) {
    auto& it = of(user);
    const auto found = it.waiting.find(token);
    if (found == it.waiting.end()) {
        if (it.publishing) it.early.emplace(token, true);
        return;
    }
    it.queued -= found->second;
    it.waiting.erase(found);
    it.changed.ring();
    if (it.events != nullptr && it.events->on_published && !it.over) it.events->on_published(token);
}

// What libmosquitto says when a connection cannot be made, or is gone.
Error lost(const char* text, const std::string& broker) {
    Error out{.code = Code::unavailable, .what = text::lower_ascii(text), .where = broker};
    while (out.what.ends_with('.'))
        out.what.pop_back();
    if (out.what.find("tls") != std::string::npos) {
        out.code = Code::refused;
        out.hint = "check ca_file, certificate, the broker's name in its certificate and the clock";
    }
    return out;
}

const char* given(const std::string& text) {
    return text.empty() ? nullptr : text.c_str();
}

}  // namespace

Result<void> Connection::open(const pbx_mqtt_table* driver, const ClientOptions& options, bool version_5,
                              const std::string& client_id) {
    max_message = options.max_message;
    const auto& will = options.will;
    const pbx_mqtt_settings its{.client_id = client_id.c_str(),
                                .user = given(options.url.user),
                                .password = given(options.password.read()),
                                .tls = options.url.tls ? 1 : 0,
                                .ca_file = given(options.ca_file),
                                .certificate = given(options.certificate),
                                .key = given(options.key),
                                .version_5 = version_5 ? 1 : 0,
                                .will_topic = will ? will->topic.c_str() : nullptr,
                                .will_payload = will ? will->payload.data() : nullptr,
                                .will_size = will ? will->payload.size() : 0,
                                .will_qos = will ? will->qos : 0,
                                .will_retain = will && will->retain ? 1 : 0,
                                .keep_alive = static_cast<int>(options.keep_alive.count()),
                                .max_packet = static_cast<std::uint32_t>(options.max_message + most_around),
                                .events = {.connected = &on_connected,
                                           .message = &on_message,
                                           .subscribed = &on_subscribed,
                                           .published = &on_published,
                                           .user = this}};
    std::array<char, 200> error{};
    void* handle = driver->open(&its, error.data(), error.size());
    if (handle == nullptr)
        return fail(Code::config, text::lower_ascii(error.data()), "broker",
                    "check user, ca_file, certificate and key");
    session = std::make_shared<Session>(driver, handle);
    return {};
}

void Connection::end(Error its_why) {
    if (over) return;
    over = true;
    up = false;
    if (why.what.empty()) why = std::move(its_why);
    boost::system::error_code ignored;
    descriptor.close(ignored);
    changed.ring();
}

void Connection::end(int code) {
    std::array<char, 300> text{};
    session->driver->text(session->handle, code, text.data(), text.size());
    end(lost(text.data(), broker));
}

void Connection::flush() {
    if (over || watching || session->driver->wants_write(session->handle) == 0) return;
    watching = true;
    descriptor.async_wait(asio::posix::descriptor_base::wait_write,
                          [self = shared_from_this()](const boost::system::error_code& error) {
                              self->watching = false;
                              if (error || self->over) return;
                              const int code = self->session->driver->write(self->session->handle);
                              if (code > 0) return self->end(code);
                              self->flush();
                          });
}

net::Task<void> Connection::tick(Self self, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!self->over) {
        co_await net::sleep_for(self->answered ? tick_each : std::min(tick_each, limit));
        if (self->over) co_return;
        if (!self->answered && std::chrono::steady_clock::now() >= until) {
            self->end(Error{.code = Code::try_again, .what = "it does not answer", .where = self->broker});
            co_return;
        }
        const int code = self->session->driver->misc(self->session->handle);
        if (code > 0) self->end(code);
        self->flush();
    }
}

net::Task<Error> Connection::live(Self self, BrokerAddress address, Limits limits) {
    auto executor = co_await asio::this_coro::executor;
    struct Begun {
        std::shared_ptr<Session> session;
        BrokerAddress address;
        std::array<char, 300> error{};
        int code = 0;
    };
    auto begun = std::make_shared<Begun>();
    begun->session = self->session;
    begun->address = std::move(address);
    std::function<void()> work = [begun] {
        begun->code =
            begun->session->driver->connect(begun->session->handle, begun->address.host.c_str(),
                                            begun->address.port, begun->error.data(), begun->error.size());
    };
    Result<void> done = co_await net::run_aside(std::move(work), limits.connect, self->broker);
    if (!done) co_return done.error();
    if (begun->code != 0) co_return lost(begun->error.data(), self->broker);
    auto* driver = self->session->driver;
    auto* handle = self->session->handle;
    const int fd = ::fcntl(driver->descriptor(handle), F_DUPFD_CLOEXEC, 0);
    boost::system::error_code error;
    self->descriptor.assign(fd, error);
    if (fd >= 0 && error) ::close(fd);
    if (fd < 0 || error)
        co_return Error{.code = Code::unavailable, .what = "no descriptor", .where = self->broker};
    self->connected = true;
    net::spawn(executor, tick(self, limits.answer));
    self->flush();
    while (!self->over) {
        const int code = driver->read(handle);
        if (code > 0) self->end(code);
        if (self->over) break;
        self->flush();
        if (code < 0) {
            co_await asio::post(executor, asio::use_awaitable);
            continue;
        }
        auto waited = co_await self->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                                           asio::as_tuple(asio::use_awaitable));
        static_cast<void>(waited);
    }
    co_return self->why;
}

std::optional<int> Connection::publish(const std::string& topic, std::string_view payload, Publication how,
                                       std::size_t max_queue) {
    const auto size = topic.size() + payload.size() + overhead;
    if (!up || over || queued + size > max_queue) return std::nullopt;
    int token = 0;
    const bool outer = std::exchange(publishing, true);  // on_published may publish from inside
    const int code = session->driver->publish(session->handle, &token, topic.c_str(), payload.data(),
                                              payload.size(), how.qos, how.retain ? 1 : 0);
    publishing = outer;
    const bool sent = early.erase(token) != 0;
    if (!outer) early.clear();
    if (code != 0) return std::nullopt;
    if (!sent) {
        waiting.emplace(token, size);
        queued += size;
    }
    flush();
    return token;
}

}  // namespace pbx::mqtt
