#include "numbering/bulk_again.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::numbering {

namespace {
constexpr std::size_t piece = 256 * 1024;

Unexpected failed(const std::string& path) {
    return fail(Code::write_failed, std::generic_category().message(errno), path);
}
}  // namespace

Result<AgainFile> AgainFile::open(const ResumeFile& old, const std::string& path) {
    std::error_code error;
    auto whole =
        std::filesystem::canonical(path, error).string();  // a link's target is replaced, not the link
    if (error) return fail(Code::write_failed, error.message(), path);
    AgainFile out(old, std::move(whole), Descriptor());
    struct stat about {};
    if (::fstat(old.descriptor(), &about) != 0) return failed(path);
    out.fd_ =
        Descriptor(::open(out.beside().c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out.fd_.is_open() || ::fchmod(out.fd_.get(), about.st_mode & 07777U) != 0)
        return failed(out.beside());
    return out;
}

AgainFile::AgainFile(AgainFile&& other) noexcept = default;

AgainFile::~AgainFile() {
    if (fd_.is_open()) ::unlink(beside().c_str());
}

Result<bool> AgainFile::read_more() {
    buffer_.erase(0, at_);
    at_ = 0;
    const auto had = buffer_.size();
    if (had > max_kept_row) return fail(Code::data, "a line of it is too long", path_);
    buffer_.resize(had + piece);
    ssize_t got = -1;
    do {
        got = ::pread(old_->descriptor(), buffer_.data() + had, piece, offset_);
    } while (got < 0 && errno == EINTR);
    buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0) return failed(path_);
    offset_ += got;
    return got > 0;
}

Result<std::string_view> AgainFile::line() {
    while ((end_ = buffer_.find('\n', at_)) == std::string::npos) {
        auto more = read_more();
        if (!more) return Unexpected(more.error());
        if (!*more) return std::string_view();  // its last line is whole: the ResumeFile saw to that
    }
    if (end_ == at_) return fail(Code::data, "an empty line is in it", path_);
    return std::string_view(buffer_).substr(at_, end_ - at_);
}

void AgainFile::pop() {
    at_ = end_ + 1;
}

Result<void> AgainFile::write(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd_.get(), text.data(), text.size());
        if (written < 0 && errno != EINTR) return failed(beside());
        text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
    return {};
}

Result<void> AgainFile::finish(std::uint64_t written) {
    buffer_.clear();
    at_ = 0;
    offset_ = 0;
    std::string rest;
    for (std::uint64_t n = 0; n < old_->lines(); ++n) {
        auto next = line();
        if (!next) return Unexpected(next.error());
        if (n >= written) rest.append(*next) += '\n';
        pop();
        if (rest.size() < piece && n + 1 < old_->lines()) continue;
        if (auto done = write(rest); !done) return done;
        rest.clear();
    }
    if (::fsync(fd_.get()) != 0) return failed(beside());
    if (::rename(beside().c_str(), path_.c_str()) != 0) return failed(path_);
    fd_.close();
    return {};
}

}  // namespace pbx::numbering
