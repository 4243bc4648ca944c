// The one coroutine type of the project: co_await it or give it to Loop::spawn. Includes only Asio's
// awaitable.
#pragma once

#include "core/result.hpp"

#include <chrono>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace pbx::net {

template <class T>
using Task = boost::asio::awaitable<T>;

using Executor = boost::asio::any_io_executor;

using milliseconds = std::chrono::milliseconds;

// A wait that only the peer or close() ends: for readers that live as long as their connection.
inline constexpr milliseconds no_deadline = milliseconds::max();

}  // namespace pbx::net
