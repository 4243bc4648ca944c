// A call of the journal as JSON, and moments as people read them. Printing only.
#pragma once

#include "oksana/journal.hpp"

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace pbx::cmd {

[[nodiscard]] nlohmann::ordered_json call_json(const oksana::Call& call, std::span<const oksana::Turn> turns);
[[nodiscard]] std::string shown_time(oksana::WallTime moment);  // local, "2026-11-22 23:05:17"

}  // namespace pbx::cmd
