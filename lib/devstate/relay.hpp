// `pbxctl devstate relay`: hub, own Asterisk, peers and the service's life tied together. What each of them
// does is theirs.
#pragma once

#include "core/context.hpp"
#include "devstate/relay_settings.hpp"
#include "net/loop.hpp"

#include <chrono>
#include <functional>

namespace pbx::devstate {

struct RelayMode {
    bool once = false;  // both ways once, then end: for cron; needs peers to link with
    bool dry = false;   // prints what would be told and written; tells and writes nothing
    std::chrono::milliseconds limit{30'000};  // of `once`
};

// Until INT or TERM; `read` is called again at HUP. With `once`: 0 all was given and written; try_again: a
// peer or Asterisk wasn't there in time. config, unavailable: it could not begin.
[[nodiscard]] Result<int> run_relay(net::Loop& loop, const Context& context, RelayMode mode,
                                    const std::function<Result<RelaySettings>()>& read);

}  // namespace pbx::devstate
