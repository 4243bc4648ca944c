#include "numbering/number.hpp"

#include "numbering/name.hpp"

#include <catch2/catch.hpp>

namespace pbx::numbering {

namespace {
std::string number_of(std::string_view typed, const DialPlan& plan = {}) {
    auto number = parse_number(typed, plan);
    return number ? number->text() : "no: " + number.error().what;
}

dns::Name name(std::string_view text) {
    return dns::Name::parse(text).value();
}

std::string asked(std::string_view typed, std::string_view suffix) {
    auto out = enum_name(parse_number(typed).value(), name(suffix));
    return out ? out->text() : "no: " + out.error().what;
}
}  // namespace

TEST_CASE("what people write between digits is passed over") {
    CHECK(number_of("+44-1632-960083") == "+441632960083");
    CHECK(number_of("+44 (1632) 960083") == "+441632960083");
    CHECK(number_of("+44.1632.960083") == "+441632960083");
    CHECK(number_of(" +441632960083 ") == "+441632960083");
}

TEST_CASE("a trunk prefix in brackets behind the country code is refused, not made a digit") {
    const std::string no = "no: (0) is no part of it behind the country code";
    CHECK(number_of("+44 (0)1632 960083") == no);
    CHECK(number_of("44(0)1632960083") == no);
    const DialPlan british{.country = "44", .international = "00", .trunk = "0"};
    CHECK(number_of("0044 (0)1632 960083", british) == no);
    CHECK(number_of("(0)1632 960083", british) == "+441632960083");
    CHECK(number_of("+44 (01632) 960083") == "+4401632960083");
    CHECK(number_of("+39 06 12345") == "+390612345");
}

TEST_CASE("a number without its plus is taken to be whole") {
    CHECK(number_of("441632960083") == "+441632960083");
}

TEST_CASE("what is no number is refused, and the octet is named") {
    CHECK(number_of("") == "no: there is no digit");
    CHECK(number_of("+") == "no: there is no digit");
    CHECK(number_of("wildcard-psi12321421") == "no: octet 1 is not of a telephone number");
    CHECK(number_of("+44x1632") == "no: octet 4 is not of a telephone number");
    CHECK(number_of("+\xd9\xa4\xd9\xa4") == "no: octet 2 is not of a telephone number");
    CHECK(number_of("44+1632") == "no: octet 3 is not of a telephone number");
    CHECK(number_of("++44") == "no: octet 2 is not of a telephone number");
    CHECK(number_of(std::string("+44\0", 4)) == "no: octet 4 is not of a telephone number");
    CHECK(number_of(std::string(max_digits + 1, '4')) == "no: more than 60 digits");
    CHECK(number_of(std::string(max_typed + 1, ' ')) == "no: longer than 200 octets");
}

TEST_CASE("the text of a refused number has no control octets") {
    CHECK(parse_number("+44\n1").error().where == "number \"+44?1\"");
}

TEST_CASE("dialled digits become a number only by a dial plan") {
    CHECK(number_of("0044 1632 960083") == "no: no country code begins with 0");
    CHECK(number_of("01632 960083") == "no: no country code begins with 0");
    const DialPlan british{.country = "44", .international = "00", .trunk = "0"};
    CHECK(number_of("0044 1632 960083", british) == "+441632960083");
    CHECK(number_of("01632 960083", british) == "+441632960083");
    CHECK(number_of("441632960083", british) == "+441632960083");
    CHECK(number_of("+01632960083", british) == "no: no country code begins with 0");
    const DialPlan russian{.country = "7", .international = "810", .trunk = "8"};
    CHECK(number_of("8 (495) 123-45-67", russian) == "+74951234567");
    CHECK(number_of("8-10-44-1632-960083", russian) == "+441632960083");
    CHECK(number_of("00", british) == "no: no country code begins with 0");
}

TEST_CASE("an ISN has its ITAD behind the star") {
    auto number = parse_number("1234*256").value();
    CHECK(number.is_isn());
    CHECK(number.aus == "1234");
    CHECK(number.itad == "256");
    CHECK(number_of("1234*") == "no: no ITAD number after '*'");
    CHECK(number_of("*256") == "no: there is no digit");
    CHECK(number_of("1*2*3") == "no: octet 4 is not of a telephone number");
    CHECK(number_of("0101*256") == "0101*256");
}

TEST_CASE("country codes have one to three digits") {
    CHECK(country_code_length("12025550123") == 1);
    CHECK(country_code_length("74951234567") == 1);
    CHECK(country_code_length("441632960083") == 2);
    CHECK(country_code_length("8613912345678") == 2);
    CHECK(country_code_length("35312345678") == 3);
    CHECK(country_code_length("21212345678") == 3);
    CHECK(country_code_length("85212345678") == 3);
    CHECK(country_code_length("4") == 1);
    CHECK(country_code_length("") == 0);
}

TEST_CASE("a name has the digits turned round, one label each") {
    CHECK(asked("+441632960083", "e164.arpa") == "3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa.");
    CHECK(asked("+441632960083", "enum.") == "3.8.0.0.6.9.2.3.6.1.4.4.enum.");
    CHECK(asked("1234*256", "freenum.org") == "4.3.2.1.256.freenum.org.");
}

TEST_CASE("a name that would be too long is refused") {
    const std::string label(60, 'a');
    const auto suffix = label + '.' + label + '.' + label;
    CHECK(asked(std::string(30, '4'), suffix).ends_with("a."));
    CHECK(asked(std::string(40, '4'), suffix) == "no: its domain name would be too long");
}

TEST_CASE("suffixes are domain names, several with commas") {
    const auto two = parse_suffixes("e164.arpa, e164.Example.").value();
    REQUIRE(two.size() == 2);
    CHECK(two[1] == name("e164.example"));
    CHECK_FALSE(parse_suffixes(""));
    CHECK_FALSE(parse_suffixes("."));
    CHECK_FALSE(parse_suffixes("e164..arpa"));
    CHECK_FALSE(parse_suffixes("e164.arpa,,"));
    CHECK_FALSE(parse_suffixes("e164 arpa"));
    CHECK_FALSE(parse_suffixes("e164\\046arpa"));
    CHECK_FALSE(parse_suffixes(std::string(64, 'a')));
}

TEST_CASE("e164.arpa and what is below it are public") {
    CHECK(is_public(name("e164.arpa")));
    CHECK(is_public(name("E164.ARPA")));
    CHECK(is_public(name("4.4.e164.arpa")));
    CHECK_FALSE(is_public(name("e164.example")));
    CHECK_FALSE(is_public(name("xe164.arpa")));
    CHECK_FALSE(is_public(name("arpa")));
}

TEST_CASE("infrastructure ENUM puts a label behind so many digits") {
    const auto number = parse_number("+441632960083").value();
    const auto at = [&](std::size_t position, std::string_view label) {
        return enum_name(number, {.position = position, .label = label, .apex = name("e164.arpa")})
            .value()
            .text();
    };
    CHECK(branch_name(number, name("e164.arpa")).value().text() == "i.4.4.e164.arpa.");
    CHECK(at(2, "i") == "3.8.0.0.6.9.2.3.6.1.i.4.4.e164.arpa.");
    CHECK(at(6, "i") == "3.8.0.0.6.9.i.2.3.6.1.4.4.e164.arpa.");
    CHECK(at(0, "i") == "3.8.0.0.6.9.2.3.6.1.4.4.i.e164.arpa.");
    CHECK(at(2, "") == "3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa.");
    CHECK_FALSE(enum_name(number, {.position = 13, .apex = name("e164.arpa")}));
}

}  // namespace pbx::numbering
