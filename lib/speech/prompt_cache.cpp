#include "speech/prompt_cache.hpp"

#include "audio/wav.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sha2.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::speech {

namespace {
namespace fs = std::filesystem;

constexpr std::string_view extension = ".wav", unfinished = ".rendering-";
constexpr std::size_t max_note = 4096;
constexpr std::chrono::seconds just_used{60};      // between prepare() and STREAM FILE nothing is thrown away
constexpr std::chrono::hours left_behind{1};       // an unfinished file so old has lost its writer
constexpr std::uint64_t least_bytes = 8ULL << 20;  // a cache that could not hold one long prompt is no cache

Unexpected cannot(std::string_view what, const std::string& path) {
    return fail(Code::write_failed, fmt::format("{}: {}", what, std::strerror(errno)), path,
                "make the folder writable for the user Asterisk runs as, or set [oksana] prompts");
}

struct Closing {
    int fd;
    ~Closing() { ::close(fd); }
};

bool write_all(int fd, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

// `oksana check --render` as root renders for Asterisk's user: the folder says whose the files are.
void hand_over(int fd, const std::string& folder) {
    struct stat at {};
    if (::geteuid() == 0 && ::stat(folder.c_str(), &at) == 0 && ::fchown(fd, at.st_uid, at.st_gid) != 0)
        return;  // a file system without owners
}
}  // namespace

PromptCache::PromptCache(CacheSettings settings) : settings_(std::move(settings)) {
    settings_.most_bytes = std::max(settings_.most_bytes, least_bytes);
}

// SHA-256, because two texts with one name would be one caller hearing another's prompt: texts hold what
// callers said, so that collisions could be made for any hash that is not cryptographic.
std::string PromptCache::stem_of(std::string_view key) const {
    std::array<char, SHA256_DIGEST_STRING_LENGTH> hex{};
    SHA256Data(reinterpret_cast<const std::uint8_t*>(key.data()), key.size(), hex.data());
    return settings_.folder + "/" + hex.data();
}

std::optional<CachedPrompt> PromptCache::find(std::string_view key) const {
    auto stem = stem_of(key);
    int fd = ::open((stem + std::string(extension)).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    Closing closing{fd};
    struct stat at {};
    std::array<std::byte, audio::wav_header_bytes> header{};
    if (::fstat(fd, &at) != 0 ||
        ::read(fd, header.data(), header.size()) != static_cast<ssize_t>(header.size()))
        return std::nullopt;
    auto samples = (static_cast<std::size_t>(at.st_size) - header.size()) / sizeof(audio::Sample);
    if (header != audio::wav_header(samples)) return std::nullopt;  // torn by a crash, or not ours
    // The time of last use; not ours to write when another user rendered it, which costs only its turn.
    const std::array<struct timespec, 2> now{{{0, UTIME_NOW}, {0, UTIME_NOW}}};
    static_cast<void>(::futimens(fd, now.data()));
    return CachedPrompt{.path = stem, .duration = audio::duration_of(samples)};
}

Result<CachedPrompt> PromptCache::store(std::string_view key, std::span<const audio::Sample> samples) const {
    auto stem = stem_of(key);
    auto written = write_whole(stem + std::string(extension), audio::encode_wav(samples));
    if (!written) return tl::unexpected(written.error());
    make_room();
    return CachedPrompt{.path = stem, .duration = audio::duration_of(samples.size())};
}

Result<void> PromptCache::write_whole(const std::string& path, std::span<const std::byte> bytes) const {
    std::error_code error;
    fs::create_directories(settings_.folder, error);
    auto aside = fmt::format("{}/{}XXXXXX", settings_.folder, unfinished);
    int fd = ::mkostemp(aside.data(), O_CLOEXEC);
    if (fd < 0) return cannot("cannot write", settings_.folder);
    Closing closing{fd};
    hand_over(fd, settings_.folder);
    // No fsync: what a power failure tears is seen by its size, and rendered again.
    if (write_all(fd, bytes) && ::fchmod(fd, 0644) == 0 && ::rename(aside.c_str(), path.c_str()) == 0)
        return {};
    auto failed = cannot("cannot write", path);
    ::unlink(aside.c_str());
    return failed;
}

void PromptCache::make_room() const {
    struct Entry {
        fs::path path;
        std::uint64_t bytes;
        fs::file_time_type used;
    };
    std::vector<Entry> entries;
    std::uint64_t all = 0;
    fs::file_time_type newest = fs::file_time_type::min();
    std::error_code error;
    for (fs::directory_iterator at(settings_.folder, error), end; !error && at != end; at.increment(error)) {
        std::error_code gone;
        Entry entry{at->path(), at->file_size(gone), {}};
        if (!gone) entry.used = at->last_write_time(gone);
        if (gone) continue;
        all += entry.bytes;
        newest = std::max(newest, entry.used);  // the file just stored: the disk's own clock
        entries.push_back(std::move(entry));
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used < b.used; });
    auto goal = all > settings_.most_bytes ? settings_.most_bytes / 10 * 9 : all;
    for (const auto& entry : entries) {
        auto name = entry.path.filename().string();
        bool abandoned = name.starts_with(unfinished) && entry.used < newest - left_behind;
        bool old = name.ends_with(extension) && all > goal && entry.used < newest - just_used;
        if (!abandoned && !old) continue;
        std::error_code gone;
        if (fs::remove(entry.path, gone)) all -= entry.bytes;
    }
}

std::string PromptCache::note(std::string_view name) const {
    std::ifstream file(fmt::format("{}/{}.note", settings_.folder, name), std::ios::binary);
    std::string text(max_note, '\0');
    file.read(text.data(), max_note);
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

void PromptCache::set_note(std::string_view name, std::string_view text) const {
    auto path = fmt::format("{}/{}.note", settings_.folder, name);
    static_cast<void>(write_whole(path, std::as_bytes(std::span(text.substr(0, max_note)))));
}

}  // namespace pbx::speech
