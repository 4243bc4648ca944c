// Whatever stands in a test script: it is refused with a line, or played to its first difference.
#include "dialog/load.hpp"
#include "dialog/sample_dialog.hpp"
#include "dialog/transcript.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {
using namespace pbx::dialog;

const Dialog& sample() {
    static const Loaded loaded = read(sample_dialog, "sample.conf");
    if (!loaded.ok()) std::abort();
    return loaded.dialog;
}

void check(std::string_view script) {
    const auto report = run_tests(sample(), script, "fuzz.test");
    if (report.passed + report.failures.size() != report.tests) std::abort();
    for (const auto& failure : report.failures)
        if (failure.line == 0 || failure.what.empty()) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check(bytes);
    check("[test]\n< *\n< Sales *\n> (noise)\n< What?\n" + std::string(bytes));
    check("[test]\n= given hour=5 VIP=1\n> " + std::string(bytes) + "\n= busy\n> (key 1)\n= transfer *\n");
    return 0;
}
