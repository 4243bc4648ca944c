#include "numbering/enumer_signature.hpp"

#include "numbering/enumer_signer.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;
using test::EnumerSigner;

TEST_CASE("enumer: a signature out of the chain has the form that is read") {
    // Emercoin's wiki, page ENUMER; whose it is the page does not say
    CHECK(signer_of(
        "enum:12027139373:0",
        "HxQY4nUHtf+nK/btxa0jT4UuPQPKk0pyxrJuXlF8YVVFDKhY6PVcE1XiSvTOxlQryzfA1GIH2IRYk7uGHrZIbP4="));
}

TEST_CASE("enumer: bitcoin's own signed message is read, with its magic") {
    // test/functional/rpc_signmessage.py
    const auto signer =
        signer_of("This is just a test message",
                  "INbVnW4e6PeRmsv2Qgu8NuopvrVjkcxob+sX8OcZG0SALhWybUjzMLPdAsXI46YZGb0KQTRii+wWIQzRpG/U+S0=",
                  "Bitcoin Signed Message:\n");
    REQUIRE(signer);
    CHECK(*signer == key_of_address("mpLQjfK79b7CCV4VMJWEWAj5Mpx8Up5zxB"));
}

TEST_CASE("enumer: who signed is known again, of this text alone") {
    CHECK(EnumerSigner(1).address() == "ETqB3jj7o29g8cnr2d6qpzPwtkwgTuXt3Q");
    for (std::uint8_t secret = 1; secret < 40; ++secret)
        for (bool compressed : {true, false}) {
            const EnumerSigner signer(secret, compressed);
            const auto signature = signer.sign("enum:441632960083:0");
            CHECK(signer_of("enum:441632960083:0", signature) == signer.key());
            CHECK(signer_of("enum:441632960083:1", signature) != signer.key());
            CHECK(signer_of("enum:441632960083:0", signature, "Bitcoin Signed Message:\n") != signer.key());
        }
}

TEST_CASE("enumer: a text's length is written as bitcoin writes sizes") {
    const EnumerSigner signer(7);
    for (std::size_t size : {0, 252, 253, 254, 65535, 65536}) {
        const std::string text(size, 'x');
        CHECK(signer_of(text, signer.sign(text)) == signer.key());
    }
    CHECK(message_hash(std::string(253, 'x')) != message_hash(std::string(252, 'x')));
}

TEST_CASE("enumer: what is no base64 of 65 octets is no signature") {
    const auto good = EnumerSigner(3).sign("x");
    REQUIRE(signer_of("x", good));
    for (std::size_t cut = 0; cut < good.size(); ++cut) {
        INFO(cut);
        const auto shorter = signer_of("x", good.substr(0, cut));
        REQUIRE_FALSE(shorter);
        CHECK(shorter.error().code == Code::data);
    }
    CHECK_FALSE(signer_of("x", good + "="));
    for (char bad : {'*', ' ', '\0', '=', '\xff'}) {
        auto spoiled = good;
        spoiled[40] = bad;
        CHECK_FALSE(signer_of("x", spoiled));
    }
    auto left_over = good;  // the last two bits belong to no octet
    left_over[86] = left_over[86] == '/' ? '+' : static_cast<char>(left_over[86] + 1);
    CHECK_FALSE(signer_of("x", left_over));
    CHECK_FALSE(signer_of("x", std::string(87, 'A') + "="));  // zeros sign nothing
    CHECK_FALSE(signer_of("x", std::string(86, '/') + "8="));
}
