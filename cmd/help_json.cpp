// `pbxctl help --json`: every command, option and configuration key as data, for tools and for the check of
// the manual.
#include "cmd/help.hpp"
#include "config/schema.hpp"

#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using Json = nlohmann::ordered_json;

template <class Row>
Json list_of(std::span<const Row> rows, Json (*one)(const Row&)) {
    auto out = Json::array();
    for (const auto& row : rows)
        out.push_back(one(row));
    return out;
}

Json option(const Option& row) {
    return {{"name", row.name},       {"letter", row.letter == 0 ? "" : std::string(1, row.letter)},
            {"value", row.value},     {"help", row.help},
            {"default", row.preset},  {"key", row.key},
            {"choices", row.choices}, {"repeats", row.repeats}};
}

Json argument(const Argument& row) {
    return {{"name", row.name},
            {"help", row.help},
            {"required", row.required},
            {"many", row.many},
            {"choices", row.choices}};
}

Json exit_row(const Exit& row) {
    return {{"status", row.status}, {"when", row.when}};
}

Json example(const Example& row) {
    return {{"line", row.line}, {"says", row.says}};
}

Json command(const Leaf* const& leaf) {
    return {{"noun", leaf->noun},
            {"verb", leaf->verb},
            {"summary", leaf->summary},
            {"usage", usage_of(*leaf)},
            {"description", leaf->description},
            {"arguments", list_of<Argument>(leaf->arguments, argument)},
            {"options", list_of<Option>(leaf->options, option)},
            {"examples", list_of<Example>(leaf->examples, example)},
            {"exits", list_of<Exit>(leaf->exits, exit_row)}};
}

Json key(const config::Key& row) {
    return {{"section", row.section}, {"name", row.name},       {"type", config::name_of(row.type)},
            {"default", row.preset},  {"choices", row.choices}, {"help", row.help},
            {"repeats", row.repeats}};
}
}  // namespace

Json help_document() {
    return {{"v", 1},
            {"type", "help"},
            {"options", list_of<Option>(global_options(), option)},
            {"commands", list_of<const Leaf*>(commands(), command)},
            {"keys", list_of<config::Key>(config::schema(), key)}};
}

}  // namespace pbx::cmd
