#include "net/http_reply.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace pbx::net {

namespace {
constexpr std::string_view end_of_head = "\r\n\r\n";

bool is_number(std::string_view text) {
    return !text.empty() && text.size() < 16 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
}  // namespace

// "HTTP/1.1 200 OK"
Result<void> HttpReplyDecoder::take_head(std::string_view head) {
    const auto lines = text::split(head, '\n');
    const auto first = text::trim(lines.front());
    const auto status = first.substr(0, 12).substr(std::min<std::size_t>(first.size(), 9));
    if (!first.starts_with("HTTP/1.") || first.size() < 12 || first[8] != ' ' || !is_number(status) ||
        (first.size() > 12 && first[12] != ' '))
        return fail(Code::protocol, "no HTTP answer");
    status_ = static_cast<int>(*text::to_integer(status));
    for (std::size_t i = 1; i < lines.size(); ++i)
        if (auto taken = take_field(lines[i]); !taken) return taken;
    return {};
}

Result<void> HttpReplyDecoder::take_field(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return fail(Code::protocol, "bad HTTP header");
    const auto name = line.substr(0, colon), value = text::trim(line.substr(colon + 1));
    if (text::iequal_ascii(name, "Transfer-Encoding"))
        return fail(Code::protocol, "HTTP answer in chunks that were not asked for");
    if (!text::iequal_ascii(name, "Content-Length")) return {};
    if (!is_number(value)) return fail(Code::protocol, "bad Content-Length");
    const auto length = static_cast<std::size_t>(*text::to_integer(value));
    if (length_ && *length_ != length) return fail(Code::protocol, "two Content-Lengths");
    length_ = length;
    return {};
}

Result<std::optional<HttpReply>> HttpReplyDecoder::next(bool ended) {
    if (!has_head_) {
        const auto end = bytes_.find(end_of_head);
        if (end == std::string::npos ? bytes_.size() > max_reply_head : end > max_reply_head)
            return fail(Code::protocol, "HTTP header too large");
        if (end == std::string::npos && !ended) return std::optional<HttpReply>();
        if (end == std::string::npos) return fail(Code::protocol, "no HTTP answer");
        if (auto taken = take_head(std::string_view(bytes_).substr(0, end)); !taken)
            return Unexpected(taken.error());
        has_head_ = true;
        bytes_.erase(0, end + end_of_head.size());
    }
    if (length_.value_or(0) > max_body_ || bytes_.size() > max_body_)
        return fail(Code::protocol, "answer is too big");
    if (length_ ? bytes_.size() < *length_ : !ended) {
        if (ended) return fail(Code::protocol, "answer was cut off");
        return std::optional<HttpReply>();
    }
    if (length_) bytes_.resize(*length_);
    return std::optional(HttpReply{.status = status_, .body = std::move(bytes_)});
}

}  // namespace pbx::net
