// Asks an Asterisk that is logged in for a snapshot.
#pragma once

#include "ami/client.hpp"
#include "devstate/snapshot.hpp"

#include <functional>

namespace pbx::devstate {

// A booting Asterisk takes logins up to 0.8 s before it knows the lists: what it doesn't know is asked for
// again, so often and so far apart, before it is believed to be missing.
inline constexpr int snapshot_tries = 4;
inline constexpr std::chrono::milliseconds between_tries{400};

// By callback, called once from the loop, with an error when the connection is cut. `source` and `client`
// must live until then.
void ask_snapshot(net::Executor executor, ami::Client& client, Source& source, Wants wants,
                  std::function<void(Result<Table>)> done);

[[nodiscard]] net::Task<Result<Table>> take_snapshot(net::Executor executor, ami::Client* client,
                                                     Source* source, Wants wants);

}  // namespace pbx::devstate
