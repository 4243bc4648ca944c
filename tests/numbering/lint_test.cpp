#include "numbering/lint.hpp"

#include "dns/name.hpp"
#include "numbering/lint_zone.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace pbx::numbering {

namespace {
using Strings = std::vector<std::string>;
constexpr std::string_view head = "$ORIGIN e164.example.\n@ SOA ns host 1 2 3 4 5\n";  // two lines
constexpr std::string_view good = R"("u" "E2U+sip" "!^.*$!sip:a@example.com!" .)";

// "line code" of the faults, or of the warnings; lines count from those behind `head`.
Strings found(const std::string& records, Severity severity = Severity::fault) {
    const auto report = lint(std::string(head) + records, dns::Name()).value();
    Strings out;
    for (const auto& finding : report.findings)
        if (finding.severity == severity) out.push_back(fmt::format("{} {}", finding.line - 2, finding.code));
    return out;
}
Strings warned(const std::string& records) {
    return found(records, Severity::warning);
}
// A record with this regexp as it stands in the file.
std::string with_regexp(std::string_view regexp) {
    return fmt::format("3.2.1 NAPTR 100 10 \"u\" \"E2U+sip\" \"{}\" .\n", regexp);
}
std::string record(std::string_view owner, std::string_view rest = good, int order = 100,
                   int preference = 10) {
    return fmt::format("{} NAPTR {} {} {}\n", owner, order, preference, rest);
}
std::string leads(std::string_view owner, std::string_view target, int preference = 10) {
    return record(owner, fmt::format("\"\" \"\" \"\" {}", target), 100, preference);
}

std::string number_of(std::string_view name) {
    const auto it = whose(dns::Name::parse(name).value());
    if (!it.fault.empty()) return "! " + it.fault;
    return it.wildcard ? it.aus + "*" : it.aus;
}
}  // namespace

TEST_CASE("lint: whose number an owner is") {
    CHECK(number_of("3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa.") == "+441632960083");
    CHECK(number_of("1.4.4.anything.example.") == "+441");
    CHECK(number_of("*.9.4.e164.arpa.") == "+49*");
    CHECK(number_of("3.8.0.i.4.4.e164.arpa.") == "+44083");  // infrastructure ENUM
    CHECK(number_of("i.4.4.e164.arpa.").empty());
    CHECK(number_of("4.3.2.1.256.freenum.org.") == "1234");
    CHECK(number_of("4.3.2.1.7.freenum.org.") == "1234");
    CHECK(number_of("43.2.1.256.freenum.org.") == "! label 43: one digit each");
    CHECK(number_of("e164.arpa.").empty());
    CHECK(number_of(".").empty());
    CHECK(number_of("shared.e164.arpa.").empty());
    CHECK(number_of("83.0.4.4.e164.arpa.") == "! label 83: one digit each");
    CHECK(number_of("3.80.4.4.e164.arpa.") == "! label 80: one digit each");
    CHECK(number_of("6.5.4.3.2.1.0.9.8.7.6.5.4.3.2.1.e164.arpa.") ==
          "! more than 15 digits: no E.164 number");
    CHECK(number_of("6.5.4.3.2.1.0.9.8.7.6.5.4.3.2.1.enum.") == "+1234567890123456");
}

TEST_CASE("lint: a record as it should be has nothing to be told of") {
    CHECK(found(record("3.2.1")).empty());
    CHECK(warned(record("3.2.1")).empty());
    CHECK(found(with_regexp(R"(!^\\+1(.*)$!sip:\\1@example.com!)")).empty());
    CHECK(found(with_regexp(R"(!^\\\\+1(.*)$!sip:\\1@example.com!)")) == Strings{"1 no_match"});
    const auto report = lint(std::string(head) + record("3.2.1") + record("*.2"), dns::Name()).value();
    CHECK(report.records == 2);
    CHECK(report.numbers == 1);
}

TEST_CASE("lint: backslashes that the zone file eats") {
    CHECK(found(with_regexp(R"(!^\+1(.*)$!sip:a@example.com!)")) == Strings{"1 backslash"});
    CHECK(found(with_regexp(R"(!^(.*)$!sip:\1@example.com!)")) == Strings{"1 backslash"});  // ldns refuses it
    CHECK(found(with_regexp(R"(!^(.*)$!sip:\1442@example.com!)")) == Strings{"1 backslash"});  // an octet 144
    CHECK(found(with_regexp(R"(!^(.*)$!sip:\999@example.com!)")) == Strings{"1 backslash"});
    CHECK(found(with_regexp(R"(!^(.*)$!sip:\0921@example.com!)")).empty());  // a backslash, as tools write it
    const auto report =
        lint(std::string(head) + with_regexp(R"(!^\+1(.*)$!sip:a@example.com!)"), dns::Name()).value();
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].what == R"(a single backslash before +: the zone file eats it; write \\+)");
    CHECK(report.findings[0].octet == 3);
    CHECK(report.findings[0].number == "+123");
}

