#include "numbering/diff.hpp"

#include "core/text.hpp"
#include "numbering/bulk.hpp"
#include "numbering/diff_row.hpp"
#include "numbering/diff_side.hpp"
#include "numbering/responder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace pbx;
using namespace pbx::numbering;
using namespace std::chrono_literals;

namespace {
Octets sip(std::uint16_t order, const std::string& uri, std::string_view service = "E2U+sip") {
    return naptr(order, 10, "u", service, "!^.*$!" + uri + "!");
}

constexpr auto name = "1.4.4.e164.arpa.";

// The row of +441 in a zone that has these records.
std::string side_of(const std::vector<Octets>& records, Zone zone = {}) {
    if (!records.empty()) zone[name] = records;
    Order order{.suffixes = parse_suffixes("e164.arpa").value(),
                .wanted = parse_wanted("all").value(),
                .all_orders = true,
                .enough = 100};
    Rewriter rewriter{Reading{}};
    Lookup lookup(order, rewriter);
    look_up(lookup, parse_number("+441").value(),
            [&](const dns::Question& question) { return message_of(question, reply_from(zone, question)); });
    std::string out;
    append_side_row(1, "+441", lookup.outcome(), out);
    return out;
}

std::string failed_side(Status status) {
    return "1\t+441\t" + std::string(name_of(status)) + "\t\n";
}

struct Compared {
    std::string text;
    Diff diff;
};
Compared compared(std::string first, std::string second, DiffForm form = DiffForm::tsv) {
    Compared out{{}, Diff(form)};
    out.diff.join(first, second, out.text);
    CHECK(first.empty());
    CHECK(second.empty());
    return out;
}

const std::string a = "sip:a@example.com", b = "sip:b@example.com";
}  // namespace

TEST_CASE("diff: the same records in another order of the answer are the same") {
    const auto found = compared(side_of({sip(1, a), sip(1, b)}), side_of({sip(1, b), sip(1, a)}));
    CHECK(found.text.empty());
    CHECK(found.diff.exit_status() == 0);
    CHECK(found.diff.rows() == 1);
}

TEST_CASE("diff: other numbers for the same order and preference are the same") {
    CHECK(compared(side_of({sip(1, a), sip(2, b)}), side_of({sip(10, a), sip(300, b)})).text.empty());
}

TEST_CASE("diff: no URI is the same for whatever reason") {
    const auto found = compared(side_of({}), side_of({sip(1, "sip:$(id)@example.com")}));
    CHECK(found.text.empty());
    CHECK(found.diff.exit_status() == 0);
}

TEST_CASE("diff: each change is named, and makes the exit status 1") {
    const auto one = side_of({sip(1, a)}), two = side_of({sip(1, a), sip(2, b)});
    const auto voice = side_of({sip(1, a, "E2U+voice:sip")});
    const std::vector<std::array<std::string, 3>> table{
        {side_of({}), one, "+441\tadded\t(nxdomain)\tsip:a@example.com\n"},
        {one, side_of({}), "+441\tremoved\tsip:a@example.com\t(nxdomain)\n"},
        {one, side_of({sip(1, b)}), "+441\tchanged\tsip:a@example.com\tsip:b@example.com\n"},
        {one, two, "+441\tchanged\tsip:a@example.com\tsip:a@example.com, sip:b@example.com\n"},
        {two, side_of({sip(2, a), sip(1, b)}),
         "+441\torder\tsip:a@example.com, sip:b@example.com\tsip:b@example.com, sip:a@example.com\n"},
        {two, side_of({sip(1, a), sip(1, b)}),
         "+441\torder\tsip:a@example.com, sip:b@example.com\tsip:a@example.com | sip:b@example.com\n"},
        {one, voice, "+441\tservice\tsip:a@example.com (sip)\tsip:a@example.com (voice:sip)\n"},
    };
    for (const auto& [first, second, wanted] : table) {
        const auto found = compared(first, second);
        CHECK(found.text == wanted);
        CHECK(found.diff.exit_status() == 1);
        CHECK(found.diff.differing() == 1);
    }
}

TEST_CASE("diff: a side that gives no answer is never the same, not even as one that fails alike") {
    for (auto status : {Status::timeout, Status::malformed, Status::servfail, Status::refused,
                        Status::unreachable, Status::truncated, Status::bogus}) {
        const auto found = compared(failed_side(status), failed_side(status));
        CHECK(found.text == "+441\tunknown\t(" + std::string(name_of(status)) + ")\t(" +
                                std::string(name_of(status)) + ")\n");
        CHECK(found.diff.exit_status() == 75);
        CHECK(found.diff.count(Change::same) == 0);
        CHECK(compared(side_of({sip(1, a)}), failed_side(status)).diff.exit_status() == 75);
    }
}

TEST_CASE("diff: a number that is too long for the tree on both sides says why") {
    const Order order{.suffixes = parse_suffixes("e164.arpa").value(), .wanted = parse_wanted("all").value()};
    Rewriter rewriter{Reading{}};
    Lookup lookup(order, rewriter);
    CHECK_FALSE(lookup.start(parse_number("+4412345678901234").value()));
    std::string row;
    CHECK(append_side_row(1, "+4412345678901234", lookup.outcome(), row) == Status::bad_number);
    CHECK(compared(row, row).text ==
          "+4412345678901234\tbad_number\t(longer than the 15 digits of an E.164 number)\t\n");
}

