// Frames of a peer, split by the input's own bytes: the decoder never holds more than its limit, and what it
// gives out encodes to what reads the same.
#include "net/websocket_codec.hpp"

#include <cstdlib>

using namespace pbx::net::websocket;

namespace {

void check(const Event& event, Role own) {
    const auto peer = own == Role::client ? Role::server : Role::client;
    if (event.kind != Event::Kind::text) return;
    std::string bytes;
    encode(bytes, peer, Opcode::text, event.bytes, 0x01020304);
    Decoder again(own, 4096);
    again.feed(bytes);
    auto same = again.next();
    if (!same || !*same || (*same)->bytes != event.bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto own = (data[0] & 1) != 0 ? Role::client : Role::server;
    const std::size_t step = 1U + data[1];
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    Decoder decoder(own, 4096);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        decoder.feed(bytes.substr(at, step));
        while (true) {
            auto event = decoder.next();
            if (!event) return 0;
            if (!*event) break;
            check(**event, own);
        }
        if (decoder.held() > 64 * 1024) std::abort();
    }
    return 0;
}