TEST_CASE("lint: faults have the codes that a lookup would end with") {
    CHECK(found(with_regexp("!^\\\\+124$!sip:a@example.com!")) == Strings{"1 no_match"});
    CHECK(found(with_regexp("!^(.*$!sip:a@example.com!")) == Strings{"1 bad_regexp"});
    CHECK(found(with_regexp("!^.*$!sip:a@example.com,x!")) == Strings{"1 bad_uri"});
    CHECK(found(record("1", R"("s" "E2U+sip" "!^.*$!sip:a@b!" .)")) == Strings{"1 no_record"});
    CHECK(found(record("1", R"("u" "SIP+D2U" "!^.*$!sip:a@b!" .)")) == Strings{"1 no_service"});
    CHECK(found("1 NAPTR 100 10 \"u\"\n").size() == 1);
    CHECK(found("1 NAPTR x\n" + record("2")) == Strings{"1 syntax"});
    CHECK(found("83.1 NAPTR 1 1 " + std::string(good)) == Strings{"1 owner"});
}

TEST_CASE("lint: a wildcard's regexp may be for some of its numbers only") {
    CHECK(found(record("*.9.4", R"("u" "E2U+sip" "!^\\+4930(.*)$!sip:\\1@example.com!" .)")).empty());
    CHECK(found(record("*.9.4", R"("u" "E2U+sip" "!^(.*$!sip:\\1@example.com!" .)")) ==
          Strings{"1 bad_regexp"});
}

TEST_CASE("lint: non-terminal records lead somewhere, and not round") {
    const auto target = record("shared");
    CHECK(found(leads("1", "shared") + target).empty());
    CHECK(warned(leads("1", "shared") + target) == Strings{"1 asterisk"});
    CHECK(warned(target) == Strings{"1 owner"});
    CHECK(found(leads("1", "nowhere")) == Strings{"1 no_record"});
    CHECK(found(leads("1", "other.example.com.")).empty());
    CHECK(found(leads("1", "x.cut") + "cut NS ns.example.com.\n").empty());
    CHECK(found(leads("1", "x") + "x CNAME y.example.com.\n").empty());
    CHECK(found(leads("1", "x.wild") + record("*.wild")).empty());
    CHECK(found(leads("1", "1")) == Strings{"1 loop"});
    CHECK(found(leads("1", "a") + leads("a", "1")) == Strings{"1 loop", "2 loop"});
    std::string chain = leads("1", "c1");
    for (int i = 1; i < 6; ++i)
        chain += leads(fmt::format("c{}", i), fmt::format("c{}", i + 1));
    CHECK(found(chain + record("c6")) == Strings{"6 too_deep"});
}

TEST_CASE("lint: the target's regexp is matched with the number that leads there") {
    const auto target = record("shared", R"("u" "E2U+sip" "!^\\+1$!sip:a@example.com!" .)");
    CHECK(found(leads("1", "shared") + target).empty());
    CHECK(found(leads("2", "shared") + target) == Strings{"2 no_match"});
}

TEST_CASE("lint: records of one number beside each other") {
    const auto other = R"("u" "E2U+sip" "!^.*$!sip:b@example.com!" .)";
    const auto mail = R"("u" "E2U+email:mailto" "!^.*$!mailto:b@example.com!" .)";
    CHECK(warned(record("1") + record("1")) == Strings{"2 duplicate"});
    CHECK(warned(record("1") + record("1", other)) == Strings{"2 tie"});
    CHECK(warned(record("1") + record("1", other, 100, 20)).empty());
    CHECK(warned(record("1") + record("1", other, 200)) == Strings{"2 unreachable"});
    CHECK(warned(record("1", other, 200) + record("1")) == Strings{"1 unreachable"});
    CHECK(warned(record("1") + record("1", mail, 200)).empty());
    CHECK(warned(record("1") + record("2")).empty());
}

TEST_CASE("lint: what Asterisk reads otherwise, and answers that need TCP, are warned of") {
    CHECK(warned(with_regexp("!^.*$!sip:a@example.com!i")) == Strings{"1 asterisk"});
    CHECK(warned(record("1", R"("u" "E2U+sip+voice:tel" "!^.*$!sip:a@b!" .)")) == Strings{"1 asterisk"});
    CHECK(warned(record("1", R"("u" "E2U+email:mailto" "!^.*$!sip:a@b!" .)")) == Strings{"1 bad_uri"});
    std::string many;
    for (int i = 0; i < 40; ++i)
        many += record("1", good, 100, i);
    CHECK(warned(many) == Strings{"1 size"});
}
}  // namespace pbx::numbering
