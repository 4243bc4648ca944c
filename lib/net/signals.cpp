#include "net/signals.hpp"

#include <csignal>

#include <boost/asio/signal_set.hpp>

namespace pbx::net {

struct Signals::Inside : std::enable_shared_from_this<Inside> {
    Inside(const Executor& executor, std::function<void(int)> on_signal)
        : set(executor), handler(std::move(on_signal)) {}
    boost::asio::signal_set set;
    std::function<void(int)> handler;

    void wait() {
        auto came = [self = shared_from_this()](const boost::system::error_code& error, int number) {
            if (error) return;
            self->wait();
            self->handler(number);
        };
        set.async_wait(came);
    }
};

Signals::Signals(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

Signals::~Signals() {
    boost::system::error_code ignored;
    inside_->set.clear(ignored);  // their default actions are back
    inside_->set.cancel(ignored);
}

Result<std::unique_ptr<Signals>> Signals::watch(Executor executor, std::initializer_list<int> numbers,
                                                std::function<void(int)> handler) {
    auto inside = std::make_shared<Inside>(executor, std::move(handler));
    for (const int number : numbers) {
        boost::system::error_code error;
        inside->set.add(number, error);
        if (error) return fail(Code::bug, "cannot watch a signal: " + error.message());
    }
    inside->wait();
    return std::unique_ptr<Signals>(new Signals(std::move(inside)));
}

void ignore_broken_pipes() {
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace pbx::net
