#include "dns/name.hpp"

#include <catch2/catch.hpp>

using namespace pbx::dns;

namespace {

std::string wire(std::string_view text) {
    const auto name = Name::parse(text);
    REQUIRE(name);
    const auto octets = name->wire();
    return {octets.begin(), octets.end()};
}

}  // namespace

TEST_CASE("a name's text becomes length and label pairs and the root's zero") {
    CHECK(wire("a.bc") == std::string("\1a\2bc\0", 6));
    CHECK(wire("a.bc.") == wire("a.bc"));
    CHECK(wire(".") == std::string("\0", 1));
    CHECK(wire("a\\.b.c") == std::string("\3a.b\1c\0", 7));
    CHECK(wire("a\\046b.c") == wire("a\\.b.c"));
    CHECK(wire("\\000.x") == std::string("\1\0\1x\0", 5));
}

TEST_CASE("text that is no name is refused") {
    for (const auto* bad : {"", "..", ".a", "a..b", "a.\\", "a.\\2", "a.\\25", "a.\\256", "a.\\2x5"}) {
        INFO(bad);
        CHECK_FALSE(Name::parse(bad));
    }
    const std::string label(63, 'x');
    CHECK(Name::parse(label));
    CHECK_FALSE(Name::parse(label + "x"));
    const auto three = label + "." + label + "." + label + ".";
    CHECK(Name::parse(three + std::string(61, 'y')));
    CHECK_FALSE(Name::parse(three + std::string(62, 'y')));
    CHECK_FALSE(Name::parse(std::string(100'000, 'x')));
}

TEST_CASE("a name's text gives the same name again") {
    for (const auto* text :
         {".", "a.", "3.8.e164.arpa.", "a\\.b.c.", "\\000\\255\\032.x.", "\\\"\\;\\@\\$\\(\\).", "*.enum."}) {
        const auto name = Name::parse(text);
        REQUIRE(name);
        CHECK(name->text() == text);
        const auto again = Name::parse(name->text());
        REQUIRE(again);
        CHECK(*again == *name);
    }
}

TEST_CASE("names are put together from labels and other names") {
    Name name;
    for (const auto* digit : {"4", "4", "1"})
        REQUIRE(name.append(digit));
    REQUIRE(name.append(Name::parse("e164.arpa").value()));
    CHECK(name.text() == "4.4.1.e164.arpa.");
    CHECK_FALSE(name.append(""));
    CHECK_FALSE(name.append(std::string(64, 'x')));
    CHECK(name.text() == "4.4.1.e164.arpa.");
    const auto half = Name::parse(std::string(63, 'x') + "." + std::string(63, 'x')).value();
    Name full = half;
    CHECK_FALSE(full.append(Name::parse(half.text() + "x").value()));
    REQUIRE(full.append(Name::parse(std::string(63, 'x') + "." + std::string(61, 'x')).value()));
    CHECK(full.wire().size() == max_name);
    CHECK_FALSE(full.append("x"));
}

TEST_CASE("names compare without the case of ASCII letters only") {
    CHECK(Name::parse("E164.Arpa").value() == Name::parse("e164.aRPA").value());
    CHECK_FALSE(Name::parse("e164.arp").value() == Name::parse("e164.arpa").value());
    CHECK_FALSE(Name::parse("\\196").value() == Name::parse("\\228").value());
    CHECK_FALSE(Name::parse("[").value() == Name::parse("{").value());
}

TEST_CASE("letters take their case from the bits, digits stay") {
    auto name = Name::parse("4.e164.Arpa").value();
    name.set_case(0);
    CHECK(name.text() == "4.E164.ARPA.");
    name.set_case(~std::uint64_t{0});
    CHECK(name.text() == "4.e164.arpa.");
    name.set_case(0b00101);
    CHECK(name.text() == "4.e164.ArPA.");
}

TEST_CASE("a name of escapes only has the longest text there is") {
    Name name;
    while (name.append(std::string(63, '\x01'))) {
    }
    while (name.append("\x01")) {
    }
    CHECK(name.text().size() <= max_name_text);
    CHECK(Name::parse(name.text()).value() == name);
}
