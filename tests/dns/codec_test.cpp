#include "dns/codec.hpp"

#include "dns/codec_table.hpp"

#include <cstring>
#include <random>

#include <catch2/catch.hpp>
#include <ldns/ldns.h>

using namespace pbx;
using namespace pbx::dns;
using namespace pbx::dns::test;

namespace {

Question question_of(Type type = Type::naptr, std::string_view text = sample_name) {
    return {.name = Name::parse(text).value(), .type = type};
}

Answer read(const Octets& message, Type type = Type::naptr, std::string_view asked = sample_name) {
    Answer out;
    const auto done = decode(message, question_of(type, asked), out);
    if (!done) FAIL(done.error().text());
    return out;
}

Octets query_of(const Question& question, const QueryForm& form) {
    std::array<std::uint8_t, max_query> room{};
    const auto size = encode_query(question, form, room);
    return {room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size)};
}

std::string_view text_of(ldns_rdf* field) {  // a <character-string>
    return {reinterpret_cast<const char*>(ldns_rdf_data(field)) + 1, ldns_rdf_size(field) - 1};
}

// Where ldns reads a whole message, its NAPTR records are those we read. It takes some that we refuse: fields
// past the end of their record, octets after its last field, pointers that lead forward. false: nothing to
// compare.
bool compare_with_ldns(const Octets& message, const Question& question) {
    ldns_pkt* packet = nullptr;
    if (ldns_wire2pkt(&packet, message.data(), message.size()) != LDNS_STATUS_OK) return false;
    Answer answer;
    const bool ours = decode(message, question, answer).has_value();
    const bool simple = ours && answer.alias.empty() && !answer.alias_loop && answer.malformed.empty();
    std::size_t at = 0;
    for (std::size_t i = 0; simple && i < ldns_rr_list_rr_count(ldns_pkt_answer(packet)); ++i) {
        const auto* record = ldns_rr_list_rr(ldns_pkt_answer(packet), i);
        const auto* asked = ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(packet), 0));
        if (ldns_rr_get_type(record) != LDNS_RR_TYPE_NAPTR || ldns_rr_get_class(record) != LDNS_RR_CLASS_IN ||
            ldns_dname_compare(ldns_rr_owner(record), asked) != 0)
            continue;
        REQUIRE(at < answer.naptrs.size());
        const auto& naptr = answer.naptrs[at++];
        CHECK(naptr.order == ldns_rdf2native_int16(ldns_rr_rdf(record, 0)));
        CHECK(naptr.preference == ldns_rdf2native_int16(ldns_rr_rdf(record, 1)));
        CHECK(naptr.flags == text_of(ldns_rr_rdf(record, 2)));
        CHECK(naptr.services == text_of(ldns_rr_rdf(record, 3)));
        CHECK(naptr.regexp == text_of(ldns_rr_rdf(record, 4)));
        const auto replacement = Name::parse(naptr.replacement).value();
        CHECK(replacement.wire().size() == ldns_rdf_size(ldns_rr_rdf(record, 5)));
    }
    if (simple) CHECK(at == answer.naptrs.size());
    ldns_pkt_free(packet);
    return simple;
}

}  // namespace

TEST_CASE("messages of every kind are read as far as they are sound") {
    for (const auto& row : codec_table()) {
        INFO(row.what);
        const auto answer = read(row.message, row.type, row.asked);
        CHECK(answer.naptrs.size() == row.naptrs);
        CHECK(answer.malformed.size() == row.malformed);
        CHECK(answer.cut == row.cut);
    }
}

TEST_CASE("a NAPTR record's fields come as they stand in it") {
    const auto message =
        Message::answer_to(sample_name)
            .record(to_question, Type::naptr, naptr(100, 50, "u", "E2U+sip", "!^(.*)$!sip:\\1@x!"), 1, 86400)
            .record(to_question, Type::naptr, naptr(1, 2, "", "", "", "next.example"), 1, 60)
            .octets();
    const auto answer = read(message);
    REQUIRE(answer.naptrs.size() == 2);
    const auto &first = answer.naptrs[0], &second = answer.naptrs[1];
    CHECK(first.order == 100);
    CHECK(first.preference == 50);
    CHECK(first.flags == "u");
    CHECK(first.services == "E2U+sip");
    CHECK(first.regexp == "!^(.*)$!sip:\\1@x!");
    CHECK(first.replacement == ".");
    CHECK(first.ttl == 86400);
    CHECK(second.replacement == "next.example.");
    CHECK(answer.ttl == 60);
    CHECK(answer.authoritative);
}

