#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/oksana_json.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/text.hpp"
#include "net/loop.hpp"
#include "oksana/journal.hpp"
#include "oksana/outbox_senders.hpp"
#include "oksana/outbox_service.hpp"
#include "service/health.hpp"

#include <algorithm>
#include <filesystem>
#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using oksana::Outbox;
constexpr long long most_messages = 100'000;
constexpr std::chrono::minutes longest_run{10};

Result<long long> number(Frame& frame, std::string_view name, long long otherwise, long long most) {
    const auto given = frame.given.value(name);
    if (!given) return otherwise;
    const auto value = text::to_integer(*given);
    if (!value || *value < 1 || *value > most)
        return fail(Code::usage, fmt::format("'{}' is no number from 1 to {}", *given, most),
                    fmt::format("--{}", name));
    return *value;
}

Result<int> print_queue(Frame& frame, Outbox& outbox) {
    auto most = number(frame, "most", 100, most_messages);
    if (!most) return Unexpected(most.error());
    auto messages = outbox.list(std::nullopt, *most);
    if (!messages) return Unexpected(messages.error());
    Table table{{"id", "state", "created", "kind", "target", "attempts", "due", "error"}, {}};
    for (const auto& message : *messages)
        table.rows.push_back({std::to_string(message.id), std::string(oksana::name_of(message.state)),
                              shown_time(message.message.created), message.message.kind,
                              message.message.target, std::to_string(message.attempts),
                              message.state == oksana::MessageState::waiting ? shown_time(message.due) : "",
                              message.error});
    frame.output.table(table);
    return messages->empty() ? static_cast<int>(Code::no) : 0;
}

Result<int> retry(Frame& frame, Outbox& outbox, const std::string& given) {
    const auto id = text::to_integer(given);
    if (!id) return fail(Code::usage, fmt::format("'{}' is no message's number", given), "--retry");
    auto done = outbox.retry(*id, frame.context.clock.wall());
    if (!done) return Unexpected(done.error());
    if (!*done)
        return fail(Code::no, "no message that was given up", given,
                    "pbxctl oksana deliver --list shows them");
    return 0;
}

Result<int> deliver(Frame& frame, Outbox& outbox, const config::Settings& settings) {
    auto most = number(frame, "most", most_messages, most_messages);
    if (!most) return Unexpected(most.error());
    std::minstd_rand random(std::random_device{}());
    std::uniform_real_distribution<double> spread(0, 1);
    auto done =
        oksana::deliver_due(outbox, oksana::senders_of(settings), {.most = *most, .whole = longest_run},
                            frame.context.clock, [&] { return spread(random); });
    if (!done) return Unexpected(done.error());
    if (frame.output.json())
        frame.output.document({{"sent", done->sent}, {"again", done->again}, {"refused", done->refused}});
    else
        frame.output.table(
            {{"sent", "again", "refused"},
             {{std::to_string(done->sent), std::to_string(done->again), std::to_string(done->refused)}}});
    if (done->again > 0) return static_cast<int>(Code::try_again);
    return done->refused > 0 ? static_cast<int>(Code::no) : 0;
}

Result<oksana::OutboxService> service_of(const config::Settings& settings) {
    oksana::OutboxService service{.database = settings.text("store", "path"),
                                  .senders = oksana::senders_of(settings)};
    if (const auto address = settings.text("service", "health_listen"); !address.empty()) {
        auto listen = service::listen_address(address);
        if (!listen) return Unexpected(listen.error());
        service.health = std::move(*listen);
    }
    return service;
}

Result<int> serve(Frame& frame) {
    net::Loop loop;
    return oksana::serve_outbox(loop, frame.context, [&frame]() -> Result<oksana::OutboxService> {
        frame.read.reset();  // HUP: pbxctl.conf as it is now
        auto settings = frame.settings();
        if (!settings) return Unexpected(settings.error());
        return service_of(**settings);
    });
}

Result<int> run(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    if (frame.given.has("serve")) return serve(frame);
    const std::string path = (*settings)->text("store", "path");
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return fail(Code::no, "no call was taken yet", path, "the database is made by the first call");
    auto database = oksana::open_database(path);
    if (!database) return Unexpected(database.error());
    Outbox outbox(*database, {});
    if (auto id = frame.given.value("retry")) return retry(frame, outbox, *id);
    if (frame.given.has("list")) return print_queue(frame, outbox);
    return deliver(frame, outbox, **settings);
}

constexpr Option options[] = {
    {.name = "list", .help = "show what is there, the newest first; send nothing"},
    {.name = "retry", .value = "ID", .help = "let a message wait again that was given up"},
    {.name = "serve", .help = "stay and send whatever comes, until INT or TERM; HUP reads pbxctl.conf anew"},
    {.name = "health-listen",
     .value = "HOST:PORT",
     .help = "with --serve: where /healthz and /metrics answer",
     .key = "service.health_listen"},
    {.name = "most", .value = "N", .help = "send or show so many at most"},
};
constexpr Example examples[] = {
    {"pbxctl oksana deliver", "send what is due"},
    {"* * * * *  asterisk  pbxctl -q oksana deliver >/dev/null",
     "the same every minute, a line of /etc/cron.d"},
    {"pbxctl oksana deliver --serve --health-listen 127.0.0.1:9100",
     "a service, as pbxctl-deliver.service runs it"},
    {"pbxctl oksana deliver --list", "what waits, what was sent, what was given up and why"},
};
constexpr Exit exits[] = {{0, "nothing is left that was due"},
                          {1, "a message was refused for good"},
                          {75, "a message has to wait"},
                          {143, "--serve was ended by TERM; 130: by INT"}};
}  // namespace

const Leaf oksana_deliver{
    .noun = "oksana",
    .verb = "deliver",
    .summary = "send what notify = left in the outbox",
    .description =
        "Messages of dialogs wait in the database until they are delivered. Every call sends what is due "
        "when it "
        "ends; this command does so at other times. Several may run at once.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
