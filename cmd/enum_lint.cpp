#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "numbering/lint.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using nlohmann::ordered_json;
using numbering::LintFinding;
using numbering::LintReport;
using numbering::Severity;

Result<std::string> whole(std::istream& in, const std::string& path) {
    std::string out;
    char piece[64 * 1024];
    while (in.read(piece, sizeof piece) || in.gcount() > 0) {
        out.append(piece, static_cast<std::size_t>(in.gcount()));
        if (out.size() > numbering::max_zone_file) return fail(Code::data, "larger than 1 GiB", path);
    }
    if (in.bad()) return fail(Code::no_input, text::lower_ascii(std::strerror(errno)), path);
    return out;
}

Result<std::string> read(Frame& frame, const std::string& path) {
    if (path == "-") return whole(frame.context.in, "standard input");
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file || file.peek() == std::ifstream::traits_type::eof()) {
        if (file.is_open() && errno == 0) return std::string();
        return fail(Code::no_input, errno != 0 ? text::lower_ascii(std::strerror(errno)) : "cannot read it",
                    path);
    }
    return whole(file, path);
}

std::string where(const LintFinding& finding) {
    if (finding.field == numbering::Field::record) return {};
    if (finding.octet == 0) return fmt::format("{}: ", name_of(finding.field));
    return fmt::format("{}, octet {}: ", name_of(finding.field), finding.octet);
}

std::string line_of(const std::string& path, const LintFinding& finding) {
    const auto whose = finding.number.empty() ? finding.owner : finding.number;
    // the owner of a line that is no record stands as it is in the file
    return log::cleaned(fmt::format("{}:{}: {}: {}{}{}{}", path, finding.line, name_of(finding.severity),
                                    whose, whose.empty() ? "" : ": ", where(finding), finding.what));
}

ordered_json to_json(const LintFinding& finding) {
    ordered_json out{{"line", finding.line}, {"severity", name_of(finding.severity)}, {"code", finding.code}};
    if (!finding.owner.empty()) out["name"] = finding.owner;
    if (!finding.number.empty()) out["number"] = finding.number;
    out["field"] = name_of(finding.field);
    if (finding.octet > 0) out["octet"] = finding.octet;
    out["what"] = finding.what;
    if (!finding.effect.empty()) out["effect"] = finding.effect;
    return out;
}

ordered_json to_json(const std::string& path, const LintReport& report) {
    auto findings = ordered_json::array();
    for (const auto& finding : report.findings)
        findings.push_back(to_json(finding));
    return {{"file", path},
            {"records", report.records},
            {"numbers", report.numbers},
            {"faults", report.count(Severity::fault)},
            {"warnings", report.count(Severity::warning)},
            {"findings", std::move(findings)}};
}

void print(Output& output, const std::string& path, const LintReport& report) {
    for (const auto& finding : report.findings) {
        const auto paint = finding.severity == Severity::fault ? Paint::bad : Paint::warn;
        output.line(output.painted(paint, line_of(path, finding)));
        if (!finding.effect.empty()) output.line(fmt::format("    {}", finding.effect));
    }
    output.line(fmt::format("{}: NAPTR records {}, numbers {}, faults {}, warnings {}", path, report.records,
                            report.numbers, report.count(Severity::fault), report.count(Severity::warning)));
}

Result<int> run(Frame& frame) {
    const auto path = frame.given.value_or("ZONEFILE", "");
    auto origin = dns::Name::parse(frame.given.value_or("origin", "."));
    if (!origin) {
        origin.error().code = Code::usage;
        return within("--origin", std::move(origin.error()));
    }
    // [general] driver_folder, and the log
    if (auto settings = frame.settings(); !settings) return Unexpected(settings.error());
    auto text = read(frame, path);
    if (!text) return Unexpected(text.error());
    auto report = numbering::lint(*text, *origin);
    if (!report) return Unexpected(report.error());
    if (frame.output.json())
        frame.output.document(to_json(path, *report));
    else
        print(frame.output, path, *report);
    return report->count(Severity::fault) == 0 ? 0 : static_cast<int>(Code::data);
}

constexpr Argument arguments[] = {
    {.name = "ZONEFILE", .help = "a master file; - is standard input", .completes = Completes::file},
};
constexpr Option options[] = {
    {.name = "origin", .value = "NAME", .help = "of relative names before any $ORIGIN", .preset = "."},
};
constexpr Example examples[] = {
    {"pbxctl enum lint e164.zone", "before the name server gets it"},
    {"pbxctl enum lint --origin 4.4.e164.arpa. --json zone | jq '.findings[].line'", "for a script"},
};
constexpr Exit exits[] = {
    {0, "no fault; there may be warnings"},
    {65, "faults, each with file:line"},
    {66, "no such file"},
    {69, "package libldns3 is missing"},
};
}  // namespace

const Leaf enum_lint{
    .noun = "enum",
    .verb = "lint",
    .summary = "judge a zone file's NAPTR records before they are loaded",
    .description =
        "Reads a zone file and tells of each NAPTR record that does not do what it is there for: backslashes "
        "that "
        "the file eats, regexps that do not match their own number, URIs that are not safe to dial, owners "
        "that "
        "are no number's, loops, duplicates, orders nobody gets to; and what resolvers and Asterisk's "
        "ENUMLOOKUP() would make of it.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
