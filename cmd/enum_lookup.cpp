#include "cmd/command.hpp"
#include "cmd/enum_agi.hpp"
#include "cmd/enum_bulk.hpp"
#include "cmd/enum_print.hpp"
#include "cmd/enum_serve.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "numbering/enumer_trust.hpp"
#include "numbering/find.hpp"
#include "numbering/lookup_settings.hpp"
#include "numbering/request.hpp"

#include <ostream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using numbering::Found;
using numbering::LookupSettings;
using numbering::Outcome;
using numbering::Status;

// res_agi.c sets it for the programs that AGI() starts; System() and SHELL() have no such thing.
bool is_agi(const Frame& frame) {
    const bool answers_here = frame.given.has("print") || frame.given.has("explain") || frame.output.json();
    return !answers_here && !frame.context.out_is_tty && frame.context.environment("AST_AGI_DIR").has_value();
}

Result<std::size_t> wanted_record(const Given& given) {
    const auto number = text::to_integer(given.value_or("record", "1"));
    if (number && *number >= 1 && *number <= static_cast<long long>(numbering::max_channel_uris))
        return static_cast<std::size_t>(*number);
    return fail(Code::usage, fmt::format("not a number from 1 to {}", numbering::max_channel_uris),
                "--record");
}

// The line of a dialplan that looks up the same number the same way.
std::string dialplan_line(const Frame& frame, std::string_view number) {
    std::string out = fmt::format("same => n,AGI(/usr/bin/pbxctl,enum,lookup,{}", number);
    for (const auto& option : frame.leaf.options) {
        if (option.key.empty() && option.name != "record") continue;  // how it is shown here
        for (const auto& value : frame.given.values(option.name)) {
            out += fmt::format(",--{}", option.name);
            if (option.value.empty()) continue;
            out += ',';
            for (char c : value) {
                if (c == ',') out += '\\';
                out += c;
            }
        }
    }
    return out + ")";
}

Result<int> print_field(Frame& frame, const Found& found, const std::string& field) {
    std::string text;
    if (field == "uri") text = found.uri();
    if (field == "dial") text = found.dial();
    if (field == "count") text = std::to_string(found.outcome.uris.size());
    if (field == "status") text = name_of(found.status());
    if (!text.empty()) frame.context.out << text << (frame.given.has("no-newline") ? "" : "\n");
    if (found.status() != Status::ok) return Unexpected(found.error());
    if (text.empty())
        return fail(Code::no, "there is no way to dial it", std::string(found.number),
                    found.form ? "--print uri shows what there is" : "say how: --dial, [enum] dial");
    return 0;
}

Result<int> print_found(Frame& frame, const Answered& answered) {
    const auto& found = answered.found;
    if (frame.output.json()) {
        frame.output.document(lookup_json(answered));
        return found.status() == Status::ok ? 0 : static_cast<int>(code_of(found.status()));
    }
    if (frame.given.has("explain")) {
        explain(frame.output, answered, dialplan_line(frame, found.number));
        return found.status() == Status::ok ? 0 : static_cast<int>(code_of(found.status()));
    }
    if (frame.given.has("print")) return print_field(frame, found, frame.given.value_or("print", ""));
    if (frame.given.has("dial")) return print_field(frame, found, "dial");
    if (found.status() != Status::ok) return Unexpected(found.error());
    frame.output.table(uri_table(found.outcome));
    return 0;
}

Result<int> tell_channel(const Found& found) {
    auto set = set_channel_variables(channel_variables(found));
    if (!set) return Unexpected(set.error());
    return 0;  // a clean "no", too: else AGISTATUS would be FAILURE
}

// Nothing could be asked.
Result<int> refuse(Frame& frame, Error error) {
    if (!is_agi(frame)) return Unexpected(std::move(error));
    auto set = set_channel_variables({.status = "error", .error = error.text()});
    return Unexpected(set ? std::move(error) : std::move(set.error()));
}

