// What a lookup found, as JSON, as a table and as an explanation. Printing only.
#pragma once

#include "cmd/output.hpp"
#include "numbering/found.hpp"

#include <chrono>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace pbx::cmd {

struct Answered {
    const numbering::Found& found;
    std::chrono::nanoseconds took{};
};

[[nodiscard]] nlohmann::ordered_json lookup_json(const Answered& answered);
[[nodiscard]] nlohmann::ordered_json refused_number_json(std::string_view typed, const Error& error);
[[nodiscard]] Table uri_table(const numbering::Outcome& outcome);
// Every record with the field and octet that ruled it out, and the line of the dialplan that asks the same.
void explain(Output& output, const Answered& answered, std::string_view dialplan_line);

}  // namespace pbx::cmd
