// The file a long run writes its rows to, so that the next run goes on where this one was stopped: behind its
// last whole line. A line that is not whole, which a crash may leave, is cut off. One run at a time.
#pragma once

#include "core/descriptor.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace pbx::numbering {

class ResumeFile {
  public:
    using Line = std::function<void(std::string_view)>;

    // Made when it is not there. Code::try_again while another run writes it. `each` is told the beginning of
    // each whole line, as many octets as tell a row.
    [[nodiscard]] static Result<ResumeFile> open(const std::string& path, const Line& each = {});

    [[nodiscard]] int descriptor() const { return fd_.get(); }  // what is written goes behind the last line
    [[nodiscard]] std::uint64_t lines() const { return lines_; }
    // The beginnings of its first and last line, as many octets as tell a row.
    [[nodiscard]] const std::string& first() const { return first_; }
    [[nodiscard]] const std::string& last() const { return last_; }

  private:
    explicit ResumeFile(Descriptor fd) : fd_(std::move(fd)) {}
    [[nodiscard]] Result<void> read_lines(const std::string& path, const Line& each);

    Descriptor fd_;
    std::uint64_t lines_ = 0;
    std::string first_, last_;
};

}  // namespace pbx::numbering
