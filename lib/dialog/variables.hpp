// The variables of one call: each has value 1, 2, … and the words as heard.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

constexpr std::size_t most_values = 9;

struct Value {
    std::vector<std::string> values;
    std::string said;
};

class Variables {
  public:
    void set(std::string_view name, std::string text, std::size_t value = 1);  // value 1 … most_values
    void set(std::string_view name, Value value);
    [[nodiscard]] bool has(std::string_view name) const;
    // "who" and "who.1", "who.2", "who.said"; an unset one is empty.
    [[nodiscard]] std::string text(std::string_view reference) const;

  private:
    std::map<std::string, Value, std::less<>> values_;
};

}  // namespace pbx::dialog
