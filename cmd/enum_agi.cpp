#include "cmd/enum_agi.hpp"

#include "agi/session.hpp"
#include "net/loop.hpp"
#include "numbering/service_agi.hpp"

#include <utility>

namespace pbx::cmd {

namespace {
net::Task<Result<void>> tell(agi::Session& session, numbering::ChannelVariables variables) {
    auto started = co_await session.start();
    if (!started) co_return Unexpected(std::move(started.error()));
    auto setting = numbering::set_variables(session, std::move(variables));
    auto set = co_await std::move(setting);
    co_return set;
}
}  // namespace

Result<void> set_channel_variables(numbering::ChannelVariables variables) {
    net::Loop loop;
    auto line = agi::open_stdio(loop);
    if (!line) return Unexpected(line.error());
    auto done = loop.run_to_end(tell(*line->session, std::move(variables)));
    return done ? std::move(*done) : Result<void>{};
}

}  // namespace pbx::cmd
