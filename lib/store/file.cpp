#include "store/connection.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::store {

namespace {
namespace fs = std::filesystem;
constexpr mode_t file_mode = 0640;  // the group may read: reports, backups
constexpr mode_t folder_mode = 0750;

Unexpected refused(const std::string& what, const std::string& where) {
    const int why = errno;
    const auto code = why == EACCES || why == EPERM || why == EROFS ? Code::refused : Code::write_failed;
    return fail(code, what + ": " + std::strerror(why), where,
                "the folder must belong to the user who runs the calls: chown asterisk");
}

Result<void> make_folder(const fs::path& folder) {
    fs::path so_far;
    for (const auto& part : folder) {
        so_far /= part;
        if (mkdir(so_far.c_str(), folder_mode) != 0 && errno != EEXIST && access(so_far.c_str(), F_OK) != 0)
            return refused("cannot make folder", so_far.string());
    }
    return {};
}

// Root may run a command once before Asterisk does: what it makes belongs to the folder's owner then, as
// SQLite does for its -wal and -shm.
void give_to_owner_of(const fs::path& folder, int descriptor) {
    struct stat owner {};
    if (geteuid() == 0 && stat(folder.c_str(), &owner) == 0)
        static_cast<void>(fchown(descriptor, owner.st_uid, owner.st_gid) == 0);
}
}  // namespace

// Made aside and linked into place: closing a descriptor of the file itself would drop the POSIX locks that
// another thread's SQLite may hold on it already (sqlite.org/howtocorrupt.html 2.2).
Result<void> make_file(const std::string& file) {
    if (access(file.c_str(), F_OK) == 0) return {};
    auto folder = fs::path(file).parent_path();
    if (folder.empty()) folder = ".";
    if (auto made = make_folder(folder); !made) return made;
    auto aside = file + ".XXXXXX";
    const int descriptor = mkostemp(aside.data(), O_CLOEXEC);
    if (descriptor < 0) return refused("cannot make file", file);
    give_to_owner_of(folder, descriptor);
    const bool moded = fchmod(descriptor, file_mode) == 0;
    close(descriptor);
    const bool linked = moded && (link(aside.c_str(), file.c_str()) == 0 || errno == EEXIST);
    auto result = linked ? Result<void>() : Result<void>(refused("cannot make file", file));
    unlink(aside.c_str());
    return result;
}

}  // namespace pbx::store
