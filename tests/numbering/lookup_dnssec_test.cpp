// What lookups make of answers that are signed, not signed, or bogus.
#include "numbering/lookup.hpp"
#include "numbering/lookup_zone.hpp"

#include <catch2/catch.hpp>

namespace pbx::numbering {

TEST_CASE("a resolver that says bogus gives no URI") {
    dns::Answer answer;
    answer.rcode = dns::Rcode::server_failure;
    CHECK(status_of(answer, false) == Status::servfail);
    answer.extended_error = dns::ExtendedError{.code = 6};
    CHECK(status_of(answer, false) == Status::bogus);
    answer.extended_error = dns::ExtendedError{.code = 22};
    CHECK(status_of(answer, false) == Status::servfail);
}

TEST_CASE("why a resolver says bogus is told without its control characters, and not at any length") {
    const Order order{.suffixes = parse_suffixes("e164.arpa").value(), .wanted = parse_wanted("sip").value()};
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    dns::Answer answer;
    answer.rcode = dns::Rcode::server_failure;
    const std::string hostile =
        "ja \x1b]0;x\x07 \xc2\x9b"
        "2J\n" +
        std::string(1000, 'x');
    answer.extended_error = dns::ExtendedError{.code = 7, .text = hostile};
    REQUIRE(lookup.start(parse_number(number).value()));
    CHECK_FALSE(lookup.on(answer));
    const auto& why = lookup.outcome().why;
    CHECK(why.starts_with("ja ?]0;x? ?2J?xxx"));
    CHECK(why.size() <= max_why);
}

namespace {
// A lookup whose answers come with what their signatures are worth.
struct Validated {
    Order order{.suffixes = parse_suffixes("e164.arpa,e164.example").value(),
                .wanted = parse_wanted("sip").value()};
    Rewriter rewriter{};
    Lookup lookup{order, rewriter};

    std::optional<dns::Question> answer(const dns::Question& question, std::vector<Octets> records,
                                        dns::Security security) {
        const auto message =
            message_of(question, reply_from({{question.name.text(), std::move(records)}}, question));
        dns::Answer out;
        REQUIRE(dns::decode({reinterpret_cast<const std::uint8_t*>(message.data()), message.size()}, question,
                            out));
        return lookup.on(out, security);
    }
    std::optional<dns::Question> bogus() {
        dns::Reply reply;
        reply.outcome = dns::Outcome::answered;
        reply.security = dns::Security::bogus;
        reply.why = "signature expired";
        return lookup.on(reply);
    }
    dns::Question start() { return lookup.start(parse_number(number).value()).value(); }
};
}  // namespace

TEST_CASE("dnssec: a lookup is worth as much as the worst of its answers") {
    Validated it;
    const auto second = it.answer(it.start(), {leads_to(10, "nt.example.")}, dns::Security::secure);
    REQUIRE(second);
    CHECK_FALSE(it.answer(*second, {terminal(10, 10, "sip:a@x")}, dns::Security::insecure));
    CHECK(it.lookup.outcome().status == Status::ok);
    CHECK(it.lookup.outcome().security == dns::Security::insecure);
    CHECK_FALSE(it.answer(it.start(), {terminal(10, 10, "sip:a@x")}, dns::Security::secure));
    CHECK(it.lookup.outcome().security == dns::Security::secure);
}

TEST_CASE("dnssec: after a bogus answer nothing more is asked and no URI is left") {
    Validated it;
    it.order.enough = 2;
    const auto second = it.answer(it.start(), {terminal(100, 5, "sip:good@x"), leads_to(10, "nt.example.")},
                                  dns::Security::secure);
    REQUIRE(second);
    CHECK_FALSE(it.bogus());
    const auto& outcome = it.lookup.outcome();
    CHECK(outcome.status == Status::bogus);
    CHECK(outcome.uris.empty());
    for (const auto& record : outcome.records())
        CHECK(record.uri.empty());
    CHECK(outcome.why == "signature expired");
    CHECK(outcome.ttl == 0);
    static_cast<void>(it.start());
    CHECK_FALSE(it.bogus());  // the second suffix is not asked either
    CHECK(it.lookup.outcome().status == Status::bogus);
    CHECK(code_of(it.lookup.outcome().status) == Code::protocol);
    static_cast<void>(it.start());
    CHECK(it.lookup.outcome().why.empty());
}

TEST_CASE("dnssec: where only signed answers are taken, a branch that nobody signed is not followed") {
    Validated it;
    it.order.only_secure = true;
    for (const auto branching : {Branching::txt, Branching::ebl}) {
        it.order.branching = branching;
        const auto first = it.start();
        CHECK(first.type == (branching == Branching::txt ? dns::Type::txt : dns::Type::ebl));
        const auto other = it.answer(first, {}, dns::Security::insecure);
        REQUIRE(other);
        CHECK(other->name.text() == "i.4.4.e164.example.");  // the next suffix
        const auto led = it.answer(*other, {}, dns::Security::secure);
        REQUIRE(led);
        CHECK(led->type == dns::Type::naptr);
        CHECK_FALSE(it.answer(*led, {terminal(10, 10, "sip:b@x")}, dns::Security::secure));
        CHECK(it.lookup.outcome().uri() == "sip:b@x");
        CHECK(it.lookup.outcome().worst == Status::insecure);
    }
}

TEST_CASE("dnssec: where only signed answers are taken, others are passed over") {
    Validated it;
    it.order.only_secure = true;
    const auto other = it.answer(it.start(), {terminal(10, 10, "sip:a@x")}, dns::Security::insecure);
    REQUIRE(other);  // the next suffix
    CHECK_FALSE(it.answer(*other, {terminal(10, 10, "sip:b@x")}, dns::Security::indeterminate));
    CHECK(it.lookup.outcome().status == Status::insecure);
    CHECK(it.lookup.outcome().uris.empty());
    const auto again = it.answer(it.start(), {terminal(10, 10, "sip:a@x")}, dns::Security::insecure);
    CHECK_FALSE(it.answer(*again, {terminal(10, 10, "sip:b@x")}, dns::Security::secure));
    CHECK(it.lookup.outcome().uri() == "sip:b@x");
}

}  // namespace pbx::numbering
