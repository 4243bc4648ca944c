#include "cmd/enum_bulk.hpp"

#include "cmd/enum_progress.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace pbx::cmd {

namespace {
using numbering::BulkEnd;
using numbering::RowForm;

constexpr long long most_rate = 1'000'000;

// The rows that a file has already, and what is asked for anew of them.
struct Kept {
    std::optional<numbering::ResumeFile> file{};
    std::optional<numbering::AgainFile> again{};
    std::uint64_t unanswered = 0;
    int worst = 0;  // exit status of those that stay
};

std::string summary(const BulkEnd& end, const Kept& kept) {
    const auto& counts = end.counts;
    auto out = fmt::format("{}: {} found, {} not", pace(counts.rows, end.took), grouped(counts.found),
                           grouped(counts.absent));
    if (counts.failed > 0) out += fmt::format(", {} without an answer", grouped(counts.failed));
    if (counts.bad > 0) out += fmt::format(", {} that are no numbers", grouped(counts.bad));
    if (end.resumed > 0) out += fmt::format("; {} were there already", grouped(end.resumed));
    if (end.resumed > 0 && kept.unanswered > 0 && !kept.again)
        out += fmt::format(", {} without an answer: --again asks for those", grouped(kept.unanswered));
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
    if (out.form == RowForm::json && frame.given.has("print"))
        return fail(Code::usage, "prints one column, JSON has them all", "--print with --format json");
    if (frame.output.json() && form != "json" && frame.given.has("format"))
        return fail(Code::usage, "say one of both", fmt::format("--json with --format {}", form));
    if (frame.given.has("no-newline"))
        return fail(Code::usage, "is for one number, not for a list", "--no-newline");
    if (frame.given.has("explain"))
        return fail(Code::usage, "explains one number, not a list", "--explain", "--json tells the same");
    if (out.only && frame.given.has("resume"))
        return fail(Code::usage, "cannot tell by one column where to go on", "--print with --resume");
    if (frame.given.has("again") && !frame.given.has("resume"))
        return fail(Code::usage, "is for a file with rows: --resume FILE", "--again");
    return out;
}

Result<Kept> kept_rows(const Given& given, const numbering::RowLook& shape) {
    Kept out;
    if (!given.has("resume")) return out;
    const bool again = given.has("again");
    const numbering::OutputRows rows(shape);
    const auto path = given.value_or("resume", "");
    auto file = numbering::ResumeFile::open(path, [&](std::string_view row) {
        const auto status = rows.status_in(row);
        if (!status) return;  // the line of names
        const bool stays = is_final(*status) || !again;
        if (!is_final(*status)) ++out.unanswered;
        if (stays) out.worst = std::max(out.worst, exit_of(*status));
    });
    if (!file) return Unexpected(file.error());
    out.file = std::move(*file);
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
    for (const auto* name : {"column", "format", "resume", "again", "rate"})
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
    auto kept = kept_rows(frame.given, *shape);
    if (!kept) return Unexpected(kept.error());
    if (kept->file) bulk.resume = &*kept->file;
    if (frame.given.has("again") && kept->unanswered > 0) {
        auto again = numbering::AgainFile::open(*kept->file, frame.given.value_or("resume", ""));
        if (!again) return Unexpected(again.error());
        bulk.again = &kept->again.emplace(std::move(*again));
    }
    ListProgress progress(frame, kept->file.has_value());
    bulk.progress = progress.teller();
    const auto end = numbering::run_bulk({{settings, std::move(*shape)}}, bulk, frame.context.clock);
    progress.clear();
    if (!end) return Unexpected(end.error());
    progress.last_word(summary(*end, *kept), end->took);
    return exit_status(*end, std::max(end->counts.worst, kept->worst));
}

}  // namespace pbx::cmd
