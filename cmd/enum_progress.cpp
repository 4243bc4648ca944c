#include "cmd/enum_progress.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
using numbering::BulkProgress;

constexpr std::chrono::milliseconds quiet_time{500};  // what is done before needs no word
constexpr std::string_view clear_line = "\r\x1b[K";

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

std::string clock_time(double secs) {
    const auto whole = static_cast<long long>(secs);
    if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string rate_of(std::uint64_t rows, std::chrono::nanoseconds took) {
    return grouped(static_cast<std::uint64_t>(static_cast<double>(rows) / std::max(seconds(took), 1e-3)));
}

// The list's rows are not counted before they are read: how far it is, its octets say.
std::string progress_line(const BulkProgress& progress) {
    auto out = fmt::format("{} numbers, {}/s", grouped(progress.rows), rate_of(progress.rows, progress.took));
    if (progress.size == 0 || progress.read == 0) return out;
    const auto part = std::min(1.0, static_cast<double>(progress.read) / static_cast<double>(progress.size));
    const auto left = seconds(progress.took) * (1 - part) / part;
    return out + fmt::format(", {:.0f} %, {} left", part * 100, clock_time(left));
}
}  // namespace

std::string grouped(std::uint64_t number) {
    auto out = std::to_string(number);
    for (auto at = out.size(); at > 3; at -= 3)
        out.insert(at - 3, ",");
    return out;
}

std::string pace(std::uint64_t rows, std::chrono::nanoseconds took) {
    return fmt::format("{} numbers in {:.1f} s ({}/s)", grouped(rows), seconds(took), rate_of(rows, took));
}

ListProgress::ListProgress(const Frame& frame, bool rows_elsewhere)
    : err_(frame.context.err),
      tells_(frame.context.err_is_tty && !frame.given.has("quiet") &&
             (rows_elsewhere || !frame.context.out_is_tty)) {}

std::function<void(const BulkProgress&)> ListProgress::teller() {
    if (!tells_) return {};
    return [this](const BulkProgress& progress) {
        if (progress.took < quiet_time) return;
        err_ << clear_line << progress_line(progress) << std::flush;
        told_ = true;
    };
}

void ListProgress::clear() {
    if (told_) err_ << clear_line;
    told_ = false;
}

void ListProgress::last_word(const std::string& text, std::chrono::nanoseconds took) {
    if (tells_ && took >= quiet_time) err_ << text << '\n';
}

}  // namespace pbx::cmd