TEST_CASE("diff: a URI beside a part that could not be asked is no answer") {
    Order order{.suffixes = parse_suffixes("e164.arpa,e164.example").value(),
                .wanted = parse_wanted("all").value(),
                .all_orders = true,
                .enough = 100};
    Rewriter rewriter{Reading{}};
    Lookup lookup(order, rewriter);
    const auto first = lookup.start(parse_number("+441").value());
    REQUIRE(first);
    const auto second = lookup.on(Status::timeout);
    REQUIRE(second);
    const auto message =
        message_of(*second, {.answers = {{wire_of("1.4.4.e164.example."), dns::Type::naptr, sip(1, a)}}});
    dns::Answer answer;
    REQUIRE(dns::decode({reinterpret_cast<const std::uint8_t*>(message.data()), message.size()}, *second,
                        answer));
    CHECK(!lookup.on(answer));
    REQUIRE(lookup.outcome().uris.size() == 1);
    std::string row;
    CHECK(append_side_row(1, "+441", lookup.outcome(), row) == Status::timeout);
    CHECK(compared(row, side_of({sip(1, a)})).text == "+441\tunknown\t(timeout)\tsip:a@example.com\n");
}

TEST_CASE("diff: URIs behind non-terminal records are compared, too") {
    const std::vector<Octets> onward{naptr(1, 1, "", "", "", "nt.example.")};
    const auto found = compared(side_of(onward, {{"nt.example.", {sip(1, a)}}}),
                                side_of(onward, {{"nt.example.", {sip(1, b)}}}));
    CHECK(found.diff.count(Change::changed) == 1);
}

TEST_CASE("diff: a line that is no number is told once, with why") {
    std::string row;
    append_side_row(7, "twelve", "a letter", row);
    const auto text = compared(row, row);
    CHECK(text.text == "twelve\tbad_number\t(a letter)\t\n");
    CHECK(text.diff.exit_status() == 65);
    std::string empty;
    append_side_row(9, "", "the row has no such column", empty);
    CHECK(compared(empty, empty).text == "line 9\tbad_number\t(the row has no such column)\t\n");
    const auto json = nlohmann::json::parse(compared(row, row, DiffForm::json).text);
    CHECK(json["line"] == 7);
    CHECK(json["number"] == "twelve");
    CHECK(json["change"] == "bad_number");
    CHECK(json["why"] == "a letter");
}

TEST_CASE("diff: JSON tells both sides with services and ranks") {
    const auto found =
        compared(side_of({sip(1, a), sip(1, b), sip(2, "tel:+1", "E2U+tel")}), side_of({}), DiffForm::json);
    CHECK(nlohmann::json::parse(found.text) ==
          nlohmann::json::parse(R"({"line":1,"number":"+441","change":"removed","old":{"status":"ok","uris":[
              {"uri":"sip:a@example.com","service":"sip","rank":1},
              {"uri":"sip:b@example.com","service":"sip","rank":1},
              {"uri":"tel:+1","service":"tel","rank":2}]},"new":{"status":"nxdomain","uris":[]}})"));
}

TEST_CASE("diff: a screen has a header above the first row") {
    const auto found = compared(side_of({sip(1, a)}), side_of({}), DiffForm::screen);
    CHECK(found.text ==
          "number              change      old                               new\n"
          "+441                removed     sip:a@example.com                 (nxdomain)\n");
    CHECK(compared(side_of({}), side_of({}), DiffForm::screen).text.empty());
}

TEST_CASE("diff: rows are joined as far as both sides have them") {
    const auto row = side_of({sip(1, a)}), none = side_of({});
    std::string first = row + row + row, second = none, out;
    Diff diff(DiffForm::tsv);
    diff.join(first, second, out);
    CHECK(diff.rows() == 1);
    CHECK(first == row + row);
    CHECK(second.empty());
    second = row + row.substr(0, 5);
    diff.join(first, second, out);
    CHECK(diff.rows() == 2);
    CHECK(second == row.substr(0, 5));
    second += row.substr(5);
    diff.join(first, second, out);
    CHECK(diff.rows() == 3);
    CHECK(diff.differing() == 1);
    CHECK(first.empty());
}

TEST_CASE("diff: a side is a suffix, a server or both") {
    LookupSettings usual;
    usual.order.suffixes = parse_suffixes("e164.arpa").value();
    usual.servers = {dns::Server::parse("192.0.2.53").value()};
    const auto said = [&](std::string_view typed) {
        const auto side = side_settings(usual, typed);
        REQUIRE(side);
        std::string out;
        for (const auto& suffix : side->order.suffixes)
            out += suffix.text() + " ";
        for (const auto& server : side->servers)
            out += server.text() + " ";
        return out;
    };
    CHECK(said("e164.example") == "e164.example. 192.0.2.53:53 ");
    CHECK(said("@192.0.2.1") == "e164.arpa. 192.0.2.1:53 ");
    CHECK(said("a.example,b.example@192.0.2.1:5353,[2001:db8::1]:53") ==
          "a.example. b.example. 192.0.2.1:5353 [2001:db8::1]:53 ");
    for (auto typed : {"", "@", "e164.example@ns.example", "a..b", "x@192.0.2.1,,192.0.2.2"})
        CHECK(side_settings(usual, typed).error().code == Code::usage);
    CHECK(ask_the_same(*side_settings(usual, "e164.arpa"), *side_settings(usual, "@192.0.2.53:53")));
    CHECK(!ask_the_same(usual, *side_settings(usual, "@192.0.2.1")));
}
