// Whatever stands in a dialog file: it is read or refused with a place, checked and drawn without a crash.
// The bytes are tried by themselves, and put into the sample dialog in place of a part of it.
#include "dialog/check.hpp"
#include "dialog/draw.hpp"
#include "dialog/load.hpp"
#include "dialog/sample_dialog.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {
using namespace pbx::dialog;

void check_all(std::string_view text) {
    const auto loaded = read(text, "fuzz.conf");
    for (const auto& fault : loaded.faults)
        if (fault.what.empty() || fault.file != "fuzz.conf") std::abort();
    // also of a dialog with faults: an editor shows both
    CheckOptions options;
    options.sound_exists = [](const std::string&, Language) { return false; };
    for (const auto& finding : check(loaded.dialog, options))
        if (finding.what.empty() || finding.text().empty()) std::abort();
    if (extent(loaded.dialog).most_turns > loaded.dialog.turns) std::abort();
    for (const auto form : {Form::dot, Form::mermaid, Form::text})
        static_cast<void>(draw(loaded.dialog, form));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 3), size - 3);
    check_all(bytes);
    std::string mixed(sample_dialog);
    const auto at = (static_cast<std::size_t>(data[0]) * 256 + data[1]) % mixed.size();
    mixed.replace(at, data[2] % 64, bytes);
    check_all(mixed);
    return 0;
}
