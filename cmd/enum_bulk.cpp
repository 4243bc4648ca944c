#include "cmd/enum_bulk.hpp"

#include "cmd/enum_progress.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/text.hpp"

#include <optional>

#include <fmt/format.h>
#include <unistd.h>

namespace pbx::cmd {

namespace {
using numbering::BulkEnd;
using numbering::RowForm;

constexpr long long most_rate = 1'000'000;

std::string summary(const BulkEnd& end) {
    const auto& counts = end.counts;
    auto out = fmt::format("{}: {} found, {} not", pace(counts.rows, end.took), grouped(counts.found),
                           grouped(counts.absent));
    if (counts.failed > 0) out += fmt::format(", {} without an answer", grouped(counts.failed));
    if (counts.bad > 0) out += fmt::format(", {} that are no numbers", grouped(counts.bad));
    if (end.resumed > 0) out += fmt::format("; {} were there already", grouped(end.resumed));
    return out;
}

Result<numbering::RowLook> look(const Frame& frame, const numbering::LookupSettings& settings,
                                std::size_t record) {
    const auto form = frame.given.value_or("format", "tsv");
    numbering::RowLook out{.form = form == "csv" ? RowForm::csv : RowForm::tsv,
                           .only = numbering::column_named(frame.given.value_or("print", "")),
                           .dial = settings.dial,
                           .record = record};
    if (frame.output.json() || form == "json") out.form = RowForm::json;
    if (frame.given.has("explain"))
        return fail(Code::usage, "explains one number, not a list", "--explain", "--json tells the same");
    if (out.only && frame.given.has("resume"))
        return fail(Code::usage, "cannot tell by one column where to go on", "--print with --resume");
    return out;
}
}  // namespace

Result<std::uint64_t> list_rate(const Given& given) {
    if (!given.has("rate")) return 0;
    const auto number = text::to_integer(given.value_or("rate", ""));
    if (number && *number >= 1 && *number <= most_rate) return static_cast<std::uint64_t>(*number);
    return fail(Code::usage, fmt::format("not a number from 1 to {}", most_rate), "--rate");
}

Result<void> refuse_verifying(Frame& frame, const numbering::LookupSettings& settings) {
    auto all = frame.settings();
    if (!all) return Unexpected(all.error());
    if (settings.profile->name != "enumer" || !(*all)->flag("enumer", "verify")) return {};
    return fail(Code::usage, "asks a node's JSON-RPC for one number, not for a list", "--verify",
                "give one number, or leave out [enumer] verify");
}

int exit_status(const BulkEnd& end, int otherwise) {
    if (end.signal != 0) return 128 + end.signal;
    if (end.reader_left) return static_cast<int>(Code::write_failed);
    return otherwise;
}

Result<void> refuse_list_options(const Given& given) {
    for (const auto* name : {"column", "format", "resume", "rate"})
        if (given.has(name))
            return fail(Code::usage, "is for a list of numbers", fmt::format("--{}", name),
                        "give - for NUMBER and the list on standard input");
    return {};
}

Result<int> look_up_list(Frame& frame, const numbering::LookupSettings& settings, std::size_t record) {
    if (auto fits = refuse_verifying(frame, settings); !fits) return Unexpected(fits.error());
    auto shape = look(frame, settings, record);
    if (!shape) return Unexpected(shape.error());
    auto limit = list_rate(frame.given);
    if (!limit) return Unexpected(limit.error());
    numbering::BulkSettings bulk{.in = STDIN_FILENO,
                                 .out = STDOUT_FILENO,
                                 .column = frame.given.value_or("column", ""),
                                 .rate = *limit};
    std::optional<numbering::ResumeFile> file;
    if (frame.given.has("resume")) {
        auto opened = numbering::ResumeFile::open(frame.given.value_or("resume", ""));
        if (!opened) return Unexpected(opened.error());
        bulk.resume = &file.emplace(std::move(*opened));
    }
    ListProgress progress(frame, file.has_value());
    bulk.progress = progress.teller();
    const auto end = numbering::run_bulk({{settings, std::move(*shape)}}, bulk, frame.context.clock);
    progress.clear();
    if (!end) return Unexpected(end.error());
    progress.last_word(summary(*end), end->took);
    return exit_status(*end, end->counts.worst);
}

}  // namespace pbx::cmd
