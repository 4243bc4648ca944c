#include "dialog/check.hpp"

#include "dialog/check_parts.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog {

namespace checking {

void Findings::add(Fault kind, Place at, std::string what, std::string hint) {
    const auto file = at.file < dialog_.files.size() ? dialog_.files[at.file] : dialog_.name;
    found_.push_back({at, {kind, file, at.line, at.column, std::move(what), std::move(hint)}});
}

std::vector<Finding> Findings::in_order() && {
    std::stable_sort(found_.begin(), found_.end(), [](const Placed& a, const Placed& b) {
        return std::tuple(a.place.file, a.place.line, a.place.column) <
               std::tuple(b.place.file, b.place.line, b.place.column);
    });
    std::vector<Finding> findings;
    for (auto& placed : found_)
        if (findings.empty() || !(findings.back() == placed.finding))
            findings.push_back(std::move(placed.finding));
    return findings;
}

std::string quoted(std::string_view word) {
    return fmt::format("\"{}\"", word);
}

std::string way(const Dialog& dialog, std::span<const std::size_t> steps) {
    constexpr std::size_t shown = 8;
    std::string out;
    for (std::size_t at = 0; at < steps.size() && at < shown; ++at)
        out += (at == 0 ? "" : " -> ") + dialog.steps[steps[at]].name;
    if (steps.size() > shown) out += " -> …";
    return out;
}

}  // namespace checking

Ear ear_named(std::string_view name) {
    if (name == "none") return Ear::none;
    return name.empty() || name == "pocketsphinx" ? Ear::closed : Ear::open;
}

std::vector<Finding> check(const Dialog& dialog, const CheckOptions& options) {
    const auto ear = options.ear.value_or(ear_named(dialog.ear));
    const checking::Graph graph(dialog);
    checking::Findings findings(dialog);
    checking::check_arrows(dialog, graph, findings);
    checking::check_circles(dialog, graph, findings);
    checking::check_questions(dialog, ear, findings);
    checking::check_claims(dialog, findings);
    checking::check_ear(dialog, ear, findings);
    checking::check_prompts(dialog, options, findings);
    checking::check_echo(dialog, findings);
    checking::check_variables(dialog, graph, findings);
    return std::move(findings).in_order();
}

}  // namespace pbx::dialog
