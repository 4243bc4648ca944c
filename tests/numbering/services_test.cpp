#include "numbering/services.hpp"

#include <catch2/catch.hpp>

namespace pbx::numbering {

namespace {
// "sip", or the octet and why not.
std::string match(std::string_view field, std::string_view wanted, bool last_part = false) {
    auto list = parse_wanted(wanted).value();
    list.last_part = last_part;
    const auto out = match_services(field, list);
    if (out.fault) return std::to_string(out.fault.octet) + ": " + std::string(out.fault.why);
    return std::string(out.service);
}
const std::string not_asked = "not a service that was asked for";
}  // namespace

TEST_CASE("a services field is E2U+ and services, in any case") {
    CHECK(match("E2U+sip", "sip") == "sip");
    CHECK(match("e2u+SIP", "sip") == "SIP");
    CHECK(match("E2U+email:mailto", "EMAIL:MAILTO") == "email:mailto");
    CHECK(match("E2U+voice:tel+sms:tel", "sms:tel") == "sms:tel");
    CHECK(match("E2U+h323", "sip") == "5: " + not_asked);
}

TEST_CASE("the form of RFC 2916 is understood") {
    CHECK(match("sip+E2U", "sip") == "sip");
    CHECK(match("SIP+e2u", "sip") == "SIP");
    CHECK(match("tel+sip+E2U", "sip") == "sip");
    CHECK(match("+E2U", "sip") == "1: not E2U+SERVICE: no ENUM record");
}

TEST_CASE("a service is its type and subtype together") {
    CHECK(match("E2U+voice:sip", "sip") == "5: " + not_asked);
    CHECK(match("E2U+sips", "sip") == "5: " + not_asked);
    CHECK(match("E2U+voice:sip", "sip", true) == "voice:sip");
}

TEST_CASE("all takes every service of ENUM and nothing else") {
    CHECK(match("E2U+email:mailto", "all") == "email:mailto");
    CHECK(match("SIP+D2U", "ALL") == "1: not E2U+SERVICE: no ENUM record");
}

TEST_CASE("a field that is none of ENUM's says where") {
    CHECK(match("E2U_pstn:tel", "pstn:tel") == "4: not E2U+SERVICE: no ENUM record");
    CHECK(match("E2U", "sip") == "4: not E2U+SERVICE: no ENUM record");
    CHECK(match("", "sip") == "1: not E2U+SERVICE: no ENUM record");
    CHECK(match("E2U+", "sip") == "5: no name of a service");
    CHECK(match("E2U++sip", "sip") == "5: no name of a service");
    CHECK(match("E2U+sip+", "sip") == "9: no name of a service");
    CHECK(match("E2U+sip:", "sip") == "9: no name of a service");
    CHECK(match("E2U+:sip", "sip") == "5: no name of a service");
    CHECK(match("E2U+sip tel", "sip") == "8: no name of a service");
    CHECK(match("E2U+" + std::string(33, 'a'), "sip") == "37: no name of a service");
}

TEST_CASE("Asterisk's names of channels are services, too") {
    CHECK(match("E2U+sip", "pjsip") == "sip");
    CHECK(match("E2U+iax", "iax2") == "iax");
    CHECK(match("E2U+iax2", "iax2") == "iax2");
}

TEST_CASE("what is asked for must be names of services") {
    CHECK_FALSE(parse_wanted(""));
    CHECK_FALSE(parse_wanted("sip,,tel"));
    CHECK_FALSE(parse_wanted("sip tel"));
    CHECK_FALSE(parse_wanted("E2U+sip"));
    CHECK(parse_wanted("sip, tel").value().names == std::vector<std::string>{"sip", "tel"});
}

TEST_CASE("a service promises a scheme") {
    CHECK(scheme_fits("sip", "sip:a@example.com"));
    CHECK(scheme_fits("SIP", "sips:a@example.com"));
    CHECK(scheme_fits("email:mailto", "mailto:a@example.com"));
    CHECK(scheme_fits("web:http", "https://example.com/"));
    CHECK(scheme_fits("vcard", "https://example.com/"));
    CHECK_FALSE(scheme_fits("sip", "tel:+441632960083"));
    CHECK_FALSE(scheme_fits("voice:tel", "sip:a@example.com"));
}

}  // namespace pbx::numbering
