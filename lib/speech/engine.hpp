// A loaded synthesis engine and its one lock: the engines' libraries are global state (voice_driver.h).
#pragma once

#include "core/result.hpp"
#include "speech/voice_driver.h"

#include <mutex>
#include <string>
#include <string_view>

namespace pbx::speech {

struct Engine {
    const pbx_voice_driver* driver;
    std::mutex* lock;  // held around every call into `driver`
};

// "espeak-ng" or "flite"; loaded on first use, never unloaded. Code::config for another name,
// Code::unavailable (with the package to install) when it can't be loaded.
[[nodiscard]] Result<Engine> load_engine(std::string_view name);

// Size and time of a file, to tell whether it is still the same one; empty when it is not there.
[[nodiscard]] std::string file_stamp(const std::string& path);

}  // namespace pbx::speech
