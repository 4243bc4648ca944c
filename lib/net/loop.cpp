#include "net/loop.hpp"

#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace pbx::net {

struct Loop::Inside {
    boost::asio::io_context context{1};  // one thread runs it: Asio may leave out some locks
};

Loop::Loop() : inside_(std::make_unique<Inside>()) {}

Loop::~Loop() = default;

Executor Loop::executor() {
    return inside_->context.get_executor();
}

void Loop::run() {
    inside_->context.restart();
    inside_->context.run();
}

void Loop::stop() {
    inside_->context.stop();
}

void Loop::post(std::function<void()> work) {
    boost::asio::post(inside_->context, std::move(work));
}

void spawn(const Executor& executor, Task<void> task) {
    auto ended = [](const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);  // out of run(): a bug, for main to report
    };
    boost::asio::co_spawn(executor, std::move(task), ended);
}

void Loop::spawn(Task<void> task) {
    net::spawn(executor(), std::move(task));
}

}  // namespace pbx::net