Result<int> refuse_number(Frame& frame, std::string_view typed, Error error) {
    const auto status = name_of(Status::bad_number);
    if (is_agi(frame)) {
        auto set = set_channel_variables({.status = std::string(status), .error = error.text()});
        if (!set) return Unexpected(set.error());
        return 0;
    }
    if (frame.given.value_or("print", "") == "status") frame.output.line(status);
    if (!frame.output.json()) return Unexpected(std::move(error));
    frame.output.document(refused_number_json(typed, error));
    return static_cast<int>(error.code);
}

Result<void> verify(const config::Settings& all, const LookupSettings& settings,
                    const numbering::Number& number, const Clock& clock, dns::Moment deadline,
                    Outcome& outcome) {
    if (settings.profile->name != "enumer" || !all.flag("enumer", "verify")) return {};
    return numbering::keep_signed(outcome, number.digits(), all, clock, deadline);
}

// Nothing when nothing is validated.
Result<std::unique_ptr<dns::Validator>> open_validator(const LookupSettings& settings, const Clock& clock) {
    if (settings.trust_anchor.empty()) return nullptr;
    return dns::Validator::open({.servers = settings.servers, .anchors = settings.trust_anchor}, clock);
}

bool wants_one(const Frame& frame) {
    const auto field = frame.given.value_or("print", frame.given.has("dial") ? "dial" : "");
    return field == "uri" || field == "status";
}

Result<int> run(Frame& frame) {
    if (is_service(frame.given)) return serve_lookups(frame);
    if (!frame.given.has("NUMBER"))
        return fail(Code::usage, "NUMBER is missing", "enum lookup", "see pbxctl enum lookup --help");
    if (frame.given.has("print") && frame.output.json())
        return fail(Code::usage, "say one of both", "--print with --json");
    if (frame.given.has("health-listen"))
        return fail(Code::usage, "is for a service: --serve, --listen or --http", "--health-listen");
    const auto typed = frame.given.value_or("NUMBER", "");
    const auto wanted = wanted_record(frame.given);
    if (!wanted) return refuse(frame, wanted.error());
    auto read = frame.settings();
    if (!read) return refuse(frame, read.error());
    const bool alone = typed != "-";
    auto settings =
        numbering::lookup_settings(**read, alone ? numbering::Validating::yes : numbering::Validating::no);
    if (!settings) return refuse(frame, settings.error());
    if (typed == "-" && !is_agi(frame)) return look_up_list(frame, *settings, *wanted);
    if (auto fits = refuse_list_options(frame.given); !fits) return refuse(frame, fits.error());
    auto number = numbering::parse_number(typed, settings->plan);
    if (!number) return refuse_number(frame, typed, number.error());
    settings->order.enough = wants_one(frame) ? *wanted : numbering::max_channel_uris;
    auto resolver = dns::Resolver::open(client_settings(*settings), frame.context.clock);
    if (!resolver) return refuse(frame, resolver.error());
    auto validator = open_validator(*settings, frame.context.clock);
    if (!validator) return refuse(frame, validator.error());

    numbering::Rewriter rewriter(settings->reading);
    numbering::Lookup lookup(settings->order, rewriter);
    const auto began = frame.context.clock.now();
    const auto deadline = began + settings->timeout;
    find(lookup, *number, *resolver, deadline, validator->get());
    auto outcome = lookup.outcome();
    if (auto kept = verify(**read, *settings, *number, frame.context.clock, deadline, outcome); !kept)
        return refuse(frame, kept.error());
    const auto asked = number->text();
    const Found found{.outcome = outcome,
                      .settings = *settings,
                      .form = settings->dial,
                      .number = asked,
                      .record = *wanted};
    if (outcome.partial && found.status() == Status::ok)
        log::warning("{}", error_of(Status::truncated, *settings->profile, asked).text());
    return is_agi(frame) ? tell_channel(found)
                         : print_found(frame, {.found = found, .took = frame.context.clock.now() - began});
}

