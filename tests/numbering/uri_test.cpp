#include "numbering/uri.hpp"

#include <catch2/catch.hpp>

namespace pbx::numbering {

namespace {
std::string judged(std::string_view uri) {
    const auto fault = check_uri(uri);
    return fault ? std::to_string(fault.octet) + ": " + std::string(fault.why) : "good";
}
const std::string breaks_out = "would break out of Dial() or a shell";

std::string dialled(std::string_view form, std::string_view uri) {
    return dial_string(parse_dial_form(form).value(), uri);
}
}  // namespace

TEST_CASE("an absolute URI is good") {
    for (const auto* uri :
         {"sip:a@example.com", "sip:+441632960083@example.com;user=phone", "tel:+441632960083;npdi",
          "mailto:info@example.com", "h323:operator@example.com", "sip:a@[2001:db8::1]:5060",
          "https://example.com/a?b=c#d", "sip:a%20b@example.com", "iax2:user@host/100", "sip:*97@example.com",
          "xmpp:a@example.com", "sip:a@example.com?subject=x"})
        CHECK(judged(uri) == "good");
}

TEST_CASE("without a scheme, or with nothing behind it, it is none") {
    CHECK(judged("") == "0: empty");
    CHECK(judged("no-scheme") == "1: no scheme: not an absolute URI");
    CHECK(judged(":a@example.com") == "1: no scheme: not an absolute URI");
    CHECK(judged("1sip:a@example.com") == "1: no scheme: not an absolute URI");
    CHECK(judged("+44:1") == "1: no scheme: not an absolute URI");
    CHECK(judged("sip:") == "4: nothing behind its scheme");
}

TEST_CASE("what breaks out of Dial(), a shell or AMI is refused") {
    CHECK(judged("sip:a@example.com,x&SIP/9900${SHELL(id)}") == "18: " + breaks_out);
    CHECK(judged("sip:a&SIP") == "6: " + breaks_out);
    CHECK(judged("sip:$(id)`id`@example.com") == "5: " + breaks_out);
    CHECK(judged("sip:`id`@example.com") == "5: not of a URI");
    CHECK(judged("sip:a'b@example.com") == "6: " + breaks_out);
    CHECK(judged("sip:a@example.com\r\nX: y") == "18: a control octet");
    CHECK(judged(std::string_view("sip:a\0b", 7)) == "6: a control octet");
    CHECK(judged("sip:a b@example.com") == "6: not of a URI");
    CHECK(judged("sip:a|b@example.com") == "6: not of a URI");
    CHECK(judged("sip:a\"b@example.com") == "6: not of a URI");
    CHECK(judged("sip:a\\b@example.com") == "6: not of a URI");
    CHECK(judged("sip:a<b>@example.com") == "6: not of a URI");
    CHECK(judged("sip:a^b@example.com") == "6: not of a URI");
    CHECK(judged("sip:a!b@example.com") == "6: " + breaks_out);
    CHECK(judged("sip:trunk/sip:b@example.com") == "10: " + breaks_out);
    CHECK(judged("sip:\xd0\xb8@example.com") == "5: not ASCII: a URI writes it as %XX");
}

TEST_CASE("an escape must be whole, and no control octet") {
    CHECK(judged("sip:a%2") == "6: % without two hex digits");
    CHECK(judged("sip:a%zz@example.com") == "6: % without two hex digits");
    CHECK(judged("sip:a%0d%0aX:y@example.com") == "6: a control octet, escaped");
    CHECK(judged("sip:a%00@example.com") == "6: a control octet, escaped");
    CHECK(judged("sip:a%7F@example.com") == "6: a control octet, escaped");
}

TEST_CASE("a URI becomes what Dial() takes") {
    CHECK(dialled("pjsip:trunk", "sip:a@example.com;transport=tcp") ==
          "PJSIP/trunk/sip:a@example.com;transport=tcp");
    CHECK(dialled("pjsip:trunk", "SIPS:a@example.com") == "PJSIP/trunk/SIPS:a@example.com");
    CHECK(dialled("sip", "sip:a@example.com;transport=tcp") == "SIP/a@example.com");
    CHECK(dialled("iax2", "iax2:user@host/100") == "IAX2/user@host/100");
    CHECK(dialled("local:enum", "tel:+441632960083;npdi") == "Local/+441632960083@enum");
    CHECK(dialled("local:enum", "sip:a@example.com") == "Local/a@enum");
}

TEST_CASE("a URI that a channel cannot dial gives nothing") {
    CHECK(dialled("pjsip:trunk", "tel:+441632960083").empty());
    CHECK(dialled("sip", "mailto:a@example.com").empty());
    CHECK(dialled("iax2", "sip:a@example.com").empty());
    CHECK(dialled("local:enum", "https://example.com").empty());
}

TEST_CASE("a way to dial names its trunk or context, and nothing that Dial() could take apart") {
    CHECK_FALSE(parse_dial_form("pjsip"));
    CHECK_FALSE(parse_dial_form("pjsip:"));
    CHECK_FALSE(parse_dial_form("pjsip:a/b"));
    CHECK_FALSE(parse_dial_form("pjsip:a,b"));
    CHECK_FALSE(parse_dial_form("local:a&b"));
    CHECK_FALSE(parse_dial_form("dahdi:1"));
    CHECK_FALSE(parse_dial_form(""));
    CHECK_FALSE(parse_dial_form("sip:trunk"));
}

}  // namespace pbx::numbering
