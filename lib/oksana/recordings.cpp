#include "oksana/recordings.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::oksana {

namespace {
namespace fs = std::filesystem;
constexpr mode_t folder_mode = 0750;
constexpr std::size_t longest_name = 120;
constexpr int most_of_one_name = 1000;

Unexpected failed(const char* what, const std::string& where) {
    const int why = errno;
    const auto code = why == EACCES || why == EPERM || why == EROFS ? Code::refused : Code::write_failed;
    return fail(code, fmt::format("{}: {}", what, std::strerror(why)), where,
                "the folder must belong to the user who runs Asterisk: chown asterisk");
}

// Letters of any language stay, what a path or an Asterisk argument could read as its own does not.
std::string safe(std::string_view name) {
    std::string out(name.substr(0, longest_name));
    for (char& c : out) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x21 || byte == 0x7f || std::strchr("/\\,|&;()\"'$`*?<>%:", c) != nullptr) c = '_';
    }
    if (out.starts_with('.')) out.front() = '_';
    return out;
}

Result<void> make_folder(const std::string& folder) {
    fs::path so_far;
    for (const auto& part : fs::path(folder)) {
        so_far /= part;
        if (mkdir(so_far.c_str(), folder_mode) != 0 && errno != EEXIST && access(so_far.c_str(), F_OK) != 0)
            return failed("cannot make folder", so_far.string());
    }
    return {};
}

std::chrono::system_clock::time_point written(const struct stat& file) {
    return std::chrono::system_clock::time_point(std::chrono::seconds(file.st_mtim.tv_sec));
}
}  // namespace

Result<std::string> recording_base(const std::string& folder, std::string_view run, std::string_view name) {
    if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
    auto base = fmt::format("{}/{}", folder, safe(run));
    if (!name.empty()) base += "-" + safe(name);
    for (int n = 1; n <= most_of_one_name; ++n) {
        auto numbered = n == 1 ? base : fmt::format("{}-{}", base, n);
        if (access((numbered + ".wav").c_str(), F_OK) != 0) return numbered;
    }
    return fail(Code::write_failed, "too many recordings of one name", base);
}

Result<ForgottenRecordings> forget_recordings(const std::string& folder,
                                              std::chrono::system_clock::time_point before, bool dry) {
    ForgottenRecordings forgotten;
    std::error_code error;
    fs::directory_iterator files(folder, error);
    if (error == std::errc::no_such_file_or_directory) return forgotten;
    if (error) return errno = error.value(), failed("cannot read folder", folder);
    for (const auto& entry : files) {
        struct stat file {};
        const auto& path = entry.path();
        if (path.extension() != ".wav" || lstat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode) ||
            written(file) >= before)
            continue;
        if (!dry && unlink(path.c_str()) != 0 && errno != ENOENT)
            return failed("cannot remove", path.string());
        ++forgotten.files;
        forgotten.bytes += file.st_size;
    }
    return forgotten;
}

}  // namespace pbx::oksana
