#include "cmd/enum_agi.hpp"

#include "agi/session.hpp"
#include "net/loop.hpp"

#include <utility>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
using Variable = std::pair<std::string, std::string>;

std::vector<Variable> rows_of(const ChannelVariables& variables) {
    const auto count = std::min(variables.uris.size(), max_channel_uris);
    std::vector<Variable> out{{"ENUM_STATUS", variables.status},
                              {"ENUM_URI", count > 0 ? variables.uris.front() : ""},
                              {"ENUM_DIAL", variables.dial},
                              {"ENUM_COUNT", std::to_string(count)},
                              {"PBXCTL_ERROR", variables.error}};
    for (std::size_t i = 0; i < count; ++i)
        out.emplace_back(fmt::format("ENUM_{}", i + 1), variables.uris[i]);
    return out;
}

net::Task<Result<void>> set_all(agi::Session& session, std::vector<Variable> rows) {
    auto started = co_await session.start();
    if (!started) co_return Unexpected(std::move(started.error()));
    for (auto& [name, value] : rows) {
        auto set = co_await session.set_variable(name, value);
        if (!set && agi::is_caller_left(set.error())) break;  // nobody is left who would dial
        if (!set) co_return Unexpected(std::move(set.error()));
    }
    co_return Result<void>{};
}
}  // namespace

Result<void> set_channel_variables(ChannelVariables variables) {
    net::Loop loop;
    auto line = agi::open_stdio(loop);
    if (!line) return Unexpected(line.error());
    auto done = loop.run_to_end(set_all(*line->session, rows_of(variables)));
    return done ? std::move(*done) : Result<void>{};
}

}  // namespace pbx::cmd
