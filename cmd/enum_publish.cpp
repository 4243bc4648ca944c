#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/duration.hpp"
#include "core/text.hpp"
#include "numbering/enumer_node.hpp"
#include "numbering/enumer_publish.hpp"
#include "numbering/number.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using namespace numbering;
constexpr std::size_t most_uris = 20;
constexpr int between = 10;  // preferences of several URIs

Result<long long> number(const Frame& frame, std::string_view name, long long otherwise, long long least,
                         long long most) {
    const auto given = frame.given.value(name);
    if (!given) return otherwise;
    const auto value = text::to_integer(*given);
    if (!value || *value < least || *value > most)
        return fail(Code::usage, fmt::format("'{}' is no number from {} to {}", *given, least, most),
                    fmt::format("--{}", name));
    return *value;
}

Result<std::vector<EnumerEntry>> entries_of(const Frame& frame) {
    const auto uris = frame.given.values("uri");
    if (uris.empty() || uris.size() > most_uris)
        return fail(Code::usage, fmt::format("it takes 1 to {} of them", most_uris), "--uri");
    const auto order = number(frame, "order", 100, 0, UINT16_MAX);
    if (!order) return Unexpected(order.error());
    const auto most = UINT16_MAX - between * static_cast<long long>(uris.size() - 1);
    const auto first = number(frame, "preference", 10, 0, most);
    if (!first) return Unexpected(first.error());
    std::vector<EnumerEntry> out;
    for (const auto& uri : uris) {
        const auto service = frame.given.has("service") ? "E2U+" + *frame.given.value("service")
                                                        : service_for(uri).value_or("");
        if (service.empty())
            return fail(Code::usage, "no service is usual for this URI", uri, "name one by --service");
        const auto preference = *first + between * static_cast<long long>(out.size());
        auto entry = entry_for(uri, service, static_cast<std::uint16_t>(*order),
                               static_cast<std::uint16_t>(preference));
        if (!entry) return within("--uri", entry.error());
        out.push_back(std::move(*entry));
    }
    return out;
}

Result<std::vector<EnumerSignature>> signatures_of(const Frame& frame) {
    std::vector<EnumerSignature> out;
    for (const auto& given : frame.given.values("sig")) {
        const auto bar = given.find('|');
        if (bar == std::string::npos)
            return fail(Code::usage, "no VERIFIER|SIGNATURE", "--sig", "--sig 'ver:enum|H1b2...='");
        out.push_back({.verifier = given.substr(0, bar), .base64 = given.substr(bar + 1)});
    }
    return out;
}

Result<std::optional<std::uint32_t>> ttl_of(const Frame& frame) {
    const auto given = frame.given.value("ttl");
    if (!given) return std::nullopt;
    const auto ttl = parse_duration(*given);
    if (!ttl) return within("--ttl", ttl.error());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*ttl).count();
    if (seconds < 1 || seconds > INT32_MAX) return fail(Code::usage, "no time from 1s to 68 years", "--ttl");
    return static_cast<std::uint32_t>(seconds);
}

