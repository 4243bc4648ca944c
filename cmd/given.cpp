#include "cmd/command.hpp"

#include <algorithm>
#include <utility>

namespace pbx::cmd {

void Given::add(std::string_view name, std::string value) {
    items_.push_back({name, std::move(value)});
}

std::size_t Given::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(items_.begin(), items_.end(), [&](const Item& item) { return item.name == name; }));
}

std::optional<std::string> Given::value(std::string_view name) const {
    const auto last =
        std::find_if(items_.rbegin(), items_.rend(), [&](const Item& item) { return item.name == name; });
    return last == items_.rend() ? std::nullopt : std::optional(last->value);
}

std::string Given::value_or(std::string_view name, std::string_view otherwise) const {
    return value(name).value_or(std::string(otherwise));
}

std::vector<std::string> Given::values(std::string_view name) const {
    std::vector<std::string> out;
    for (const auto& item : items_)
        if (item.name == name) out.push_back(item.value);
    return out;
}

}  // namespace pbx::cmd
