#include "core/driver.hpp"

#include <filesystem>
#include <vector>

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>

namespace pbx {

namespace {
namespace fs = std::filesystem;

std::string& chosen_folder() {
    static std::string folder;
    return folder;
}

// Code is loaded from there: it must belong to whom the binary belongs to, or to root, and be no /tmp/drivers
// that somebody else made beside an unpacked /tmp/pbxctl.
bool is_trusted(const fs::path& folder, const struct stat& binary) {
    struct stat its {};
    if (::stat(folder.c_str(), &its) != 0 || !S_ISDIR(its.st_mode)) return false;
    return (its.st_uid == 0 || its.st_uid == binary.st_uid) && (its.st_mode & S_IWOTH) == 0;
}

std::vector<fs::path> folders() {
    std::vector<fs::path> list;
    if (!chosen_folder().empty()) list.emplace_back(chosen_folder());
    std::error_code ignored;
    const auto folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    struct stat binary {};
    if (!folder.empty() && ::stat("/proc/self/exe", &binary) == 0) {  // without /proc there is no "beside"
        const fs::path installed = fs::path("..") / PBXCTL_LIBDIR / "pbxctl";
        for (const auto& beside :
             {fs::path("drivers"), fs::path("../drivers"), fs::path("../../drivers"), installed})
            if (is_trusted(folder / beside, binary)) list.push_back(folder / beside);
    }
    list.emplace_back("/usr/" PBXCTL_LIBDIR "/pbxctl");
    return list;
}
}  // namespace

void set_driver_folder(std::string folder) {
    chosen_folder() = std::move(folder);
}

std::string find_driver(std::string_view name) {
    std::error_code ignored;
    for (const auto& folder : folders()) {
        auto file = folder / fmt::format("{}.so", name);
        if (fs::exists(file, ignored)) return fs::canonical(file, ignored).string();
    }
    return {};
}

Result<const void*> load_driver(std::string_view name, std::string_view package) {
    auto file = find_driver(name);
    if (file.empty())
        return fail(Code::unavailable, "driver module not found", fmt::format("driver {}", name),
                    fmt::format("install package {} or set driver_folder", package));
    void* module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
        const char* why = dlerror();
        return fail(Code::unavailable, why != nullptr ? why : "cannot load", file,
                    fmt::format("install package {}", package));
    }
    auto symbol = fmt::format("pbx_{}_driver", name);
    using Entry = const void* (*)();
    auto entry = reinterpret_cast<Entry>(dlsym(module, symbol.c_str()));
    const void* table = entry != nullptr ? entry() : nullptr;
    if (table == nullptr)
        return fail(Code::unavailable, fmt::format("no entry {}", symbol), file,
                    "reinstall pbxctl: driver and binary differ");
    return table;
}

}  // namespace pbx
