#include "numbering/service_agi.hpp"

#include "core/log.hpp"

#include <utility>

namespace pbx::numbering {

namespace {
// The number may be the first argument instead: AGI(agi://127.0.0.1/enum,+44...).
Result<Request> request_of(const agi::CallEnvironment& environment) {
    auto request = parse_request(environment.get("network_script"));
    if (!request) return request;
    if (const auto arguments = environment.arguments(); request->number.empty() && !arguments.empty())
        request->number = arguments.front();
    request->json = false;
    request->print = Request::Print::count;  // all there are
    return request;
}

ChannelVariables variables_of(const Job& job) {
    if (!job.refused) return channel_variables(job.found());
    const bool no_number = job.refused->code == Code::data;
    return {.status = no_number ? std::string(name_of(Status::bad_number)) : "error",
            .error = job.refused->text()};
}
}  // namespace

net::Task<Result<void>> set_variables(agi::Session& session, ChannelVariables variables) {
    auto rows = rows_of(variables);
    for (auto& [name, value] : rows) {
        auto set = co_await session.set_variable(name, value);
        if (!set && agi::is_caller_left(set.error())) break;  // nobody is left who would dial
        if (!set) co_return Unexpected(std::move(set.error()));
    }
    co_return Result<void>{};
}

net::Task<void> answer_agi(std::shared_ptr<Desk> desk, std::shared_ptr<agi::Session> session) {
    const Desk::Visit visit(desk);
    auto request = request_of(session->environment());
    ChannelVariables variables{.status = "error"};
    if (request) {
        auto looking = Desk::look_up(desk, std::move(*request));
        auto job = co_await std::move(looking);
        variables = variables_of(*job);
    } else {
        variables.error = request.error().text();
        log::warning("fastagi: {}", variables.error);
    }
    auto setting = set_variables(*session, std::move(variables));
    auto set = co_await std::move(setting);
    if (!set) log::warning("fastagi: {}", set.error().text());
}

}  // namespace pbx::numbering