TEST_CASE("a bad record is told by its place, its field and the octet") {
    const auto good = sip_record("sip:a@example.com");
    const auto message = Message::answer_to(sample_name)
                             .record(to_question, Type::naptr, good)
                             .record(to_question, Type::naptr, cut_end(good, 5))
                             .octets();
    const auto answer = read(message);
    REQUIRE(answer.malformed.size() == 1);
    CHECK(answer.malformed[0].record == 1);
    CHECK(answer.malformed[0].field == "regexp");
    CHECK(answer.malformed[0].octet == 14);  // order, preference, flags and services before it
    CHECK(answer.malformed[0].why == "runs past the end of the record");
}

TEST_CASE("a message cut anywhere is never read as a whole one") {
    for (const auto& row : codec_table()) {
        for (std::size_t size = 0; size < row.message.size(); ++size) {
            Answer answer;
            const Octets part(row.message.begin(), row.message.begin() + static_cast<std::ptrdiff_t>(size));
            const auto done = decode(part, question_of(row.type, row.asked), answer);
            if (done && !answer.cut) {
                INFO(row.what << " at " << size);
                FAIL("read as whole");
            }
        }
    }
}

TEST_CASE("where ldns reads a message, it reads the same, also after damage") {
    int compared = 0;
    std::mt19937 random(6116);  // NOLINT: the same damage each time
    for (const auto& row : codec_table()) {
        INFO(row.what);
        static_cast<void>(compare_with_ldns(row.message, question_of(Type::naptr, row.asked)));
        for (int turn = 0; turn < 1000; ++turn) {
            auto damaged = row.message;
            for (unsigned i = 0; i <= turn % 3U; ++i)
                damaged[2 + random() % (damaged.size() - 2)] = static_cast<std::uint8_t>(random());
            compared += compare_with_ldns(damaged, question_of(Type::naptr, row.asked)) ? 1 : 0;
        }
    }
    CHECK(compared > 1000);
}

TEST_CASE("aliases lead to the records, and their ring is seen") {
    const auto table = codec_table();
    const auto row = [&](std::string_view what) {
        return read(std::find_if(table.begin(), table.end(), [&](const Row& one) {
                        return one.what == what;
                    })->message);
    };
    CHECK(row("an alias").alias == "x.enum.example.");
    CHECK(row("aliases in the wrong order").alias == "y.example.");
    CHECK(row("an alias to itself").alias_loop);
    const auto dangling =
        Message::answer_to(sample_name).record(to_question, Type::cname, name("elsewhere.example")).octets();
    CHECK(read(dangling).alias == "elsewhere.example.");
    CHECK(read(dangling).naptrs.empty());
}

TEST_CASE("an answer is kept as long as its shortest-lived part, a no as its SOA says") {
    const auto good = sip_record("sip:a@example.com");
    const auto ttl = [](Message message) { return read(message.octets()).ttl; };
    const auto to = [] { return Message::answer_to(sample_name); };
    CHECK(ttl(to().record(to_question, Type::cname, name("x.example"), 1, 20)
                  .record(name("x.example"), Type::naptr, good)) == 20);
    CHECK(ttl(to().rcode(Rcode::no_such_name).record(name("arpa"), Type::soa, soa(60), 2, 300)) == 60);
    CHECK(ttl(to().rcode(Rcode::no_such_name).record(name("arpa"), Type::soa, soa(600), 2, 300)) == 300);
    CHECK(ttl(to().rcode(Rcode::no_such_name)) == 0);
    CHECK(ttl(to().record(to_question, Type::naptr, good, 1, 0xffffffff)) == 0);  // RFC 2181 8
}

TEST_CASE("EDNS widens the rcode and says more about an error") {
    const auto table = codec_table();
    for (const auto& row : table) {
        if (row.what != "EDNS with an extended error") continue;
        const auto answer = read(row.message, row.type, row.asked);
        REQUIRE(answer.extended_error);
        CHECK(answer.extended_error->code == 6);
        CHECK(answer.extended_error->text == "broken");
        CHECK(answer.rcode == Rcode::server_failure);
    }
    const auto version =
        Message::answer_to(sample_name).record({0}, Type::opt, {}, 3, 0x01000000, 1232).octets();
    CHECK(read(version).rcode == Rcode::bad_version);
}

