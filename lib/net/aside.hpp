// Blocking work that nothing can interrupt (getaddrinfo, another library's connect) on a thread of its own,
// which is left behind when its time is over: not even the end of the program waits for it. Pool is for work
// that ends by itself.
#pragma once

#include "net/task.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace pbx::net {

inline constexpr std::size_t most_aside = 16;  // under way at once in the process

// Runs `work` and waits for it. It must own all it touches (shared pointers), as it may outlive the caller.
// try_again: not done in time, or most_aside are under way; the error's `where` is `what`.
[[nodiscard]] Task<Result<void>> run_aside(std::function<void()> work, milliseconds limit, std::string what);

}  // namespace pbx::net
