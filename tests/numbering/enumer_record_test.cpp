#include "numbering/enumer_record.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;

namespace {
const EnumerEntry sip{
    .order = 100, .preference = 10, .services = "E2U+sip", .regexp = "!^.*$!sip:a@example.com!"};
const std::string sip_line = "E2U+sip=100|10|!^.*$!sip:a@example.com!";

struct Bad {
    std::string line;
    std::string what;
};
}  // namespace

TEST_CASE("enumer: the lines of a value are told apart in any case") {
    const auto value =
        parse_enumer_value("SIG=ver:enum|abc=\nTTL=60\n" + sip_line +
                           "\ne2u+h323 = 101 | 11 | /^(.*)$/h323:\\1@h/\nttl=3600\nSig=ver:b | d ");
    CHECK(value.faults.empty());
    CHECK(value.ttl == 3600);
    REQUIRE(value.entries.size() == 2);
    CHECK(value.entries[0] == sip);
    CHECK(value.entries[1] == EnumerEntry{101, 11, "e2u+h323", "/^(.*)$/h323:\\1@h/"});
    CHECK(value.signatures == std::vector<EnumerSignature>{{"ver:enum", "abc="}, {"ver:b", "d"}});
}

TEST_CASE("enumer: without a TTL line it is a day") {
    CHECK(parse_enumer_value("").ttl == 86'400);
    CHECK(parse_enumer_value("").entries.empty());
}

TEST_CASE("enumer: signatures of several verifiers may stand on one line") {
    const auto value = parse_enumer_value("SIG=ver:a|x, ver:b|y ,bad,ver:c|z");
    CHECK(value.signatures == std::vector<EnumerSignature>{{"ver:a", "x"}, {"ver:b", "y"}, {"ver:c", "z"}});
    REQUIRE(value.faults.size() == 1);
    CHECK(value.faults[0].what == "no '|' between verifier and signature");
}

TEST_CASE("enumer: each line that the node drops or spoils is named") {
    const std::string big(256, 'x');
    for (const auto& [line, what] : std::vector<Bad>{
             {"E2U+sip", "no '=' after the service"},
             {"E2U+sip=", "no order from 0 to 65535 after '='"},
             {"E2U+sip=-1|10|!a!b!", "no order from 0 to 65535 after '='"},
             {"E2U+sip=65536|10|!a!b!", "no order from 0 to 65535 after '='"},
             {"E2U+sip=99999999999999999999|10|!a!b!", "no order from 0 to 65535 after '='"},
             {"E2U+sip=100,10,!a!b!", "no '|' after the order"},
             {"E2U+sip=100|x|!a!b!", "no preference from 0 to 65535 after the first '|'"},
             {"E2U+sip=100|10", "no '|' after the preference"},
             {"E2U+sip=100|10|", "no regexp after the second '|'"},
             {"E2U+sip=100|10|!a!b c!", "a blank in the regexp: the node cuts it there"},
             {"E2U+sip=100|10|" + big, "a field of over 255 octets: the node sends a broken record"},
             {"E2U+" + big + "=100|10|!a!b!", "a field of over 255 octets: the node sends a broken record"},
             {"TTL", "no '=' after TTL"},
             {"TTL=soon", "no number of seconds after TTL="},
             {"TTL=-1", "no number of seconds after TTL="},
             {"TTL=60s", "more than a number after TTL="},
             {"SIG", "no '=' after SIG"},
             {"note=hello", "no E2U, TTL or SIG line: the node passes it over"},
         }) {
        INFO(line);
        const auto value = parse_enumer_value("TTL=1\n" + line + "\n" + sip_line);
        REQUIRE(value.faults.size() == 1);
        CHECK(value.faults[0].what == what);
        CHECK(value.faults[0].line == 2);
        CHECK(value.entries == std::vector{sip});  // a bad line spoils no other
    }
}

TEST_CASE("enumer: lines end with any of \\n, \\r and \\r\\n, the value with a zero") {
    for (const std::string end : {"\n", "\r", "\r\n", "\n\n"}) {
        const auto value = parse_enumer_value("TTL=5" + end + sip_line + end);
        CHECK(value.ttl == 5);
        CHECK(value.entries == std::vector{sip});
        CHECK(value.faults.empty());
    }
    CHECK(parse_enumer_value(std::string("TTL=5\0\nTTL=6", 12)).ttl == 5);
}

TEST_CASE("enumer: what is written is read back") {
    EnumerValue value{.entries = {sip, {0, 65535, "E2U+sip+voice:tel", "#^\\+44(.*)$#tel:\\1#"}},
                      .signatures = {{"ver:enum", "abc="}, {"ver:b", "d"}},
                      .ttl = 60};
    const auto text = encode(value);
    REQUIRE(text);
    CHECK(*text == "SIG=ver:enum|abc=\nSIG=ver:b|d\nTTL=60\n" + sip_line +
                       "\nE2U+sip+voice:tel=0|65535|#^\\+44(.*)$#tel:\\1#");
    const auto again = parse_enumer_value(*text);
    CHECK((again.entries == value.entries && again.signatures == value.signatures && again.ttl == value.ttl));
    CHECK(again.faults.empty());
    CHECK(encode({.entries = {sip}}) == sip_line);
}

TEST_CASE("enumer: what could not be read back is not written") {
    CHECK_FALSE(encode({.entries = {{1, 1, "E2U+sip", ""}}}));
    CHECK_FALSE(encode({.entries = {{1, 1, "E2U+sip", "!a!b c!"}}}));
    CHECK_FALSE(encode({.entries = {{1, 1, "E2U+sip", "!a!b\nSIG=x|y!"}}}));
    CHECK_FALSE(encode({.entries = {{1, 1, "E2U+sip", std::string(256, 'x')}}}));
    CHECK_FALSE(encode({.entries = {{1, 1, "sip", "!a!b!"}}}));
    CHECK_FALSE(encode({.entries = {{1, 1, "E2U+sip=1", "!a!b!"}}}));
    CHECK_FALSE(encode({.signatures = {{"ver:a|b", "x"}}}));
    CHECK_FALSE(encode({.signatures = {{"ver:a", "x,y"}}}));
    CHECK_FALSE(encode({.signatures = {{"ver:a", ""}}}));
    CHECK_FALSE(encode({.entries = std::vector(100, EnumerEntry{1, 1, "E2U+sip", std::string(255, 'x')})}));
}

TEST_CASE("enumer: the delimiter of a regexp is none of the URI's characters") {
    CHECK(regexp_for("sip:a@example.com") == "!^.*$!sip:a@example.com!");
    CHECK(regexp_for("sip:a!b@example.com") == "#^.*$#sip:a!b@example.com#");
    CHECK(regexp_for("https://example.com/!#") == "~^.*$~https://example.com/!#~");
    CHECK_FALSE(regexp_for("x:!#/~%"));
    CHECK_FALSE(regexp_for("sip:a\\1@example.com"));
    CHECK_FALSE(regexp_for("sip:a b@example.com"));
    CHECK_FALSE(regexp_for("sip:" + std::string(250, 'a')));
}

TEST_CASE("enumer: a record's name is its number and its place") {
    CHECK(enumer_name("441632960083", 0) == "enum:441632960083:0");
    CHECK(enumer_name("1", 12) == "enum:1:12");
}
