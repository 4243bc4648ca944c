#include "cmd/command.hpp"
#include "cmd/devstate_session.hpp"
#include "cmd/leaves.hpp"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using devstate::Local;

void print(Output& output, const std::vector<Local>& locals) {
    if (output.json()) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& local : locals)
            list.push_back(to_json(local));
        return output.document(list);
    }
    Table table{{"kind", "name", "state"}, {}};
    for (const auto& local : locals)
        table.rows.push_back({std::string(devstate::name_of(local.kind)), local.name, value_of(local)});
    output.table(table);
}

// An old Asterisk tells a device once by each hint that names it: the last one counts.
std::vector<Local> chosen(devstate::Table table, const Selection& selection) {
    auto& locals = table.locals;
    std::erase_if(locals, [&](const Local& local) { return local.gone || !selection.takes(local); });
    const auto key = [](const Local& local) { return std::tie(local.kind, local.name); };
    std::stable_sort(locals.begin(), locals.end(),
                     [&](const Local& a, const Local& b) { return key(a) < key(b); });
    const auto same = [&](const Local& a, const Local& b) { return key(a) == key(b); };
    locals.erase(locals.begin(), std::unique(locals.rbegin(), locals.rend(), same).base());
    return std::move(locals);
}

Result<int> run(Frame& frame) {
    const auto selection = selection_of(frame.given);
    auto session = ManagerSession::log_in(frame);
    if (!session) return Unexpected(session.error());
    auto table = (*session)->snapshot(selection.wants);
    if (!table) return Unexpected(table.error());
    if (auto told = tell_missing(*table, selection.wants); !told) return Unexpected(told.error());
    const auto locals = chosen(std::move(*table), selection);
    print(frame.output, locals);
    return locals.empty() && !selection.pattern.empty() ? static_cast<int>(Code::no) : 0;
}

constexpr Argument arguments[] = {
    {.name = "PATTERN", .help = "names to show, with * and ?; all when there is none", .required = false},
};
constexpr Option options[] = {
    {.name = "kind",
     .value = "KIND",
     .help = "show these alone; mailboxes only when asked for",
     .choices = kind_choices,
     .repeats = true},
};
constexpr Example examples[] = {
    {"pbxctl devstate list 'Custom:*'", "the lamps that were set by hand or by a relay"},
    {"pbxctl devstate list --kind extension --json | jq -r '.[] | select(.state==\"INUSE\").name'",
     "who is on the phone"},
};
constexpr Exit exits[] = {
    {0, "shown"},
    {1, "PATTERN fits nothing"},
    {69, "Asterisk is down, or the modules that tell states are not loaded"},
    {77, "the login, or the right to list, is refused"},
    {78, "[ami] is not set up"},
};
}  // namespace

const Leaf devstate_list{
    .noun = "devstate",
    .verb = "list",
    .summary = "show all device, extension and presence states",
    .description =
        "Asks Asterisk by AMI for all states it knows: devices, extensions with a hint, presences, and "
        "mailboxes if --kind says so. What can't be had is warned of, with the module or right that is "
        "missing.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
