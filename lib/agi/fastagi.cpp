#include "agi/fastagi.hpp"

#include "core/log.hpp"

namespace pbx::agi {

namespace {

Task<void> serve_call(net::Executor executor, std::unique_ptr<net::Stream> stream, SessionOptions options,
                      CallHandler handler) {
    auto session = std::make_shared<Session>(executor, std::move(stream), options);
    auto started = co_await session->start();
    if (!started) {
        log::warning("fastagi: {}", started.error().text());
        co_return;
    }
    auto handled = handler(session);
    co_await std::move(handled);
}

}  // namespace

Result<std::unique_ptr<net::Listener>> serve_fastagi(net::Executor executor, FastAgiOptions options,
                                                     CallHandler handler) {
    auto serve = [executor, session = options.session,
                  handler = std::move(handler)](std::unique_ptr<net::Stream> stream) {
        return serve_call(executor, std::move(stream), session, handler);
    };
    return net::Listener::open(executor, options.listen, std::move(serve));
}

}  // namespace pbx::agi
