// The one loader of driver modules: heavy libraries (speech engines, curl, libsystemd) are opened on first
// use, because linking them costs tens of ms before main() and System() holds up a call (README, "Start-up").
// A driver is a shared object NAME.so that exports one C function `pbx_NAME_driver` returning a struct of
// function pointers; no exception, RTTI or std type crosses that border. Everything shares libstdc++.so.
#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

namespace pbx {

// The driver's entry result (never null). `package` is named in the error when the module or its library is
// missing. Looked for in: set_driver_folder()'s folder, drivers/ beside the binary and ../lib/<arch>/pbxctl
// when they are the binary's owner's or root's, the install folder. Never unloaded.
[[nodiscard]] Result<const void*> load_driver(std::string_view name, std::string_view package);

template <class Table>
[[nodiscard]] Result<const Table*> load_driver_as(std::string_view name, std::string_view package) {
    auto entry = load_driver(name, package);
    if (!entry) return tl::unexpected(entry.error());
    return static_cast<const Table*>(*entry);
}

// A folder to look in first (tests; `driver_folder =` in pbxctl.conf).
void set_driver_folder(std::string folder);

// The file a driver would be loaded from, empty when there is none (version --json, doctor).
[[nodiscard]] std::string find_driver(std::string_view name);

}  // namespace pbx
