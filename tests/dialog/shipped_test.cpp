// The dialogs that are shipped: they read, prove clean, stay short, and pass their own transcripts.
#include "config/files.hpp"
#include "dialog/check.hpp"
#include "dialog/load.hpp"
#include "dialog/transcript.hpp"
#include "support/places.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx;

namespace {
std::vector<std::filesystem::path> shipped() {
    std::vector<std::filesystem::path> found;
    for (const auto& file :
         std::filesystem::directory_iterator(test::source_folder() + "/scripts/examples/dialogs"))
        if (file.path().extension() == ".conf" && file.path().filename() != "common.conf")
            found.push_back(file.path());
    std::sort(found.begin(), found.end());
    return found;
}
}  // namespace

TEST_CASE("every shipped dialog passes its own transcripts") {
    REQUIRE(shipped().size() >= 2);
    for (const auto& path : shipped()) {
        INFO(path);
        auto loaded = dialog::load(path);
        REQUIRE(loaded);
        for (const auto& fault : loaded->faults)
            UNSCOPED_INFO(fault.text());
        REQUIRE(loaded->ok());
        auto script_path = path;
        auto script = config::read_file(script_path.replace_extension(".test"));
        REQUIRE(script);
        const auto report = dialog::run_tests(loaded->dialog, *script, script_path);
        for (const auto& failure : report.failures)
            UNSCOPED_INFO(failure.text());
        CHECK(report.ok());
        CHECK(report.tests >= 15);
        CHECK(report.passed == report.tests);
    }
}

TEST_CASE("every shipped dialog proves clean") {
    for (const auto& path : shipped()) {
        auto loaded = dialog::load(path);
        REQUIRE(loaded);
        for (const auto& finding : dialog::check(loaded->dialog))
            FAIL_CHECK(finding.text());
    }
}

TEST_CASE("a shipped dialog has at most 60 lines") {
    for (const auto& path : shipped()) {
        INFO(path);
        const auto text = config::read_file(path);
        REQUIRE(text);
        CHECK(std::count(text->begin(), text->end(), '\n') <= 60);
    }
}
