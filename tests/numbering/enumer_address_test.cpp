#include "numbering/enumer_address.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;

namespace {
// Of the public key whose secret is 1; its bitcoin addresses stand in BIP 173.
const KeyId one{0x75, 0x1e, 0x76, 0xe8, 0x19, 0x91, 0x96, 0xd4, 0x54, 0x94,
                0x1c, 0x45, 0xd1, 0xb3, 0xa3, 0x23, 0xf1, 0x43, 0x3b, 0xd6};

std::string refusal(std::string_view address) {
    const auto key = key_of_address(address);
    REQUIRE_FALSE(key);
    CHECK(key.error().code == Code::data);
    return key.error().what;
}
const std::string none = "no Emercoin address", script = "the address of a script, not of a key";
}  // namespace

TEST_CASE("enumer: an address gives its key in each form and net") {
    for (std::string_view address :
         {"ETqB3jj7o29g8cnr2d6qpzPwtkwgTuXt3Q", "mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r",
          "em1qw508d6qejxtdg4y5r3zarvary0c5xw7k0krpyk", "EM1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7K0KRPYK",
          "te1qw508d6qejxtdg4y5r3zarvary0c5xw7k92xurg", "emrt1qw508d6qejxtdg4y5r3zarvary0c5xw7khpfxjy"}) {
        INFO(address);
        const auto key = key_of_address(address);
        REQUIRE(key);
        CHECK(*key == one);
    }
}

TEST_CASE("enumer: a key gives its address of the main net") {
    CHECK(address_of(one) == "ETqB3jj7o29g8cnr2d6qpzPwtkwgTuXt3Q");
    // leading zeros of the key, and addresses as they stand in Emercoin's wiki and wallet
    for (std::string_view address :
         {"ELHNUgKZmGX5yjTYC1gKdGV33xVX6hinKq", "EZCDVCgHxEB86Cku6JknueA8GcS5bCx1zx",
          "ESgQZ4oU5TN6BRK3DqZX3qDSrQjPwWHP7t"}) {
        const auto key = key_of_address(address);
        REQUIRE(key);
        CHECK(address_of(*key) == address);
    }
    for (KeyId key : {KeyId{}, KeyId{0, 0, 1}})
        CHECK(key_of_address(address_of(key)) == key);
}

TEST_CASE("enumer: one wrong letter makes no address") {
    for (std::string_view good :
         {"ETqB3jj7o29g8cnr2d6qpzPwtkwgTuXt3Q", "em1qw508d6qejxtdg4y5r3zarvary0c5xw7k0krpyk"})
        for (std::size_t at = 0; at < good.size(); ++at) {
            std::string bad(good);
            bad[at] = bad[at] == '2' ? '3' : '2';
            INFO(bad);
            CHECK(refusal(bad) == none);
            CHECK(refusal(good.substr(0, at)) == none);
        }
}

TEST_CASE("enumer: other coins, other lengths and mixed case are no addresses") {
    CHECK(refusal("") == none);
    CHECK(refusal("1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH") == none);
    CHECK(refusal("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4") == none);
    CHECK(refusal("Em1qw508d6qejxtdg4y5r3zarvary0c5xw7k0krpyk") == none);
    CHECK(refusal("em1") == none);
    CHECK(refusal("EsYbG4tWWWY45G31nox838qNdzksbPySWc") == none);
    CHECK(refusal(std::string(91, '1')) == none);
    CHECK(refusal("ETqB3jj7o29g8cnr2d6qpzPwtkwgTuXt3\xff") == none);
}

TEST_CASE("enumer: a script's address names no key") {
    CHECK(refusal("eCmm99K7gfVNPC1xUNkeSPTN2X9LRUXzPZ") == script);
    CHECK(refusal("2N3vVYSK5XRgVSGWy21PnsRmBUywSQNdCsf") == script);
    CHECK(refusal("em1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqz26y4m") == script);
    CHECK(refusal("em1pw508d6qejxtdg4y5r3zarvary0c5xw7kyg52fa") == script);  // a later witness version
}
