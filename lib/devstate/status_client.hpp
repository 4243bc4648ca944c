// Asks a running relay for its /status.
#pragma once

#include "devstate/relay_status.hpp"
#include "net/task.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace pbx::devstate {

// `host` is a name or an address. All within `limit`. Errors: unavailable (no relay runs there), try_again
// (it did not answer in time), protocol (something else answers there).
[[nodiscard]] net::Task<Result<RelayStatus>> ask_status(std::string host, std::uint16_t port,
                                                        std::chrono::milliseconds limit);

}  // namespace pbx::devstate
