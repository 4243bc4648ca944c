#include "net/websocket_codec.hpp"

#include <random>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net::websocket;
using namespace std::string_literals;

namespace {

constexpr std::size_t limit = 1000;

struct Seen {
    Event::Kind kind;
    std::string bytes;
    std::uint16_t code = no_code;
    bool operator==(const Seen&) const = default;
};

// All messages of these bytes, fed in pieces of `step`; "broken" at the end when the decoder gave up.
std::vector<Seen> read(const std::string& bytes, Role own, std::size_t step = 1'000'000) {
    Decoder decoder(own, limit);
    std::vector<Seen> out;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        decoder.feed(std::string_view(bytes).substr(at, step));
        while (true) {
            auto event = decoder.next();
            if (!event) {
                out.push_back({Event::Kind::close, "broken", decoder.close_code()});
                return out;
            }
            if (!*event) break;
            out.push_back({(*event)->kind, std::string((*event)->bytes), (*event)->code});
        }
    }
    return out;
}

std::string frame(Role own, Opcode opcode, std::string_view payload) {
    std::string out;
    encode(out, own, opcode, payload, 0x3d21fa37);
    return out;
}

}  // namespace

TEST_CASE("websocket codec: RFC 6455's own examples are read (5.7)") {
    CHECK(read("\x81\x05Hello", Role::client) == std::vector<Seen>{{Event::Kind::text, "Hello"}});
    CHECK(read("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", Role::server) ==
          std::vector<Seen>{{Event::Kind::text, "Hello"}});
    CHECK(read("\x01\x03Hel\x80\x02lo"s, Role::client) == std::vector<Seen>{{Event::Kind::text, "Hello"}});
    CHECK(read("\x89\x05Hello", Role::client) == std::vector<Seen>{{Event::Kind::ping, "Hello"}});
    CHECK(read("\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", Role::server) ==
          std::vector<Seen>{{Event::Kind::pong, "Hello"}});
    CHECK(accept_of("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // 1.3
}

TEST_CASE("websocket codec: base64 is RFC 4648's (10)") {
    CHECK(base64("") == "");
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foob") == "Zm9vYg==");
    CHECK(base64("fooba") == "Zm9vYmE=");
    CHECK(base64("foobar") == "Zm9vYmFy");
    CHECK(is_key(base64("0123456789abcdef")));
    CHECK_FALSE(is_key(base64("0123456789abcde")));
    CHECK_FALSE(is_key("dGhlIHNhbXBsZSBub25jZ\n=="));
}

TEST_CASE("websocket codec: what is encoded is read back, at every length and split anywhere") {
    for (const auto own : {Role::client, Role::server}) {
        const auto peer = own == Role::client ? Role::server : Role::client;
        std::string all;
        std::vector<Seen> wanted;
        for (const std::size_t size : {0U, 1U, 7U, 8U, 125U, 126U, 127U, 999U, 1000U}) {
            const std::string text(size, 'x');
            all += frame(own, Opcode::text, text);
            wanted.push_back({Event::Kind::text, text});
            all += frame(own, Opcode::ping, "p");
            wanted.push_back({Event::Kind::ping, "p"});
        }
        all += frame(own, Opcode::close, close_payload(normal, "до свидания"));
        wanted.push_back({Event::Kind::close, "до свидания", normal});
        for (const std::size_t step : {1U, 2U, 3U, 5U, 64U, 1000U, 100'000U})
            CHECK(read(all, peer, step) == wanted);
    }
}

TEST_CASE("websocket codec: 64-bit lengths are read") {
    Decoder decoder(Role::client, 200'000);
    const std::string text(70'000, 'y');
    decoder.feed(frame(Role::server, Opcode::text, text));
    auto event = decoder.next();
    REQUIRE(event);
    REQUIRE(*event);
    CHECK((*event)->bytes == text);
}

TEST_CASE("websocket codec: a control frame may stand between a message's pieces") {
    CHECK(read("\x01\x03Hel\x89\x00\x80\x02lo"s, Role::client) ==
          std::vector<Seen>{{Event::Kind::ping, ""}, {Event::Kind::text, "Hello"}});
}

TEST_CASE("websocket codec: what breaks the RFC or the limit is refused with its close code") {
    struct Row {
        std::string what, bytes;
        std::uint16_t code;
    };
    for (const auto& row : std::vector<Row>{
             {"a reserved bit", "\xc1\x01x", protocol_error},
             {"an unknown opcode", "\x83\x01x", protocol_error},
             {"a masked frame of a server", "\x81\x81\x01\x02\x03\x04x", protocol_error},
             {"a ping in pieces", "\x09\x00"s, protocol_error},
             {"a ping of 126 bytes", "\x89\x7e\x00\x7e"s + std::string(126, 'x'), protocol_error},
             {"a piece of nothing", "\x80\x01x", protocol_error},
             {"a message inside another", "\x01\x01x\x81\x01x", protocol_error},
             {"a long form of a short length", "\x81\x7e\x00\x05Hello"s, protocol_error},
             {"a longer form of a length", "\x81\x7f\x00\x00\x00\x00\x00\x00\x03\x00"s, protocol_error},
             {"binary", "\x82\x01x", not_acceptable},
             {"no UTF-8", "\x81\x02\xc3\x28", bad_text},
             {"no UTF-8 over two pieces", "\x01\x01\xc3\x80\x01\x28", bad_text},
             {"half a close code", "\x88\x01\x03", protocol_error},
             {"a close code that must not be sent", "\x88\x02\x03\xed", protocol_error},
             {"a close reason that is no UTF-8", "\x88\x03\x03\xe8\xff", bad_text},
             {"over the limit", "\x81\x7e\x03\xe9"s, too_big},
             {"far over the limit", "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"s, too_big},
             {"over the limit in pieces", "\x01\x7e\x03\xe8"s + std::string(1000, 'x') + "\x80\x01", too_big},
         }) {
        INFO(row.what);
        const auto seen = read(row.bytes, Role::client);
        REQUIRE_FALSE(seen.empty());
        CHECK(seen.back() == Seen{Event::Kind::close, "broken", row.code});
        CHECK(read(row.bytes, Role::client, 1) == seen);
    }
    const auto unmasked = read("\x81\x01x", Role::server);
    REQUIRE(unmasked.size() == 1);
    CHECK(unmasked[0].code == protocol_error);
}

TEST_CASE("websocket codec: after an error nothing more is read") {
    Decoder decoder(Role::client, limit);
    decoder.feed("\x83\x01x");
    CHECK_FALSE(decoder.next());
    decoder.feed("\x81\x05Hello");
    CHECK_FALSE(decoder.next());
}

TEST_CASE("websocket codec: a close reason is cut at a whole character") {
    std::string lengthy;
    for (int i = 0; i < 100; ++i)
        lengthy += "ж";
    const auto payload = close_payload(normal, lengthy);
    CHECK(payload.size() <= most_control);
    CHECK(read(frame(Role::server, Opcode::close, payload), Role::client).back().bytes == payload.substr(2));
}

TEST_CASE("websocket codec: random bytes never hold more than the limit") {
    std::mt19937 dice(7);
    for (int round = 0; round < 2'000; ++round) {
        Decoder decoder(round % 2 == 0 ? Role::client : Role::server, limit);
        std::size_t held = 0;
        for (int part = 0; part < 20; ++part) {
            std::string bytes(dice() % 200, '\0');
            for (char& c : bytes)
                c = static_cast<char>(dice());
            decoder.feed(bytes);
            while (true) {
                auto event = decoder.next();
                if (!event || !*event) break;
            }
            held = std::max(held, decoder.held());
        }
        CHECK(held <= 4 * limit);
    }
}