Result<Publication> publication_of(const Frame& frame) {
    auto typed = parse_number(frame.given.value_or("NUMBER", ""));
    if (!typed) return Unexpected(typed.error());
    if (typed->is_isn()) return fail(Code::data, "an ISN has no place in ENUMER", typed->text());
    Publication out{.digits = std::string(typed->digits())};
    auto entries = entries_of(frame);
    if (!entries) return Unexpected(entries.error());
    out.entries = std::move(*entries);
    auto signatures = signatures_of(frame);
    if (!signatures) return Unexpected(signatures.error());
    out.signatures = std::move(*signatures);
    const auto ttl = ttl_of(frame);
    if (!ttl) return Unexpected(ttl.error());
    out.ttl = *ttl;
    const auto days = number(frame, "days", 365, 1, 36'500);
    if (!days) return Unexpected(days.error());
    out.days = *days;
    const auto place = number(frame, "place", 0, 0, EnumerCheck::most_records - 1);
    if (!place) return Unexpected(place.error());
    if (frame.given.has("place")) out.place = static_cast<unsigned>(*place);
    return out;
}

struct Published {
    Draft draft;
    std::string transaction{};
    std::optional<CheckedRecord> checked{};  // as nodes will see its signatures; a node was asked
};

std::string_view operation_of(const Published& published) {
    if (published.draft.unchanged && published.transaction.empty()) return "none";
    return published.draft.order.operation == NameOperation::make ? "name_new" : "name_update";
}

void print(Frame& frame, const Published& published) {
    const auto& order = published.draft.order;
    if (frame.output.json()) {
        nlohmann::ordered_json json{{"name", order.name},
                                    {"value", order.value},
                                    {"operation", operation_of(published)},
                                    {"days", order.days},
                                    {"transaction", published.transaction}};
        if (published.checked) {
            json["signature"] = name_of(published.checked->state);
            json["why"] = published.checked->why;
        }
        return frame.output.document(json);
    }
    Table table{{"part", "text"}, {{"name", order.name}}};
    for (auto line : text::split(order.value, '\n'))
        table.rows.push_back({"value", std::string(line)});
    table.rows.push_back({"operation", std::string(operation_of(published))});
    table.rows.push_back({"days", std::to_string(order.days)});
    if (published.checked) {
        const auto& why = published.checked->why;
        table.rows.push_back({"signature", fmt::format("{}{}{}", name_of(published.checked->state),
                                                       why.empty() ? "" : ": ", why)});
    }
    if (!published.transaction.empty()) table.rows.push_back({"transaction", published.transaction});
    frame.output.table(table);
}

Result<Published> ask_node(Frame& frame, const config::Settings& settings, const Publication& publication) {
    auto options = node_options(settings);
    if (!options) return Unexpected(options.error());
    auto node = EnumerNode::open(std::move(*options));
    if (!node) return Unexpected(node.error());
    const NameReader read = [&](const std::string& name) { return node->show(name); };
    auto made = draft(publication, read, [&](const std::string& address) { return node->is_mine(address); });
    if (!made) return Unexpected(made.error());
    Published out{.draft = std::move(*made)};
    EnumerCheck check(settings.all("enumer", "trust"), read);
    auto checked = check.check(out.draft.order.name, {.value = out.draft.order.value});
    if (!checked) return Unexpected(checked.error());
    out.checked = std::move(*checked);
    const bool wanted = !out.draft.unchanged || frame.given.has("days");
    if (!frame.given.has("submit") || !wanted) return out;
    auto transaction = node->submit(out.draft.order);
    if (!transaction) return Unexpected(transaction.error());
    out.transaction = std::move(*transaction);
    return out;
}

Result<int> run(Frame& frame) {
    const auto publication = publication_of(frame);
    if (!publication) return Unexpected(publication.error());
    if (!frame.given.has("rpc") && !frame.given.has("submit")) {
        auto made = draft(*publication);
        if (!made) return Unexpected(made.error());
        print(frame, {.draft = std::move(*made)});
        return 0;
    }
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    auto published = ask_node(frame, **settings, *publication);
    if (!published) return Unexpected(published.error());
    print(frame, *published);
    return 0;
}

constexpr Argument arguments[] = {{.name = "NUMBER", .help = "a whole number with its country code"}};
constexpr Option options[] = {
    {.name = "uri",
     .value = "URI",
     .help = "where its calls go; several in their order; required",
     .repeats = true},
    {.name = "service",
     .value = "TYPE",
     .help = "the service after E2U+",
     .preset = "as is usual for the URI"},
    {.name = "order", .value = "N", .help = "order of the records", .preset = "100"},
    {.name = "preference", .value = "N", .help = "preference of the first, others 10 more", .preset = "10"},
    {.name = "ttl", .value = "TIME", .help = "how long others may keep it", .preset = "1d"},
    {.name = "sig",
     .value = "VERIFIER|SIGNATURE",
     .help = "a verifier's signature of the name; kept by later updates",
     .repeats = true},
    {.name = "place",
     .value = "N",
     .help = "the last part of the name",
     .preset = "one's own, else the first free"},
    {.name = "days",
     .value = "N",
     .help = "how long the name is rented, or for how much longer",
     .preset = "365"},
    {.name = "rpc", .value = "URL", .help = "ask this node what is there", .key = "enumer.rpc"},
    {.name = "submit", .help = "let the node write it; costs coins. Without it nothing is written"},
};
constexpr Example examples[] = {
    {"pbxctl enum publish +441632960083 --uri sip:a@example.com",
     "the name and value, to be written by hand"},
    {"pbxctl enum publish +441632960083 --uri sip:a@example.com --rpc http://127.0.0.1:6662",
     "what the node would be told, and whether the signature is good"},
    {"pbxctl enum publish +441632960083 --uri sip:a@example.com --submit", "write it by [enumer] rpc"},
};
constexpr Exit exits[] = {{0, "printed, or written"},
                          {65, "no number, or a URI that nobody should dial"},
                          {75, "the node is starting or downloads blocks"},
                          {77, "login refused, a locked wallet, or somebody else's name"}};
}  // namespace

const Leaf enum_publish{
    .noun = "enum",
    .verb = "publish",
    .summary = "put a number into ENUMER, Emercoin's ENUM",
    .description =
        "Makes the record of a number for the name-value store of Emercoin and prints it. A node serves it "
        "once "
        "a verifier that it trusts has signed the record's name; what else stands in the value is yours to "
        "change.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
