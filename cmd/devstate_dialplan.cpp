#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/text.hpp"
#include "devstate/hints.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
// "4", "2-6"
Result<void> read_digits(const std::string& text, devstate::HintOptions& options) {
    const auto parts = text::split(text, '-');
    const auto from = text::to_integer(parts.front()), to = text::to_integer(parts.back());
    if (parts.size() > 2 || !from || !to || *from < 1 || *to < *from)
        return fail(Code::usage, "\"" + text + "\" is no number of digits", "--digits", "4, or 2-6");
    options.from_digits = static_cast<std::size_t>(*from);
    options.to_digits = static_cast<std::size_t>(*to);
    return {};
}

Result<int> run(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    auto names = devstate::NameTemplate::parse((*settings)->text("devstate", "template"));
    if (!names) return Unexpected(names.error());
    devstate::HintOptions options{.names = std::move(*names),
                                  .servers = frame.given.values("SERVER"),
                                  .context = (*settings)->text("devstate", "context"),
                                  .presence = frame.given.has("presence")};
    if (auto read = read_digits(frame.given.value_or("digits", "2-6"), options); !read)
        return Unexpected(read.error());
    auto lines = devstate::hint_lines(options);
    if (!lines) return Unexpected(lines.error());
    if (frame.output.json()) {
        frame.output.document(nlohmann::ordered_json{{"context", options.context}, {"lines", *lines}});
        return 0;
    }
    frame.output.line(
        "; Lamps of other servers: include this context, last, where your telephones subscribe:");
    frame.output.line(fmt::format(";   include => {}", options.context));
    for (const auto& line : *lines)
        frame.output.line(line);
    return 0;
}

constexpr Argument arguments[] = {
    {.name = "SERVER", .help = "hints for this server's numbers alone", .required = false, .many = true},
};
constexpr Option options[] = {
    {.name = "digits", .value = "RANGE", .help = "lengths of its numbers", .preset = "2-6"},
    {.name = "presence", .help = "hints that carry presence, too (Asterisk 11 and later)"},
};
constexpr Example examples[] = {
    {"pbxctl devstate dialplan b.example.com > /etc/asterisk/devstate.conf",
     "101*b.example.com and the like"},
    {"#include devstate.conf", "in extensions.conf"},
    {"pbxctl devstate dialplan --digits 4 b.example.com c.example.com", "two servers of four-digit numbers"},
    {"pbxctl devstate dialplan", "one line for all servers; it takes any number that begins with a digit"},
};
constexpr Exit exits[] = {
    {0, "printed"}, {64, "a server or range that can't be"}, {78, "[devstate] template is wrong"}};
}  // namespace

const Leaf devstate_dialplan{
    .noun = "devstate",
    .verb = "dialplan",
    .summary = "print the hints of other servers' lamps",
    .description =
        "A telephone can subscribe only to what has a hint. Prints a context for extensions.conf with "
        "pattern hints "
        "for NUMBER*SERVER, one line for each length of number. Names that are no numbers take a line "
        "each: exten => alice*b.example.com,hint,Custom:alice*b.example.com",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
