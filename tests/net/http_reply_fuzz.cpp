// Bytes of whoever answers, split by the input's own first byte: never a crash, never more than the limit,
// and however they were split, the same.
#include "net/http_reply.hpp"

#include <cstdlib>

using namespace pbx;
using namespace pbx::net;

namespace {
constexpr std::size_t most = 512;

std::optional<HttpReply> read(std::string_view bytes, std::size_t step) {
    HttpReplyDecoder decoder(most);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        decoder.feed(bytes.substr(at, step));
        auto reply = decoder.next();
        if (!reply) return std::nullopt;
        if (*reply) return std::move(**reply);
    }
    auto reply = decoder.next(true);
    if (!reply) return std::nullopt;
    if (!*reply) std::abort();  // nothing follows: there is nothing to wait for
    return std::move(**reply);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto parts = read(bytes, 1U + data[0]), whole = read(bytes, bytes.size() + 1);
    if (parts && (parts->body.size() > most || parts->status < 0 || parts->status > 999)) std::abort();
    if (parts && whole && (parts->body != whole->body || parts->status != whole->status)) std::abort();
    return 0;
}
