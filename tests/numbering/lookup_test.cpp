#include "numbering/lookup.hpp"

#include "numbering/lookup_zone.hpp"

#include <catch2/catch.hpp>

namespace pbx::numbering {

namespace {
struct Found {
    std::string what;  // the URIs with blanks between, or the status
    std::vector<std::string> asked;
    std::vector<Record> records;
    Outcome outcome;
};

Found find(const Zone& zone, Order order = {}, const std::string& typed = number) {
    if (order.suffixes.empty()) order.suffixes = parse_suffixes("e164.arpa").value();
    if (order.wanted.names.empty()) order.wanted = parse_wanted("sip").value();
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    Found out;
    look_up(
        lookup, parse_number(typed).value(),
        [&](const auto& question) { return message_of(question, reply_from(zone, question)); }, &out.asked);
    out.outcome = lookup.outcome();
    out.records.assign(out.outcome.records().begin(), out.outcome.records().end());
    if (out.outcome.uris.empty()) out.what = name_of(out.outcome.status);
    for (std::size_t i = 0; i < out.outcome.uris.size(); ++i)
        out.what += (i == 0 ? "" : " ") + out.outcome.uri(i);
    return out;
}
}  // namespace

TEST_CASE("records are taken by order, then by preference, however they come") {
    const Zone zone{{here,
                     {terminal(200, 1, "sip:d@x"), terminal(100, 20, "sip:b@x"), terminal(100, 10, "sip:a@x"),
                      terminal(100, 65535, "sip:c@x")}}};
    const auto found = find(zone);
    CHECK(found.what == "sip:a@x sip:b@x sip:c@x");
    CHECK(found.records.at(3).fault.why == "a lower order has a good one");
    CHECK(found.records.at(3).uri.empty());
    CHECK(found.outcome.status == Status::ok);
    CHECK(found.outcome.ttl == 300);
}

TEST_CASE("a lower order without a service that was asked for does not end the search") {
    const Zone zone{{here, {terminal(100, 10, "h323:a@x", "E2U+h323"), terminal(200, 10, "sip:b@x")}}};
    CHECK(find(zone).what == "sip:b@x");
}

TEST_CASE(
    "behind the order that gave a URI no other order is considered, at the number's own name or below") {
    const Zone below{{here, {leads_to(10, "nt.example."), terminal(200, 10, "sip:late@x")}},
                     {"nt.example.", {terminal(300, 1, "sip:a@x"), terminal(400, 1, "sip:b@x")}}};
    CHECK(find(below, {.enough = 9}).what == "sip:a@x");
    const Zone empty{
        {here, {leads_to(10, "nt.example."), terminal(200, 10, "sip:late@x")}},
        {"nt.example.", {terminal(300, 1, "h323:a@x", "E2U+h323"), naptr(1, 1, "s", "", "!.!x!")}}};
    CHECK(find(empty, {.enough = 9}).what == "sip:late@x");
    const Zone above{{here, {terminal(50, 1, "sip:own@x"), leads_to(10, "nt.example.")}}};
    const auto found = find(above, {.enough = 9});
    CHECK(found.what == "sip:own@x");
    CHECK(found.asked.size() == 1);
}

TEST_CASE("a bad record is passed over alone, and says which field and octet ruled it out") {
    const Zone zone{
        {here,
         {naptr(100, 1, "s", "E2U+sip", "!^.*$!sip:x@x!"), naptr(100, 2, "u", "E2U_sip", "!^.*$!sip:x@x!"),
          naptr(100, 3, "u", "E2U+sip", "!^(.*$!sip:x@x!"),
          naptr(100, 4, "u", "E2U+sip", "!^.*$!sip:x@x!", "x.example."),
          naptr(100, 5, "u", "E2U+sip", "!^.*$!sip:a,b@x!"), terminal(100, 6, "sip:good@x")}}};
    const auto found = find(zone);
    CHECK(found.what == "sip:good@x");
    const auto at = [&](std::size_t i) {
        const auto& fault = found.records.at(i).fault;
        return std::string(name_of(fault.field)) + " " + std::to_string(fault.octet);
    };
    CHECK(at(0) == "flags 1");
    CHECK(at(1) == "services 4");
    CHECK(at(2) == "regexp 2");
    CHECK(at(3) == "replacement 0");
    CHECK(at(4) == "uri 6");
    CHECK_FALSE(found.records.at(5).fault);
}

TEST_CASE("a record that cannot be read names its field and the octet of its data") {
    auto cut = naptr(100, 1, "u", "E2U+sip", "!^.*$!sip:x@x!");
    cut.resize(cut.size() - 5);
    const auto found = find({{here, {cut}}});
    CHECK(found.what == "malformed");
    const auto& fault = found.records.at(0).fault;
    CHECK(fault.field == Field::regexp);
    CHECK(fault.octet == 15);  // behind order and preference, "u" and "E2U+sip" with their lengths
}

TEST_CASE("when nothing can be used, the record that came furthest names the outcome") {
    CHECK(find({{here, {terminal(1, 1, "h323:a@x", "E2U+h323"), naptr(1, 2, "u", "E2U+sip", "!^(.*$!x!")}}})
              .what == "bad_regexp");
    CHECK(find({{here, {naptr(1, 1, "u", "E2U+sip", "!^(.*$!x!"), naptr(1, 2, "u", "E2U+sip", "!^\\+7!x!")}}})
              .what == "no_match");
    CHECK(find({{here, {naptr(1, 1, "u", "E2U+sip", "!^\\+7!x!"), terminal(1, 2, "a b")}}}).what ==
          "bad_uri");
    CHECK(find({{here, {}}}).what == "nodata");
    CHECK(find({}).what == "nxdomain");
}

TEST_CASE("a non-terminal record is followed in its place, and its services mean nothing") {
    const Zone zone{{here, {leads_to(10, "nt.example."), terminal(100, 20, "sip:own@x")}},
                    {"nt.example.", {terminal(100, 10, "sip:there@x")}}};
    const auto found = find(zone, {.enough = 9});
    CHECK(found.what == "sip:there@x sip:own@x");
    CHECK(found.asked == std::vector<std::string>{here, "nt.example."});
    CHECK(found.records.at(0).followed);
    CHECK(found.records.at(2).hop == 1);
    const Zone with_service{{here, {naptr(100, 10, "", "E2U+h323", "", "nt.example.")}},
                            {"nt.example.", {terminal(100, 10, "sip:there@x")}}};
    CHECK(find(with_service).what == "sip:there@x");
}

TEST_CASE("a non-terminal behind the first good record is not asked") {
    const Zone zone{{here, {terminal(100, 5, "sip:own@x"), leads_to(10, "nt.example.")}}};
    const auto found = find(zone);
    CHECK(found.what == "sip:own@x");
    CHECK(found.asked.size() == 1);
    CHECK_FALSE(found.records.at(1).followed);
}

TEST_CASE("a non-terminal NAPTR is followed at most 5 times") {
    const auto chain = [](int hops) {
        Zone zone{{here, {leads_to(10, "nt1.example.")}}};
        for (int i = 1; i < hops; ++i)
            zone["nt" + std::to_string(i) + ".example."] = {
                leads_to(10, "nt" + std::to_string(i + 1) + ".example.")};
        zone["nt" + std::to_string(hops) + ".example."] = {terminal(100, 10, "sip:a@x")};
        return zone;
    };
    CHECK(find(chain(5)).what == "sip:a@x");
    const auto six = find(chain(6));
    CHECK(six.what == "too_deep");
    CHECK(six.asked.size() == 6);
}

TEST_CASE("a loop is cut where it closes, and the rest goes on") {
    CHECK(find({{here, {leads_to(10, here)}}}).what == "loop");
    const Zone there{{here, {leads_to(10, "NT1.example."), terminal(100, 20, "sip:a@x")}},
                     {"nt1.example.", {leads_to(10, "nt1.EXAMPLE.")}}};
    CHECK(find(there).what == "sip:a@x");
    const Zone round{{here, {leads_to(10, "a.example.")}},
                     {"a.example.", {leads_to(10, "b.example.")}},
                     {"b.example.", {leads_to(10, "a.example.")}}};
    const auto found = find(round);
    CHECK(found.what == "loop");
    CHECK(found.asked.size() == 3);
}

TEST_CASE("a zone cannot make one number many questions") {
    Zone zone;
    std::vector<Octets> fan;
    for (int i = 0; i < 100; ++i)
        fan.push_back(leads_to(static_cast<std::uint16_t>(i), "n" + std::to_string(i) + ".example."));
    zone[here] = fan;
    const auto found = find(zone);
    CHECK(found.what == "too_deep");
    CHECK(found.asked.size() == max_questions);
}

TEST_CASE("not more than so many records of one answer are judged") {
    std::vector<Octets> many;
    for (std::uint16_t i = 0; i < 400; ++i)
        many.push_back(terminal(1, static_cast<std::uint16_t>(1000 - i), "sip:u" + std::to_string(i) + "@x"));
    const auto found = find({{here, many}});
    CHECK(found.outcome.uris.size() == max_records);
    CHECK(found.outcome.uri() == "sip:u399@x");
    CHECK(found.outcome.partial);
}

TEST_CASE("not more than so many records of one number are judged, however many answers they come in") {
    Zone zone;
    for (std::uint16_t i = 0; i < 10; ++i) {
        const auto name = "n" + std::to_string(i) + ".example.";
        zone[here].push_back(leads_to(i, name));
        for (std::uint16_t j = 0; j < 100; ++j)
            zone[name].push_back(j < 90 ? terminal(1, j, "sip:u" + std::to_string(j) + "@x")
                                        : Octets(3, 'x'));
    }
    const auto found = find(zone, {.enough = 2000});
    CHECK(found.records.size() == max_records);
    CHECK(found.outcome.uris.size() == 180);
    CHECK(found.outcome.partial);
    CHECK(found.what.starts_with("sip:u0@x sip:u1@x "));
}

TEST_CASE("not more than so many patterns are compiled for one number") {
    std::vector<Octets> many;
    for (std::uint16_t i = 0; i < 100; ++i)
        many.push_back(naptr(1, i, "u", "E2U+sip", "!^(.{0," + std::to_string(i) + "}|x).*$!sip:u@x!"));
    const auto found = find({{here, many}});
    CHECK(found.outcome.uris.size() == most_patterns);
    CHECK(found.records.at(most_patterns).fault.status == Status::bad_regexp);
    CHECK(find({{here, many}}).outcome.uris.size() == most_patterns);  // each number anew
}

TEST_CASE("suffixes are asked one after the other until one knows the number") {
    const Order order{.suffixes = parse_suffixes("e164.arpa,e164.example,later.example").value()};
    const Zone zone{{"3.8.0.0.6.9.2.3.6.1.4.4.e164.example.", {terminal(1, 1, "sip:a@x")}}};
    const auto found = find(zone, order);
    CHECK(found.what == "sip:a@x");
    CHECK(found.asked.size() == 2);
    CHECK(find({}, order).asked.size() == 3);
}

TEST_CASE("a number of more than 15 digits is asked of private trees only, unless told otherwise") {
    const std::string sixteen = "+1234567890123456";
    CHECK(find({}, {}, sixteen).what == "bad_number");
    CHECK(find({}, {}, sixteen).asked.empty());
    CHECK(find({}, {.any_length = true}, sixteen).what == "nxdomain");
    CHECK(find({}, {.suffixes = parse_suffixes("e164.arpa,enum").value()}, sixteen).asked ==
          std::vector<std::string>{"6.5.4.3.2.1.0.9.8.7.6.5.4.3.2.1.enum."});
}

TEST_CASE("what may change soon outweighs a clean no") {
    const Order order{.suffixes = parse_suffixes("e164.arpa,e164.example").value(),
                      .wanted = parse_wanted("sip").value()};
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    REQUIRE(lookup.start(parse_number(number).value()));
    REQUIRE(lookup.on(Status::timeout));
    const auto second = lookup.start(parse_number(number).value());
    REQUIRE(second);
    REQUIRE(lookup.on(Status::timeout));
    dns::Answer none;
    none.rcode = dns::Rcode::no_such_name;
    CHECK_FALSE(lookup.on(none));
    CHECK(lookup.outcome().status == Status::timeout);
    CHECK(lookup.outcome().ttl == 0);
}

TEST_CASE("a non-terminal's silent server does not hide the records beside it") {
    const Order order{.suffixes = parse_suffixes("e164.arpa").value(), .wanted = parse_wanted("sip").value()};
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    const auto run = [&](std::vector<Octets> records) {
        const auto first = lookup.start(parse_number(number).value());
        const auto message = message_of(*first, reply_from({{here, std::move(records)}}, *first));
        dns::Answer answer;
        REQUIRE(dns::decode({reinterpret_cast<const std::uint8_t*>(message.data()), message.size()}, *first,
                            answer));
        REQUIRE(lookup.on(answer));
        CHECK_FALSE(lookup.on(Status::timeout));
        return lookup.outcome().status;
    };
    CHECK(run({leads_to(10, "nt.example."), terminal(100, 20, "sip:a@x")}) == Status::ok);
    CHECK(lookup.outcome().uri() == "sip:a@x");
    CHECK(run({leads_to(10, "nt.example.")}) == Status::timeout);
}

TEST_CASE("an alias into another server's zone is asked there") {
    const Order order{.suffixes = parse_suffixes("e164.arpa").value(), .wanted = parse_wanted("sip").value()};
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    std::vector<std::string> asked;
    look_up(
        lookup, parse_number(number).value(),
        [](const auto& question) {
            if (question.name.text() == "there.example.")
                return message_of(
                    question,
                    {.answers = {{.owner = wire_of("there.example"), .data = terminal(1, 1, "sip:a@x")}}});
            return message_of(question, {.answers = {{.owner = wire_of(question.name.text()),
                                                      .type = dns::Type::cname,
                                                      .data = wire_of("there.example")}}});
        },
        &asked);
    CHECK(lookup.outcome().status == Status::ok);
    CHECK(asked.size() == 2);
}

TEST_CASE("aliases from zone to zone are followed eight times, and a ring is cut where it closes") {
    const auto run = [](const std::map<std::string, std::string>& aliases) {
        const Order order{.suffixes = parse_suffixes("e164.arpa").value(),
                          .wanted = parse_wanted("sip").value()};
        Rewriter rewriter;
        Lookup lookup(order, rewriter);
        std::vector<std::string> asked;
        look_up(
            lookup, parse_number(number).value(),
            [&](const auto& question) {
                const auto name = question.name.text();
                const auto found = aliases.find(name);
                if (found == aliases.end())
                    return message_of(
                        question, {.answers = {{.owner = wire_of(name), .data = terminal(1, 1, "sip:a@x")}}});
                return message_of(question, {.answers = {{.owner = wire_of(name),
                                                          .type = dns::Type::cname,
                                                          .data = wire_of(found->second)}}});
            },
            &asked);
        return std::string(name_of(lookup.outcome().status)) + " " + std::to_string(asked.size());
    };
    const auto chain = [](int length) {
        std::map<std::string, std::string> out{{here, "n1.example."}};
        for (int i = 1; i < length; ++i)
            out["n" + std::to_string(i) + ".example."] = "n" + std::to_string(i + 1) + ".example.";
        return out;
    };
    CHECK(run(chain(8)) == "ok 9");
    CHECK(run(chain(9)) == "loop 9");
    CHECK(run({{here, "a.example."}, {"a.example.", "b.example."}, {"b.example.", "A.example."}}) ==
          "loop 3");
}

TEST_CASE("a truncated answer is used only where there is no way to the rest") {
    const auto run = [](bool takes_partial, std::vector<Octets> records, std::size_t cut) {
        const Order order{.suffixes = parse_suffixes("enum").value(),
                          .wanted = parse_wanted("sip").value(),
                          .takes_partial = takes_partial};
        Rewriter rewriter;
        Lookup lookup(order, rewriter);
        look_up(lookup, parse_number(number).value(), [&](const auto& question) {
            auto reply = reply_from({{question.name.text(), records}}, question);
            reply.truncated = true;
            reply.cut = cut;
            return message_of(question, reply);
        });
        const auto& outcome = lookup.outcome();
        CHECK(outcome.partial == (takes_partial && !records.empty()));
        return outcome.uris.empty() ? std::string(name_of(outcome.status)) : outcome.uri();
    };
    const std::vector<Octets> two{terminal(1, 1, "sip:a@x"), terminal(1, 2, "sip:b@x")};
    CHECK(run(false, two, 10) == "truncated");
    CHECK(run(true, two, 10) == "sip:a@x");
    CHECK(run(true, {terminal(1, 1, "h323:a@x", "E2U+h323")}, 0) == "truncated");
}

TEST_CASE("an EBL record names branch, label and tree") {
    const Order order{.suffixes = parse_suffixes("e164.arpa").value(),
                      .wanted = parse_wanted("sip").value(),
                      .branching = Branching::ebl};
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    std::vector<std::string> asked;
    look_up(
        lookup, parse_number(number).value(),
        [](const auto& question) {
            if (question.type == dns::Type::naptr)
                return message_of(question, {.rcode = dns::Rcode::no_such_name});
            const auto data = Octets(1, '\4') + string_of("inf") + wire_of("carrier.example");
            return message_of(question, {.answers = {{.owner = wire_of(question.name.text()),
                                                      .type = dns::Type::ebl,
                                                      .data = data}}});
        },
        &asked);
    CHECK(asked ==
          std::vector<std::string>{"i.4.4.e164.arpa.", "3.8.0.0.6.9.2.3.inf.6.1.4.4.carrier.example."});
}

TEST_CASE("a branch that is no place in the number does not make it a bad number") {
    for (const auto branching : {Branching::txt, Branching::ebl}) {
        const Order order{.suffixes = parse_suffixes("e164.arpa").value(),
                          .wanted = parse_wanted("sip").value(),
                          .branching = branching};
        Rewriter rewriter;
        Lookup lookup(order, rewriter);
        std::vector<std::string> asked;
        look_up(
            lookup, parse_number("+44163").value(),
            [&](const auto& question) {
                const auto data = branching == Branching::txt
                                      ? string_of("14")
                                      : Octets(1, '\x0e') + string_of("i") + wire_of("carrier.example");
                return message_of(question, {.answers = {{.owner = wire_of(question.name.text()),
                                                          .type = question.type,
                                                          .data = data}}});
            },
            &asked);
        CHECK(lookup.outcome().status == Status::nodata);
        CHECK(asked == std::vector<std::string>{"i.4.4.e164.arpa."});
    }
}

TEST_CASE("without a TXT record the branch stands behind the country code") {
    const auto found = find({}, {.branching = Branching::txt});
    CHECK(found.asked ==
          std::vector<std::string>{"i.4.4.e164.arpa.", "3.8.0.0.6.9.2.3.6.1.i.4.4.e164.arpa."});
}

TEST_CASE("a lookup is used again for the next number and keeps nothing of the last") {
    const Order order{.suffixes = parse_suffixes("e164.arpa").value(), .wanted = parse_wanted("sip").value()};
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    const Zone zone{{here, {terminal(1, 1, "sip:a@x"), terminal(1, 2, "sip:b@x")}},
                    {"1.4.4.e164.arpa.", {naptr(7, 8, "u", "E2U+h323", "!^.*$!h323:a@x!")}}};
    const auto server = [&](const auto& question) {
        return message_of(question, reply_from(zone, question));
    };
    look_up(lookup, parse_number(number).value(), server);
    CHECK(lookup.outcome().uris.size() == 2);
    look_up(lookup, parse_number("+441").value(), server);
    CHECK(lookup.outcome().status == Status::no_service);
    CHECK(lookup.outcome().records().size() == 1);
    CHECK(lookup.outcome().records()[0].uri.empty());
    look_up(lookup, parse_number("+442").value(), server);
    CHECK(lookup.outcome().status == Status::nxdomain);
    CHECK(lookup.outcome().records().empty());
}

}  // namespace pbx::numbering
