#include "config/files.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::config {

namespace {
Code code_of(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR:
            return Code::no_input;
        case EACCES:
        case EPERM:
            return Code::refused;
        default:
            return Code::unavailable;
    }
}

// The commonest one without strerror(): no pbxctl.conf is no error, and the table costs a start two pages.
std::string words_of(int error) {
    return error == ENOENT ? "No such file or directory" : std::strerror(error);
}

struct File {
    int fd;
    explicit File(const std::string& path) : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd >= 0) ::close(fd);
    }
};

std::string beside(const std::string& file, const std::string& name) {
    const auto slash = file.rfind('/');
    if (name.starts_with('/') || slash == std::string::npos) return name;
    return file.substr(0, slash + 1) + name;
}

bool is_pattern(const std::string& name) {
    return name.find_first_of("*?[") != std::string::npos;
}

std::vector<std::string> matching(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> out;
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
        out.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    return out;
}
}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
    const auto refuse = [&](int error) { return fail(code_of(error), words_of(error), path); };
    const File file(path);
    if (file.fd < 0) return refuse(errno);
    struct stat about {};
    if (::fstat(file.fd, &about) != 0) return refuse(errno);
    // a device or a pipe may never end
    if (!S_ISREG(about.st_mode)) return fail(Code::no_input, "not a regular file", path);
    std::string text;
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size > most) return fail(Code::data, fmt::format("{} bytes, more than {}", size, most), path);
    text.resize(size);
    std::size_t got = 0;
    while (got < size) {
        const auto n = ::read(file.fd, text.data() + got, size - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return refuse(errno);
        if (n == 0) break;
        got += static_cast<std::size_t>(n);
    }
    text.resize(got);
    return text;
}

FileReader disk_reader() {
    return [](const std::string& wanted, const std::string& from) -> Result<std::vector<IncludedFile>> {
        const auto path = beside(from, wanted);
        std::vector<IncludedFile> out;
        for (const auto& name : is_pattern(path) ? matching(path) : std::vector{path}) {
            auto text = read_file(name);
            if (!text && text.error().code == Code::no_input) continue;
            if (!text) return tl::unexpected(text.error());
            out.push_back({name, std::move(*text)});
        }
        return out;
    };
}

Result<Document> parse_file(const std::string& path) {
    auto text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    return parse(*text, path, disk_reader());
}

}  // namespace pbx::config
