#include "cmd/command.hpp"
#include "cmd/drivers.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "core/driver.hpp"

#include <CLI/Version.hpp>
#include <boost/version.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/version.h>
#include <sqlite3.h>

namespace pbx::cmd {

namespace {
nlohmann::ordered_json libraries() {
    const auto dotted = [](int number, int major, int minor) {
        return fmt::format("{}.{}.{}", number / major, number / minor % (major / minor), number % minor);
    };
    return {{"boost", dotted(BOOST_VERSION, 100000, 100)},
            {"cli11", CLI11_VERSION},
            {"fmt", dotted(FMT_VERSION, 10000, 100)},
            {"json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                 NLOHMANN_JSON_VERSION_PATCH)},
            {"spdlog", dotted(SPDLOG_VERSION, 10000, 100)},
            {"sqlite", sqlite3_libversion()}};
}

Result<int> run(Frame& frame) {
    if (!frame.output.json()) {
        frame.output.line(fmt::format("pbxctl {}", PBXCTL_VERSION));
        return 0;
    }
    auto found = nlohmann::ordered_json::array();
    for (const auto& driver : drivers()) {
        const auto file = find_driver(driver.name);
        found.push_back(
            {{"name", driver.name},
             {"package", driver.package},
             {"file", file.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(file)}});
    }
    frame.output.document({{"v", 1},
                           {"type", "version"},
                           {"version", PBXCTL_VERSION},
                           {"compiler", __VERSION__},
                           {"libraries", libraries()},
                           {"drivers", std::move(found)}});
    return 0;
}

constexpr Example examples[] = {
    {"pbxctl version --json", "with the libraries, and where each driver module lies"}};
}  // namespace

const Leaf version{
    .noun = "",
    .verb = "version",
    .summary = "print the version, with --json the libraries and drivers too",
    .description =
        "Prints one line. With --json also the libraries pbxctl was built with and where each driver is "
        "found; "
        "a driver that is not there has null for its file.",
    .examples = examples,
    .run = run,
};

}  // namespace pbx::cmd
