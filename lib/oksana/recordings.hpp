// Files of callers' recorded words and of whole calls. Asterisk writes them; here are their names and their
// end.
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pbx::oksana {

// FOLDER/RUN-NAME without ".wav", as RECORD FILE and MixMonitor() want it: the folder is there with mode
// 0750, the name holds no byte that could lead elsewhere, and no such file is there yet (…-2, …-3). An empty
// `name`: FOLDER/RUN.
[[nodiscard]] Result<std::string> recording_base(const std::string& folder, std::string_view run,
                                                 std::string_view name);

struct ForgottenRecordings {
    std::int64_t files = 0;
    std::int64_t bytes = 0;
};
// Removes the folder's own .wav files last written before `before`; follows no link. A folder that is not
// there is empty. `dry`: only counts. Errors: refused, write_failed (the first file that cannot be removed).
[[nodiscard]] Result<ForgottenRecordings> forget_recordings(const std::string& folder,
                                                            std::chrono::system_clock::time_point before,
                                                            bool dry);

}  // namespace pbx::oksana