TEST_CASE("texts and branch locations are read") {
    for (const auto& row : codec_table()) {
        const auto answer = read(row.message, row.type, row.asked);
        if (row.what == "a text") {
            REQUIRE(answer.texts.size() == 3);
            CHECK(answer.texts[0].text == "6");
            CHECK(answer.texts[1].text.empty());
            CHECK(answer.texts[2].text == "more");
        }
        if (row.what == "a branch location") {
            REQUIRE(answer.ebls.size() == 1);
            CHECK(answer.ebls[0].position == 2);
            CHECK(answer.ebls[0].separator == "i");
            CHECK(answer.ebls[0].apex == "e164.arpa.");
        }
    }
}

TEST_CASE("what is no answer to the question is refused") {
    const auto good = Message::answer_to(sample_name).octets();
    Answer answer;
    CHECK_FALSE(decode(Octets(good.begin(), good.begin() + 11), question_of(), answer));
    auto query = good;
    query[2] &= 0x7fU;
    CHECK_FALSE(decode(query, question_of(), answer));
    auto update = good;
    update[2] |= 0x28U;
    CHECK_FALSE(decode(update, question_of(), answer));
    CHECK_FALSE(decode(good, question_of(Type::txt), answer));
    CHECK_FALSE(decode(good, question_of(Type::naptr, "e164.arpa"), answer));
    CHECK(decode(good, question_of(), answer));
}

TEST_CASE("an answer's room is used again without a trace of the last one") {
    Answer answer;
    REQUIRE(decode(codec_table()[0].message, question_of(Type::naptr, codec_table()[0].asked), answer));
    REQUIRE(answer.naptrs.size() == 2);
    REQUIRE(decode(Message::answer_to(sample_name).octets(), question_of(), answer));
    CHECK(answer.naptrs.empty());
    CHECK(answer.ttl == 0);
}

TEST_CASE("an answer may be moved and still shows the same") {
    const auto message = Message::answer_to(sample_name)
                             .record(to_question, Type::naptr, naptr(1, 2, "", "", "", "n.example"))
                             .octets();
    auto answer = read(message);
    const auto moved = std::move(answer);
    CHECK(moved.naptrs.at(0).replacement == "n.example.");
}

TEST_CASE("a query is what ldns reads from it") {
    const auto octets = query_of(question_of(), {.id = 0xbeef, .dnssec = true});
    ldns_pkt* packet = nullptr;
    REQUIRE(ldns_wire2pkt(&packet, octets.data(), octets.size()) == LDNS_STATUS_OK);
    CHECK(ldns_pkt_id(packet) == 0xbeef);
    CHECK(ldns_pkt_rd(packet));
    CHECK_FALSE(ldns_pkt_qr(packet));
    CHECK(ldns_pkt_edns(packet));
    CHECK(ldns_pkt_edns_udp_size(packet) == 1232);
    CHECK(ldns_pkt_edns_do(packet));
    const auto* asked = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
    CHECK(ldns_rr_get_type(asked) == LDNS_RR_TYPE_NAPTR);
    char* text = ldns_rdf2str(ldns_rr_owner(asked));
    CHECK(std::string(text) == std::string(sample_name) + ".");
    std::free(text);  // NOLINT: ldns' own
    ldns_pkt_free(packet);
    const auto plain =
        query_of(question_of(), {.id = 1, .recursion = false, .checking_disabled = true, .payload = 0});
    CHECK(plain.size() == octets.size() - 11);
    CHECK(plain[2] == 0);
    CHECK(plain[3] == 0x30);
}

TEST_CASE("the longest name fits into a query") {
    Name name;
    while (name.append(std::string(62, 'x'))) {
    }
    while (name.append("x")) {
    }
    CHECK(query_of({.name = name, .type = Type::naptr}, {}).size() <= max_query);
}

TEST_CASE("a question is compared letter by letter, then without case") {
    const auto query = query_of(question_of(), {.id = 1});
    auto mixed = question_of();
    mixed.name.set_case(0);
    const auto compare = [&](const Octets& message) { return compare_question(message, query); };
    CHECK(compare(Message::answer_to(query).octets()) == Echo::exact);
    CHECK(compare(Message::answer_to(query_of(mixed, {.id = 1})).octets()) == Echo::folded);
    CHECK(compare(Message::answer_to(query_of(question_of(Type::txt), {.id = 1})).octets()) == Echo::other);
    CHECK(compare(Message::answer_to("e164.arpa").octets()) == Echo::other);
    CHECK(compare(Message{}.octets()) == Echo::absent);
    CHECK(compare({}) == Echo::other);
}