constexpr Argument arguments[] = {
    {.name = "NUMBER",
     .help = "+441632960083 as people write it, or an ISN: 1234*256; - for a list on stdin",
     .required = false},
};
constexpr Option options[] = {
    {.name = "print", .value = "FIELD", .help = "print this alone", .choices = "uri dial count status"},
    {.name = "no-newline", .help = "nothing behind what --print prints, for SHELL()", .letter = 'n'},
    {.name = "dial",
     .value = "FORM",
     .help = "print what Dial() takes: pjsip:TRUNK, sip, iax2 or local:CONTEXT",
     .key = "enum.dial"},
    {.name = "explain", .help = "show each record, and the field and octet that ruled it out"},
    {.name = "service",
     .value = "LIST",
     .help = "services to take: sip, tel, email:mailto, ... or all",
     .preset = "sip",
     .key = "enum.service"},
    {.name = "suffix",
     .value = "LIST",
     .help = "trees to ask, in turn",
     .preset = "e164.arpa",
     .key = "enum.suffix"},
    {.name = "server",
     .value = "ADDRESS",
     .help = "a name server, :PORT if it isn't 53; several may be given",
     .key = "enum.server",
     .repeats = true},
    {.name = "timeout",
     .value = "TIME",
     .help = "how long it may take",
     .preset = "2s",
     .key = "enum.timeout"},
    {.name = "dnssec", .help = "validate the answers; what is bogus gives no URI", .key = "enum.dnssec"},
    {.name = "record", .value = "N", .help = "the N-th URI instead of the first", .preset = "1"},
    {.name = "profile",
     .value = "NAME",
     .help = "whom to ask",
     .preset = "e164",
     .key = "enum.profile",
     .choices = "e164 enumer"},
    {.name = "verify",
     .help = "of enumer, only what a verifier of [enumer] trust signed",
     .key = "enumer.verify"},
    {.name = "branch",
     .value = "HOW",
     .help = "infrastructure ENUM: where its label stands",
     .key = "enum.branch",
     .choices = "none cc txt ebl"},
    {.name = "any-length", .help = "ask e164.arpa for more than 15 digits, too", .key = "enum.any_length"},
    {.name = "compat",
     .value = "WITH",
     .help = "read records as ENUMLOOKUP() does",
     .key = "enum.compat",
     .choices = "none asterisk"},
    {.name = "serve", .help = "stay, and answer FastAGI and HTTP where [enum] listen and http say"},
    {.name = "listen",
     .value = "HOST:PORT",
     .help = "stay, and answer FastAGI there; may be given several times",
     .key = "enum.listen",
     .repeats = true},
    {.name = "http",
     .value = "HOST:PORT",
     .help = "stay, and answer HTTP there; may be given several times",
     .key = "enum.http",
     .repeats = true},
    {.name = "health-listen",
     .value = "HOST:PORT",
     .help = "where a service's /healthz and /metrics answer",
     .key = "service.health_listen"},
    {.name = "column", .value = "COLUMN", .help = "of a CSV list: the column's number from 1, or its name"},
    {.name = "format", .value = "FORM", .help = "how a list comes out", .choices = "tsv csv json"},
    {.name = "resume",
     .value = "FILE",
     .help = "write a list's rows there; go on behind those that it has",
     .completes = Completes::file},
    {.name = "again", .help = "of the rows that --resume finds, ask for those without an answer"},
    {.name = "rate", .value = "N", .help = "begin so many numbers of a list a second at most"},
};
constexpr Example examples[] = {
    {"same => n,AGI(/usr/bin/pbxctl,enum,lookup,${FILTER(+0-9,${EXTEN})},--dial,pjsip:trunk)",
     "sets ENUM_STATUS, ENUM_URI, ENUM_DIAL, ENUM_COUNT, ENUM_1..."},
    {"pbxctl enum lookup - --json --resume found.ndjson < list.txt", {}},
};
constexpr Exit exits[] = {
    {0, "there is a URI"},
    {1, "there is none: no record, or none that can be used"},
    {65, "not a telephone number"},
    {69, "nothing answers DNS there"},
    {75, "try again later: no answer in time, SERVFAIL, cut answer"},
    {76, "the answer is nonsense, or its signatures are bogus"},
    {77, "the name server refuses"},
};
}  // namespace

const Leaf enum_lookup{
    .noun = "enum",
    .verb = "lookup",
    .summary = "a telephone number's URIs, by ENUM",
    .description =
        "Prints the URIs of a number's NAPTR records (RFC 6116) that are safe to dial, the best first.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
