#include "cmd/command.hpp"
#include "cmd/enum_bulk.hpp"
#include "cmd/enum_progress.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "core/descriptor.hpp"
#include "core/text.hpp"
#include "numbering/bulk_run.hpp"
#include "numbering/diff.hpp"
#include "numbering/diff_side.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace pbx::cmd {

namespace {
using numbering::BulkEnd;
using numbering::Change;
using numbering::Diff;
using numbering::DiffForm;
using numbering::LookupSettings;
using numbering::RowForm;

struct Sides {
    LookupSettings before, after;
};

Result<Sides> sides(Frame& frame) {
    auto read = frame.settings();
    if (!read) return Unexpected(read.error());
    auto usual = numbering::lookup_settings(**read);
    if (!usual) return Unexpected(usual.error());
    if (auto fits = refuse_verifying(frame, *usual); !fits) return Unexpected(fits.error());
    auto wanted = numbering::parse_wanted(frame.given.value_or("service", "all"));
    if (!wanted) return Unexpected(wanted.error());
    usual->order.wanted = std::move(*wanted);
    auto before = numbering::side_settings(*usual, frame.given.value_or("OLD", ""));
    if (!before) return Unexpected(before.error());
    auto after = numbering::side_settings(std::move(*usual), frame.given.value_or("NEW", ""));
    if (!after) return Unexpected(after.error());
    if (ask_the_same(*before, *after))
        return fail(Code::usage, "both sides are the same", "enum diff",
                    "name another suffix or another server");
    return Sides{std::move(*before), std::move(*after)};
}

// Nothing: the list is on standard input.
Result<Descriptor> open_list(const std::string& path) {
    if (path == "-") return Descriptor();
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return fail(Code::no_input, text::lower_ascii(std::strerror(errno)), path);
    return file;
}

DiffForm form_of(const Output& output) {
    if (output.json()) return DiffForm::json;
    return output.terminal() ? DiffForm::screen : DiffForm::tsv;
}

std::string summary(const Diff& diff, const BulkEnd& end) {
    auto out = fmt::format("{}: {} differ", pace(diff.rows(), end.took), grouped(diff.differing()));
    if (const auto count = diff.count(Change::unknown); count > 0)
        out += fmt::format(", {} could not be asked", grouped(count));
    if (const auto count = diff.count(Change::bad_number); count > 0)
        out += fmt::format(", {} are no numbers", grouped(count));
    return out;
}

Result<int> run(Frame& frame) {
    auto both = sides(frame);
    if (!both) return Unexpected(both.error());
    const auto rate = list_rate(frame.given);
    if (!rate) return Unexpected(rate.error());
    auto file = open_list(frame.given.value_or("FILE", "-"));
    if (!file) return Unexpected(file.error());

    Diff diff(form_of(frame.output));
    ListProgress progress(frame, false);
    const numbering::BulkSettings bulk{.in = file->is_open() ? file->get() : STDIN_FILENO,
                                       .out = STDOUT_FILENO,
                                       .column = frame.given.value_or("column", ""),
                                       .join = [&diff](std::string& before, std::string& after,
                                                       std::string& out) { diff.join(before, after, out); },
                                       .rate = *rate,
                                       .progress = progress.teller()};
    const auto end =
        numbering::run_bulk({{both->before, {.form = RowForm::side}}, {both->after, {.form = RowForm::side}}},
                            bulk, frame.context.clock);
    progress.clear();
    if (!end) return Unexpected(end.error());
    progress.last_word(summary(diff, *end), end->took);
    return exit_status(*end, diff.exit_status());
}

constexpr Argument arguments[] = {
    {.name = "OLD", .help = "SUFFIX, SUFFIX@SERVER or @SERVER; what is left out is as in enum lookup"},
    {.name = "NEW", .help = "the same of the other side"},
    {.name = "FILE",
     .help = "the numbers, one a line; default: standard input",
     .required = false,
     .completes = Completes::file},
};
constexpr Option options[] = {
    {.name = "service",
     .value = "LIST",
     .help = "services to compare: sip, tel, email:mailto, ... or all",
     .preset = "all"},
    {.name = "timeout",
     .value = "TIME",
     .help = "how long a number may take",
     .preset = "2s",
     .key = "enum.timeout"},
    {.name = "column", .value = "COLUMN", .help = "the list is CSV: the column's number from 1, or its name"},
    {.name = "rate", .value = "N", .help = "begin at most so many numbers a second"},
};
constexpr Example examples[] = {
    {"pbxctl enum diff @192.0.2.1 @192.0.2.2 numbers.txt", "does the new server answer as the old one does"},
    {"pbxctl enum diff e164.arpa e164.example --service sip --json < numbers.txt",
     "what a private tree has that the public one has not"},
};
constexpr Exit exits[] = {
    {0, "all answers are the same"},
    {1, "some differ"},
    {65, "some lines are no telephone numbers"},
    {66, "no such file"},
    {75, "some numbers could not be asked on both sides"},
};
}  // namespace

const Leaf enum_diff{
    .noun = "enum",
    .verb = "diff",
    .summary = "hold two trees' or two servers' answers against each other",
    .description =
        "Asks both sides for each number of a list and prints those whose URIs are added, removed, changed, "
        "of another service or in another order: a zone's move, checked before or after it. Numbers that a "
        "side gives no answer for are printed as unknown; they never count as the same.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
