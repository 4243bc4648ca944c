#include "numbering/bulk_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::numbering {

namespace {
constexpr std::size_t kept_of_line = 2048;

Unexpected failed(const std::string& path) {
    const auto code = errno == ENOENT || errno == ENOTDIR ? Code::no_input : Code::write_failed;
    return fail(code, std::generic_category().message(errno), path);
}
}  // namespace

Result<ResumeFile> ResumeFile::open(const std::string& path, const Line& each) {
    ResumeFile file(Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)));
    if (!file.fd_.is_open()) return failed(path);
    struct stat about {};
    if (::fstat(file.fd_.get(), &about) != 0) return failed(path);
    if (!S_ISREG(about.st_mode))
        return fail(Code::usage, "not a file that can be gone on with", path, "leave --resume out");
    if (::flock(file.fd_.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Code::try_again, "another run is writing it", path);
    if (auto read = file.read_lines(path, each); !read) return Unexpected(read.error());
    return file;
}

Result<void> ResumeFile::read_lines(const std::string& path, const Line& each) {
    std::array<char, 64 * 1024> room;
    std::string line;
    off_t whole = 0, at = 0;
    while (true) {
        const auto got = ::read(fd_.get(), room.data(), room.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed(path);
        if (got == 0) break;
        std::string_view rest(room.data(), static_cast<std::size_t>(got));
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            line.append(rest.substr(0, std::min(end, kept_of_line - std::min(line.size(), kept_of_line))));
            at += static_cast<off_t>(std::min(end + 1, rest.size()));
            if (end == rest.size()) break;
            rest.remove_prefix(end + 1);
            whole = at;
            if (++lines_ == 1) first_ = line;
            if (each) each(line);
            last_.swap(line);
            line.clear();
        }
    }
    if (::ftruncate(fd_.get(), whole) != 0 || ::lseek(fd_.get(), whole, SEEK_SET) != whole)
        return failed(path);
    return {};
}

}  // namespace pbx::numbering
