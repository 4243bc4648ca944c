#include "speech/engine.hpp"

#include "core/driver.hpp"

#include <array>
#include <string>

#include <fmt/format.h>
#include <sys/stat.h>

namespace pbx::speech {

namespace {
struct Known {
    std::string_view engine, driver, package;
};
constexpr std::array known{Known{"espeak-ng", "espeak", "libespeak-ng1"},
                           Known{"flite", "flite", "libflite1"}};

struct Slot {
    std::mutex lock;
    const pbx_voice_driver* driver = nullptr;
};
std::array<Slot, known.size()>& slots() {
    static std::array<Slot, known.size()> all;
    return all;
}

Result<const pbx_voice_driver*> load(const Known& entry) {
    auto driver = load_driver_as<pbx_voice_driver>(entry.driver, entry.package);
    if (driver && (*driver)->abi != pbx_voice_abi)
        return fail(Code::unavailable, "driver and binary differ", std::string(entry.driver) + ".so",
                    "reinstall pbxctl");
    return driver;
}
}  // namespace

Result<Engine> load_engine(std::string_view name) {
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (known[i].engine != name) continue;
        auto& slot = slots()[i];
        std::scoped_lock held(slot.lock);
        if (slot.driver == nullptr) {
            auto driver = load(known[i]);
            if (!driver) return tl::unexpected(driver.error());
            slot.driver = *driver;
        }
        return Engine{slot.driver, &slot.lock};
    }
    return fail(Code::config, "no such speech engine", std::string(name), "espeak-ng, flite or none");
}

std::string file_stamp(const std::string& path) {
    struct stat at {};
    if (path.empty() || ::stat(path.c_str(), &at) != 0) return {};
    return fmt::format("{} {}.{:09}", at.st_size, at.st_mtim.tv_sec, at.st_mtim.tv_nsec);
}

}  // namespace pbx::speech
