#include "numbering/regexp.hpp"

#include "numbering/number.hpp"
#include "numbering/shape.hpp"

#include <catch2/catch.hpp>

namespace pbx::numbering {

namespace {
// What the field makes of +441632960083, or the octet and why not.
std::string rewritten(std::string_view field, Reading reading = {}) {
    Rewriter rewriter(reading);
    std::string out = "left over";
    const auto fault = rewriter.rewrite(field, "+441632960083", out);
    if (fault) return std::to_string(fault.octet) + ": " + std::string(fault.why);
    return out;
}
}  // namespace

TEST_CASE("a regexp field is a pattern and what replaces it") {
    CHECK(rewritten("!^.*$!sip:a@example.com!") == "sip:a@example.com");
    CHECK(rewritten("!^(.*)$!sip:\\1@example.com!") == "sip:+441632960083@example.com");
    CHECK(rewritten("!^\\+44(.*)$!sip:0\\1@example.com!") == "sip:01632960083@example.com");
    CHECK(rewritten("/^\\+(.*)$/sip:\\1@example.com/") == "sip:441632960083@example.com");
    CHECK(rewritten("0^.*$0sip:a@example.com0") == "sip:a@example.com");
    CHECK(rewritten("!^.*$!sip:a@example.com!i") == "sip:a@example.com");
    CHECK(rewritten("!^.*$!sip:a@example.com!I") == "sip:a@example.com");
}

TEST_CASE("there are exactly three delimiters, and any octet is one that means nothing else") {
    CHECK(rewritten("1^.*$1sip:x@example.com1").starts_with("1: no delimiter"));
    CHECK(rewritten("i^.*$isip:x@example.comi").starts_with("1: no delimiter"));
    CHECK(rewritten("\\^.*$\\sip:x@example.com\\").starts_with("1: no delimiter"));
    CHECK(rewritten("\xc2\xa7^.*$\xc2\xa7sip:x@example.com\xc2\xa7").starts_with("1: no delimiter"));
    CHECK(rewritten("") == "0: there is none");
    CHECK(rewritten("!") == "0: the second delimiter is missing");
    CHECK(rewritten("!^.*$!") == "0: the third delimiter is missing");
    CHECK(rewritten("!^.*$!sip:x@example.com") == "0: the third delimiter is missing");
    CHECK(rewritten("!^.*$!sip:x@example.com!!") == "25: only the flag i may follow the last delimiter");
    CHECK(rewritten("!^.*$!sip:x@example.com!g") == "25: only the flag i may follow the last delimiter");
    CHECK(rewritten("!!sip:x@example.com!") == "2: an empty pattern");
}

TEST_CASE("an escaped delimiter is that octet") {
    CHECK(rewritten("!^(\\!|.*)$!sip:x@example.com!") == "sip:x@example.com");
    CHECK(rewritten("!^.*$!sip:a\\!b!") == "sip:a!b");
    CHECK(rewritten("+^\\+44(.*)$+tel:\\+44\\1+") == "tel:+441632960083");
    CHECK(rewritten("#^[\\#+]44(.*)$#tel:\\1#") == "tel:1632960083");
    CHECK(rewritten("a^(\\a|.*)$asip:x@x.orga") == "sip:x@x.org");
}

TEST_CASE("references are \\1 to \\9, of groups that are there") {
    CHECK(rewritten("!^\\+(.)(.)(.)(.)(.)(.)(.)(.)(.*)$!sip:\\9\\8!") == "sip:00836");
    CHECK(rewritten("!^\\+44(9)?(.*)$!tel:\\1\\2!") == "tel:1632960083");
    CHECK(rewritten("!^(.*)$!sip:\\2@example.com!") == "13: a reference to a group that is not there");
    CHECK(rewritten("!^(.*)$!sip:\\0@example.com!") ==
          "13: a backslash before what is neither \\1 to \\9 nor the delimiter");
    CHECK(rewritten("!^.*$!sip:bro\\ken@example.com!") ==
          "14: a backslash before what is neither \\1 to \\9 nor the delimiter");
    CHECK(rewritten("!^(.*)$!sip:a\\") == "0: the third delimiter is missing");
    CHECK(rewritten("!^(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.*)$!sip:\\1!") == "sip:+");
}

TEST_CASE("text around the match stays, as sed leaves it") {
    CHECK(rewritten("!^\\+44!sip:+44!") == "sip:+441632960083");
    CHECK(rewritten("!632!X!") == "+441X960083");
}

TEST_CASE("Asterisk's reading drops what surrounds the match and knows \\0") {
    const Reading asterisk{.whole_match = true, .replacement_only = true};
    CHECK(rewritten("!^\\+44!sip:+44!", asterisk) == "sip:+44");
    CHECK(rewritten("!^(.*)$!sip:\\0@example.com!", asterisk) == "sip:+441632960083@example.com");
}

TEST_CASE("patterns are POSIX extended expressions") {
    CHECK(rewritten("!^\\+[[:digit:]]+$!sip:x@example.com!") == "sip:x@example.com");
    CHECK(rewritten("!^[+]44([0-9]{10})$!tel:\\1!") == "tel:1632960083");
    CHECK(rewritten("!^[^]\\]44(.*)$!tel:\\1!") == "tel:1632960083");
    CHECK(rewritten("!^[]+]44(.*)$!tel:\\1!") == "tel:1632960083");
    CHECK(rewritten("!^\\+(44|7)(.*)$!tel:\\2!") == "tel:1632960083");
    CHECK(rewritten("!^\\+7(.*)$!tel:\\1!") == "0: the number does not match");
}

TEST_CASE("what POSIX does not define is not guessed") {
    CHECK(rewritten("!^\\+(4)\\1(.*)$!tel:\\2!") == "8: extended expressions have no back-references");
    CHECK(rewritten("!^\\+(\\d+)$!tel:\\1!") == "6: an escape that extended expressions do not have");
    CHECK(rewritten("!^[[.plus-sign.]]!tel:!") == "4: collating symbols are not understood");
    CHECK(rewritten("!^(.*$!tel:1!") == "2: a group without its other end");
    CHECK(rewritten("!^[0-9!tel:1!") == "3: a bracket without its end");
    CHECK(rewritten("!^(?:.*)$!tel:1!") == "2: nothing stands before a repetition, or it is repeated itself");
    CHECK(rewritten("!^[[:nope:]]$!tel:1!") == "2: no such class of characters");
    CHECK(rewritten("!^a\\!tel:1!") == "0: the third delimiter is missing");
}

TEST_CASE("a pattern that would take an age or a gigabyte is refused or does not match") {
    CHECK(rewritten("!^((((((((.{1,200}){1,200}){1,200}){1,200}){1,99})))))$!sip:x@example.com!") ==
          "2: a group without its other end");
    CHECK(rewritten("!^((.{1,30}){1,30}){1,30}$!sip:x@example.com!") == "13: too much repetition");
    CHECK(rewritten("!^((.{1,90}){1,90}){1,90}$!sip:x@example.com!") == "sip:x@example.com");
    CHECK(rewritten("!^(\\+|(4|4)*|(.*)*)*x$!sip:x@example.com!") == "0: the number does not match");
}

TEST_CASE("a repetition is cut where no number is long enough to see it") {
    CHECK(rewritten("!^.{0,500}$!sip:x!") == "sip:x");
    CHECK(rewritten("!^.{13}$!sip:x!") == "sip:x");
    CHECK(rewritten("!^.{13,999}$!sip:x!") == "sip:x");
    CHECK(rewritten("!^.{14}$!sip:x!") == "0: the number does not match");
    CHECK(rewritten("!^.{63}!sip:x!") == "0: the number does not match");
    CHECK(rewritten("!^.{999,}!sip:x!") == "0: the number does not match");
    CHECK(rewritten("!^([+4]?){999}(.*)$!sip:\\2!") == "sip:1632960083");
    CHECK(rewritten("!^.{3,2}$!sip:x!") == "4: a repetition that ends before it begins");
    const std::string longest = '+' + std::string(max_digits, '4');
    Rewriter rewriter;
    std::string out;
    CHECK_FALSE(rewriter.rewrite("!^.{61}$!sip:x!", longest, out));
    CHECK(rewriter.rewrite("!^.{62}!sip:x!", longest, out).status == Status::no_match);
}

TEST_CASE("a result over the limit is refused") {
    std::string field = "!^(.*)$!sip:";
    for (int i = 0; i < 100; ++i)
        field += "\\1";
    field += '!';
    Rewriter rewriter;
    std::string out;
    CHECK_FALSE(rewriter.rewrite(field, "+441632960083", out));
    CHECK(out.size() == 1304);
    const std::string longest(max_typed, '4');
    CHECK(rewriter.rewrite(field, longest, out).status == Status::bad_uri);
    CHECK(out.size() <= 2 * max_uri);
}

TEST_CASE("the same pattern with another delimiter is another pattern") {
    Rewriter rewriter;
    std::string out;
    CHECK_FALSE(rewriter.rewrite("!^(x|\\++44.*)$!sip:a!", "+441632960083", out));
    CHECK(rewriter.rewrite("a^(x|\\++44.*\\a?)$asip:aa", "+441632960083", out).status == Status::bad_regexp);
    for (std::size_t i = 0; i < 3 * max_patterns; ++i) {
        const auto field = "!^(x|.{1," + std::to_string(i + 13) + "})$!sip:" + std::to_string(i) + "!";
        REQUIRE_FALSE(rewriter.rewrite(field, "+441632960083", out));
        CHECK(out == "sip:" + std::to_string(i));
    }
}

TEST_CASE("usual shapes are matched as RE2 matches them") {
    const char* const patterns[] = {
        "^.*$",
        "^(.*)$",
        "^.+$",
        "^(.+)$",
        "^\\+44(.*)$",
        "^\\+441632960083$",
        "^(\\+441632960083)$",
        "^\\+44(1632)(.*)$",
        "^\\+7(.*)$",
        "^\\+44",
        "^(\\+44)",
        "^(\\+)(.*)$",
        "^\\+441632960083(.*)$",
        "^\\+441632960083(.+)$",
        "^\\+441632960083.*",
        "^",
        "^$",
        "^()$",
        "^\\+(44)(16)(32)(96)(00)(83)$",
        "^\\+4416329600834$",
    };
    for (const auto* pattern : patterns) {
        INFO(pattern);
        const std::string text = "+441632960083";
        const auto shape = match_shape(pattern, text);
        REQUIRE(shape);
        // a group around the pattern, closed by what no shape has, makes RE2 do it
        std::string by_re2, by_shape;
        const std::string references = "<\\1|\\2|\\3|\\4|\\5|\\6|>";
        Rewriter rewriter({.whole_match = true, .replacement_only = true});
        const auto marks = references.substr(0, 1 + 3 * shape->count) + ">";
        const auto field = std::string("!") + pattern + "!" + marks + "!";
        const auto forced = std::string("!") + pattern + "|^[x]!" + marks + "!";
        const auto one = rewriter.rewrite(field, text, by_shape);
        const auto two = rewriter.rewrite(forced, text, by_re2);
        CHECK(one.status == two.status);
        CHECK(by_shape == by_re2);
    }
}

TEST_CASE("other shapes are left to RE2") {
    for (const auto* pattern :
         {"", ".*", "^.*44$", "^\\+44*", "^\\+44(.*)?$", "^(.*)(.*)$", "^((.*))$", "^[+]44$", "^\\+44|7",
          "^(.*", "^.*)$", "^a", "^.$", "^\\d", "^4{2}", "^$4", "^\\"})
        CHECK_FALSE(match_shape(pattern, "+441632960083"));
}

}  // namespace pbx::numbering
