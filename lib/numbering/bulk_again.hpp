// A result file written anew: the rows that have an answer are taken over, the others are asked for again, in
// their places. What is written stands beside the file and takes its place at the end, so that the file is
// whole at any moment, whatever ends the run.
#pragma once

#include "numbering/bulk_file.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pbx::numbering {

inline constexpr std::size_t max_kept_row = 4U << 20U;  // octets; no row that is written is that long

class AgainFile {
  public:
    // `old` outlives it, and so does its lock. `path` is its name.
    [[nodiscard]] static Result<AgainFile> open(const ResumeFile& old, const std::string& path);
    ~AgainFile();
    AgainFile(AgainFile&& other) noexcept;
    AgainFile& operator=(AgainFile&&) = delete;

    [[nodiscard]] int descriptor() const { return fd_.get(); }
    // The old file's next line, good until the next call; empty: there is none left.
    [[nodiscard]] Result<std::string_view> line();
    void pop();

    // Takes the file's place: behind what was written come the old lines from the `written`th on.
    [[nodiscard]] Result<void> finish(std::uint64_t written);

  private:
    AgainFile(const ResumeFile& old, std::string path, Descriptor fd)
        : old_(&old), path_(std::move(path)), fd_(std::move(fd)) {}
    [[nodiscard]] std::string beside() const { return path_ + ".again"; }
    [[nodiscard]] Result<bool> read_more();
    [[nodiscard]] Result<void> write(std::string_view text);

    const ResumeFile* old_;
    std::string path_;
    Descriptor fd_;
    std::string buffer_;
    std::size_t at_ = 0, end_ = 0;  // of the line in the buffer
    std::int64_t offset_ = 0;       // read of the old file
};

}  // namespace pbx::numbering
