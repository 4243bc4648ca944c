#include "dialog/variables.hpp"

#include "dialog/dialog.hpp"

#include <algorithm>
#include <utility>

namespace pbx::dialog {

void Variables::set(std::string_view name, std::string text, std::size_t value) {
    auto found = values_.find(name);
    if (found == values_.end()) found = values_.emplace(std::string(name), Value{}).first;
    auto& values = found->second.values;
    const auto wanted = std::clamp<std::size_t>(value, 1, most_values);
    if (values.size() < wanted) values.resize(wanted);
    values[wanted - 1] = std::move(text);
}

void Variables::set(std::string_view name, Value value) {
    values_.insert_or_assign(std::string(name), std::move(value));
}

bool Variables::has(std::string_view name) const {
    return values_.find(name) != values_.end();
}

std::string Variables::text(std::string_view reference) const {
    const auto dot = reference.find('.');
    const auto found = values_.find(reference.substr(0, dot));
    if (found == values_.end()) return {};
    const auto& [values, said] = found->second;
    const auto part = dot == std::string_view::npos ? std::string_view("1") : reference.substr(dot + 1);
    if (part == "said") return said;
    const auto wanted = part.size() == 1 && part[0] >= '1' && part[0] <= '9'
                            ? static_cast<std::size_t>(part[0] - '0')
                            : std::size_t{0};
    return wanted == 0 || wanted > values.size() ? std::string() : values[wanted - 1];
}

const std::vector<std::string>& built_in_variables() {
    static const std::vector<std::string> names{"caller", "callername", "called", "dialog",
                                                "step",   "call",       "heard",  "language",
                                                "date",   "time",       "hour",   "weekday"};
    return names;
}

bool is_variable_name(std::string_view name) {
    return is_variable_reference(name) && name.find('.') == std::string_view::npos;
}

}  // namespace pbx::dialog
