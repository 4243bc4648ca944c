#include "cmd/frame.hpp"

#include "cmd/help.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/driver.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

#include <exception>
#include <ostream>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
log::Level level_named(std::string_view word) {
    if (word == "debug") return log::Level::debug;
    if (word == "info") return log::Level::info;
    if (word == "error") return log::Level::error;
    if (word == "off") return log::Level::off;
    return log::Level::warning;
}

// -q and -v say it shortly; --log-level says it exactly and wins.
std::string level_given(const Given& given, std::string otherwise) {
    if (const auto level = given.value("log-level")) return *level;
    if (given.has("quiet")) return "error";
    const auto verbose = given.count("verbose");
    if (verbose > 0) return verbose > 1 ? "debug" : "info";
    return otherwise;
}

bool colour_wanted(const Given& given, const Context& context) {
    const auto when = given.value_or("color", "auto");
    if (when != "auto") return when == "always";
    const auto set = [&](const char* name) { return !context.environment(name).value_or("").empty(); };
    if (set("NO_COLOR")) return false;  // no-color.org: any value but the empty one
    if (set("FORCE_COLOR")) return true;
    return context.out_is_tty;
}

void open_log(const Given& given, const Terminal& terminal) {
    log::open(
        {.level = level_named(level_given(given, "warning")),
         .format = given.value_or("log-format", "text") == "json" ? log::Format::json : log::Format::text,
         .to_syslog = !terminal.err_is_read});
}

// Everything up to the leaf's own run: the exit status, or what main prints.
Result<int> carried_out(const Wanted& asked, Context& context, const Terminal& terminal) {
    if (asked.version && asked.noun.empty() && asked.verb.empty()) {
        context.out << "pbxctl " << PBXCTL_VERSION << '\n';
        return 0;
    }
    if (asked.leaf == nullptr) {
        const auto* noun = find_noun(asked.noun);
        if (!asked.verb.empty()) return tl::unexpected(no_such_command(asked));
        // an unknown option in place of a command is held against the options of every command
        if (const auto given = parse(help_command, asked.rest); !given && !asked.help)
            return tl::unexpected(given.error());
        (asked.help ? context.out : context.err)
            << (noun != nullptr ? help_of(*noun) : help_overview()) << '\n';
        return asked.help ? 0 : static_cast<int>(Code::usage);
    }
    const auto& leaf = *asked.leaf;
    if (asked.help) {
        context.out << help_of(leaf) << '\n';
        return 0;
    }
    const auto given = parse(leaf, asked.rest);
    if (!given) return tl::unexpected(given.error());
    open_log(*given, terminal);
    if (leaf.agi && (terminal.in_is_tty || context.out_is_tty)) {
        context.err << help_of(leaf) << '\n';
        return static_cast<int>(Code::usage);
    }
    Output output(context, asked.json, colour_wanted(*given, context));
    Frame frame{.context = context,
                .leaf = leaf,
                .given = *given,
                .output = output,
                .err_is_read = terminal.err_is_read};
    return leaf.run(frame);
}
}  // namespace

std::string told(const Error& error, bool json) {
    if (!json)
        return fmt::format("pbxctl: {}", log::cleaned(error.text()));  // peers and files have a say in it
    return fmt::format(R"({{"v":1,"type":"error","code":{},"what":{},"where":{},"hint":{}}})",
                       static_cast<int>(error.code), json_string(error.what), json_string(error.where),
                       json_string(error.hint));
}

int run(const Words& words, Context& context, const Terminal& terminal) {
    const auto asked = wanted(words);
    const auto tell = [&](const Error& error) {
        context.out.flush();
        if (terminal.err_is_read) {
            context.err << told(error, asked.json) << std::endl;
            return;
        }
        log::open({.to_syslog = true});
        log::error("{}", error.text());
    };
    try {
        const auto status = carried_out(asked, context, terminal);
        if (status) return *status;
        tell(status.error());
        return static_cast<int>(status.error().code);
    } catch (const std::exception& thrown) {
        tell({Code::bug, thrown.what(), {}, "please report it with the command line"});
        return static_cast<int>(Code::bug);
    }
}

config::Sources Frame::sources() const {
    config::Sources out{.file = given.value_or("config", ""), .environment = context.environment};
    for (auto options : {leaf.options, global_options()})
        for (const auto& option : options) {
            if (option.key.empty()) continue;
            const auto dot = option.key.rfind('.');
            for (auto& value : given.values(option.name)) {
                if (option.value.empty()) value = "yes";
                out.overrides.push_back({std::string(option.key.substr(0, dot)),
                                         std::string(option.key.substr(dot + 1)), std::move(value),
                                         fmt::format("--{}", option.name)});
            }
        }
    return out;
}

Result<const config::Settings*> Frame::settings() {
    if (read != nullptr) return read.get();
    auto reading = config::read_settings(sources());
    if (!reading.faults.empty()) {
        auto first = reading.faults.front();
        if (reading.faults.size() > 1)
            first.hint += fmt::format("{}{} more: pbxctl config check", first.hint.empty() ? "" : "; ",
                                      reading.faults.size() - 1);
        return tl::unexpected(std::move(first));
    }
    auto settings = std::make_shared<const config::Settings>(std::move(reading.settings));
    const auto target = settings->text("log", "target");
    log::open({.level = level_named(level_given(given, settings->text("log", "level"))),
               .format = settings->text("log", "format") == "json" ? log::Format::json : log::Format::text,
               .to_syslog = target == "syslog" || (target == "auto" && !err_is_read)});
    if (const auto folder = settings->text("general", "driver_folder"); !folder.empty())
        set_driver_folder(folder);
    for (const auto& warning : reading.warnings)
        log::warning("{}", warning.text());
    read = std::move(settings);
    return read.get();
}

}  // namespace pbx::cmd
