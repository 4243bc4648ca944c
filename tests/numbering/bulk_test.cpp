#include "numbering/bulk.hpp"

#include "core/text.hpp"
#include "numbering/bulk_again.hpp"
#include "numbering/csv.hpp"
#include "numbering/responder.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace pbx;
using namespace pbx::numbering;
using namespace std::chrono_literals;

namespace {
struct Seen {
    std::uint64_t line;
    std::string typed, fault;
    bool operator==(const Seen&) const = default;
};

// All rows of a text that comes in portions of `portion` octets.
std::vector<Seen> rows_of(std::string_view text, const std::string& column = {},
                          std::size_t portion = 1 << 20) {
    InputRows rows(column);
    std::vector<Seen> out;
    for (bool more = true; more;) {
        auto row = rows.next();
        REQUIRE(row);
        if (*row) {
            out.push_back({(*row)->line, std::string((*row)->typed), std::string((*row)->fault)});
            continue;
        }
        more = !rows.at_end();
        const auto room = rows.room();
        const auto size = std::min({portion, text.size(), room.size()});
        std::copy_n(text.begin(), size, room.begin());
        text.remove_prefix(size);
        rows.filled(size);
    }
    return out;
}

std::vector<std::string> lines_of(const std::string& all) {
    std::vector<std::string> out;
    for (auto line : text::split(all, '\n'))
        out.emplace_back(line);
    REQUIRE(out.back().empty());
    out.pop_back();
    return out;
}

LookupSettings settings() {
    LookupSettings out;
    out.order.suffixes = parse_suffixes("e164.arpa").value();
    out.order.wanted = parse_wanted("sip").value();
    out.timeout = 2s;
    return out;
}

const Zone zone{
    {"1.4.4.e164.arpa.", {naptr(10, 1, "u", "E2U+sip", "!^.*$!sip:one@example.com!")}},
    {"2.4.4.e164.arpa.", {naptr(10, 1, "", "", "", "nt.example.")}},
    {"nt.example.", {naptr(10, 1, "u", "E2U+sip", "!^(.*)$!sip:\\1@nt.example!")}},
    {"3.4.4.e164.arpa.", {naptr(10, 1, "u", "E2U+tel", "!^.*$!tel:+3!")}},
};

dns::Answer answer_to(const dns::Question& question, Octets& message) {
    message = message_of(question, reply_from(zone, question));
    dns::Answer out;
    REQUIRE(
        dns::decode({reinterpret_cast<const std::uint8_t*>(message.data()), message.size()}, question, out));
    return out;
}

constexpr Bulk::Moment begin{1h};

// Takes the rows of a list and answers their questions, the last one first.
std::string looked_up(Bulk& bulk, std::string_view list) {
    std::vector<Bulk::Query> asked;
    std::uint64_t line = 0;
    for (auto typed : text::split(list, '\n'))
        if (const auto query = bulk.take({.line = ++line, .typed = typed}, begin)) asked.push_back(query);
    while (!asked.empty()) {
        const auto query = asked.back();
        asked.pop_back();
        Octets message;
        const auto answer = answer_to(*query.question, message);
        if (const auto next = bulk.on(query.token, answer, begin + 5ms)) asked.insert(asked.begin(), next);
    }
    return bulk.output();
}
}  // namespace

TEST_CASE("bulk: a list is one number a line, blanks, CR, byte order mark and empty lines aside") {
    const std::string_view text = "\xef\xbb\xbf+441\r\n\n  +44 2 \n \t\n+443";
    const std::vector<Seen> wanted{{1, "+441", ""}, {3, "+44 2", ""}, {5, "+443", ""}};
    for (std::size_t portion = 1; portion <= text.size(); ++portion)
        CHECK(rows_of(text, "", portion) == wanted);
    CHECK(rows_of("").empty());
    CHECK(rows_of("\n\n").empty());
}

TEST_CASE("bulk: a line over the limit is told once, and the next one is read") {
    const auto text = std::string(max_input_row + 5, '1') + "\n+442\n" + std::string(max_input_row, '2');
    for (std::size_t portion : {std::size_t{1000}, max_input_row, text.size()}) {
        const auto rows = rows_of(text, "", portion);
        REQUIRE(rows.size() == 3);
        CHECK(rows[0] == Seen{1, "", "longer than 64 KB"});
        CHECK(rows[1] == Seen{2, "+442", ""});
        CHECK(rows[2].typed.size() == max_input_row);
    }
}

TEST_CASE(
    "bulk: of CSV one column is the list, by its number or its name, quotes and line feeds in them seen") {
    const std::string_view text =
        "name;Phone ;note\r\n\"Smith; \"\"J\"\"\";+441;a\n\"two\nlines\";\"+442\";5\" pipe\nshort\n;+443;\n";
    const std::vector<Seen> wanted{
        {2, "+441", ""}, {3, "+442", ""}, {5, "", "the row has no such column"}, {6, "+443", ""}};
    for (std::size_t portion = 1; portion <= text.size(); ++portion)
        CHECK(rows_of(text, "phone", portion) == wanted);
    const auto by_number = rows_of(text, "2");
    REQUIRE(by_number.size() == 5);
    CHECK(by_number[0] == Seen{1, "Phone", ""});
    CHECK(rows_of("a,b\tc;d", "1")[0].typed == "a");
}

TEST_CASE("bulk: a quote without its end takes no more than the limit") {
    const auto text = "\"" + std::string(3 * max_input_row, 'x') + "\n+442\n";
    for (std::size_t portion : {std::size_t{999}, text.size()})
        CHECK(rows_of(text, "1", portion) ==
              std::vector<Seen>{{1, "", "longer than 64 KB"}, {2, "+442", ""}});
    CHECK(rows_of("\"+441", "1") == std::vector<Seen>{{1, "+441", ""}});
}

TEST_CASE("bulk: a quote without its end costs its own line, and those behind it are read") {
    const std::string_view short_list = "+441,a\n+442,\"b\n+443,c\n\n+444,d\n";
    const std::vector<Seen> wanted{
        {1, "+441", ""}, {2, "", "a quote without its other end"}, {3, "+443", ""}, {5, "+444", ""}};
    for (std::size_t portion = 1; portion <= short_list.size(); ++portion)
        CHECK(rows_of(short_list, "1", portion) == wanted);
    std::string text = "\"+440\n";
    for (std::size_t i = 0; i < max_input_row / 4; ++i)
        text += "+44" + std::to_string(i % 10) + "\n";
    for (std::size_t portion : {std::size_t{999}, max_input_row, text.size()}) {
        const auto rows = rows_of(text, "1", portion);
        REQUIRE(rows.size() == 1 + max_input_row / 4);
        CHECK(rows[0] == Seen{1, "", "a quote without its other end"});
        CHECK(rows[1] == Seen{2, "+440", ""});
        CHECK(rows.back().fault.empty());
    }
}

TEST_CASE("bulk: a column that is not there is named, with what was near it") {
    InputRows rows("phone");
    const std::string_view text = "name,fone\n1,2\n";
    std::copy(text.begin(), text.end(), rows.room().begin());
    rows.filled(text.size());
    const auto row = rows.next();
    REQUIRE(!row);
    CHECK(row.error().code == Code::data);
    CHECK(row.error().text().find("did you mean fone?") != std::string::npos);
}

TEST_CASE("bulk: the result is in the list's order, whatever the order of the answers") {
    const auto given = settings();
    Bulk bulk(given, {});
    CHECK(lines_of(looked_up(bulk, "+441\n+442\nfoo\tbar\n+443\n+444\n+441")) ==
          std::vector<std::string>{"+441\tok\tsip:one@example.com\tsip\t1\t300",
                                   "+442\tok\tsip:+442@nt.example\tsip\t1\t300",
                                   "foo?bar\tbad_number\t\t\t0\t0", "+443\tno_service\t\t\t0\t300",
                                   "+444\tnxdomain\t\t\t0\t0", "+441\tok\tsip:one@example.com\tsip\t1\t300"});
    CHECK(bulk.idle());
    CHECK(bulk.counts().rows == 6);
    CHECK(bulk.counts().found == 3);
    CHECK(bulk.counts().bad == 1);
    CHECK(bulk.counts().absent == 2);
    CHECK(bulk.counts().worst == 65);
}

TEST_CASE("bulk: each row comes out as soon as those before it are there") {
    const auto given = settings();
    Bulk bulk(given, {});
    const auto first = bulk.take({.line = 1, .typed = "+441"}, begin);
    const auto second = bulk.take({.line = 2, .typed = "+443"}, begin);
    CHECK(!bulk.on(second.token, Status::timeout, begin));
    CHECK(bulk.output().empty());
    CHECK(!bulk.on(first.token, Status::servfail, begin));
    CHECK(bulk.output() == "+441\tservfail\t\t\t0\t0\n+443\ttimeout\t\t\t0\t0\n");
    CHECK(bulk.counts().failed == 2);
    CHECK(bulk.counts().worst == 75);
}

TEST_CASE("bulk: a row of JSON is a document that says the same as the outcome") {
    const auto given = settings();
    Bulk bulk(given, {.form = RowForm::json});
    const auto rows = lines_of(looked_up(bulk, "+442\nno \"number\"\xff\x01"));
    REQUIRE(rows.size() == 2);
    const auto found = nlohmann::json::parse(rows[0]);
    CHECK(found["line"] == 1);
    CHECK(found["number"] == "+442");
    CHECK(found["status"] == "ok");
    CHECK(found["uri"] == "sip:+442@nt.example");
    CHECK(found["name"] == "2.4.4.e164.arpa.");
    CHECK(found["questions"] == 2);
    CHECK(found["ms"] == 5.0);
    REQUIRE(found["records"].size() == 2);
    CHECK(found["records"][0]["followed"] == true);
    CHECK(found["records"][1]["regexp"] == "!^(.*)$!sip:\\1@nt.example!");
    CHECK(found["records"][1]["hop"] == 1);
    const auto refused = nlohmann::json::parse(rows[1]);
    CHECK(refused["number"] == "no \"number\"\uFFFD\x01");
    CHECK(refused["code"] == "bad_number");
    CHECK(refused["why"].is_string());
}

TEST_CASE("bulk: JSON of a record with any octets is JSON") {
    for (int octet = 0; octet < 256; ++octet) {
        std::string out;
        append_json(std::string("a") + static_cast<char>(octet) + "z", out);
        const auto read = nlohmann::json::parse(out).get<std::string>();
        CHECK(read == (octet < 128 ? std::string("a") + static_cast<char>(octet) + "z" : "a\uFFFDz"));
    }
    std::string out;
    append_json("\xd1\x84\"", out);
    CHECK(out == "\"\xd1\x84\\\"\"");
}

TEST_CASE("bulk: records beyond the limit of a row are counted") {
    Outcome outcome;
    outcome.room.resize(200);
    outcome.used = 200;
    for (auto& record : outcome.room)
        record.services = std::string(255, '\x01');
    std::string out = "{";
    append_json(outcome, {.number = "+441"}, out);
    CHECK(out.size() < 2 * max_listed);
    const auto read = nlohmann::json::parse(out + "}");
    CHECK(read["records"].size() + read["unlisted"].get<std::size_t>() == 200);
}

TEST_CASE("bulk: CSV has a header, and quotes where a cell needs them") {
    const auto given = settings();
    Bulk bulk(given, {.form = RowForm::csv, .dial = parse_dial_form("pjsip:trunk").value()});
    bulk.rows().append_header(bulk.output());
    CHECK(lines_of(looked_up(bulk, "+441\na,\"b\"")) ==
          std::vector<std::string>{"number,status,uri,service,count,ttl,dial",
                                   "+441,ok,sip:one@example.com,sip,1,300,PJSIP/trunk/sip:one@example.com",
                                   "\"a,\"\"b\"\"\",bad_number,,,0,0,"});
    std::string cell;
    REQUIRE(csv::cell("\"a,\"\"b\"\"\",x", ',', 0, cell));
    CHECK(cell == "a,\"b\"");
}

TEST_CASE("bulk: what a spreadsheet would carry out is text in CSV, and its row is still known again") {
    const auto given = settings();
    Bulk bulk(given, {.form = RowForm::csv});
    const std::vector<std::string> typed{
        "=HYPERLINK(\"http://x\")", "-1+cmd|x", "@SUM(1)", "+1+cmd|x", "+", "1=x"};
    for (std::size_t i = 0; i < typed.size(); ++i)
        CHECK_FALSE(bulk.take({.line = i + 1, .typed = typed[i]}, begin));
    const auto rows = lines_of(bulk.output());
    REQUIRE(rows.size() == typed.size());
    CHECK(rows[0].starts_with("\"'=HYPERLINK(\"\"http://x\"\")\","));
    CHECK(rows[1].starts_with("'-1+cmd|x,"));
    CHECK(rows[2].starts_with("'@SUM(1),"));
    CHECK(rows[3].starts_with("'+1+cmd|x,"));
    CHECK(rows[4].starts_with("'+,"));
    CHECK(rows[5].starts_with("1=x,"));
    for (std::size_t i = 0; i < typed.size(); ++i)
        CHECK(rows[i].starts_with(bulk.beginning({.line = i + 1, .typed = typed[i]}).value()));
}

TEST_CASE("bulk: one column alone") {
    const auto given = settings();
    Bulk bulk(given, {.only = Column::uri});
    CHECK(looked_up(bulk, "+441\n+443\n?") == "sip:one@example.com\n\n\n");
    CHECK(!bulk.beginning({.line = 1, .typed = "+441"}));
}

TEST_CASE("bulk: what is ahead of its turn has a limit") {
    const auto given = settings();
    Bulk bulk(given, {});
    const auto first = bulk.take({.line = 1, .typed = "+441"}, begin);
    std::uint64_t taken = 1;
    for (; !bulk.full(); ++taken)
        static_cast<void>(bulk.take({.line = taken + 1, .typed = "none"}, begin));
    CHECK(taken <= max_ahead);
    CHECK(bulk.output().empty());
    CHECK(!bulk.on(first.token, Status::timeout, begin));
    CHECK(bulk.idle());
    CHECK(lines_of(bulk.output()).size() == taken);
    CHECK(bulk.full() == (bulk.output().size() >= max_waiting_octets));
    bulk.output().clear();
    CHECK(!bulk.full());
}

TEST_CASE("bulk: a question is asked again with a later deadline") {
    const auto given = settings();
    Bulk bulk(given, {});
    const auto query = bulk.take({.line = 1, .typed = "+441"}, begin);
    CHECK(query.deadline == begin + 2s);
    const auto again = bulk.again(query.token, begin + 3s);
    CHECK(again.question == query.question);
    CHECK(again.deadline == begin + 5s);
    CHECK(bulk.times_again(query.token) == 1);
}

TEST_CASE("bulk: each row is known again by its beginning") {
    const auto given = settings();
    for (auto form : {RowForm::tsv, RowForm::csv, RowForm::json}) {
        Bulk bulk(given, {.form = form});
        const std::vector<std::string> typed{"+441", "+44 (3)", "a,\tb", "+4412345678901234567890"};
        for (std::size_t i = 0; i < typed.size(); ++i)
            if (const auto query = bulk.take({.line = i + 1, .typed = typed[i]}, begin))
                static_cast<void>(bulk.on(query.token, Status::timeout, begin));
        const auto rows = lines_of(bulk.output());
        REQUIRE(rows.size() == typed.size());
        for (std::size_t i = 0; i < typed.size(); ++i)
            CHECK(rows[i].starts_with(bulk.beginning({.line = i + 1, .typed = typed[i]}).value()));
        CHECK(!rows[0].starts_with(bulk.beginning({.line = 1, .typed = "+442"}).value()));
    }
}

TEST_CASE("bulk: a file is gone on with behind its last whole line, by one run at a time") {
    const test::TempFolder folder;
    const auto path = folder / "rows";
    const auto content = [&] {
        std::ifstream in(path);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    {
        auto made = ResumeFile::open(path);
        REQUIRE(made);
        CHECK(made->lines() == 0);
        const auto second = ResumeFile::open(path);
        REQUIRE(!second);
        CHECK(second.error().code == Code::try_again);
    }
    const auto longest = std::string(200'000, 'x');
    std::ofstream(path) << "first\n" << longest << "\nlast\ntor";
    auto file = ResumeFile::open(path);
    REQUIRE(file);
    CHECK(file->lines() == 3);
    CHECK(file->first() == "first");
    CHECK(file->last() == "last");
    CHECK(content() == "first\n" + longest + "\nlast\n");
    CHECK(!ResumeFile::open(folder / "absent/rows"));
    CHECK(ResumeFile::open("/dev/null").error().code == Code::usage);
}

TEST_CASE("bulk: a row tells what became of its number, in each form") {
    const auto given = settings();
    for (auto form : {RowForm::tsv, RowForm::csv, RowForm::json}) {
        Bulk bulk(given, {.form = form});
        const auto timed_out = bulk.take({.line = 1, .typed = "+441"}, begin);
        CHECK(!bulk.on(timed_out.token, Status::timeout, begin));
        CHECK(looked_up(bulk, "+441\n+443\n\",\"status\":\"ok\",") == bulk.output());
        std::vector<std::string> told;
        for (const auto& row : lines_of(bulk.output()))
            told.emplace_back(name_of(bulk.rows().status_in(row).value()));
        CHECK(told == std::vector<std::string>{"timeout", "ok", "no_service", "bad_number"});
        for (const auto* other :
             {"", "+441", "number,status,uri", "{\"line\":1,\"number\":\"+441\"}", "a\tb\tc"})
            CHECK_FALSE(bulk.rows().status_in(other));
    }
    CHECK((is_final(Status::ok) && is_final(Status::nxdomain) && is_final(Status::bad_number)));
    CHECK_FALSE((is_final(Status::timeout) || is_final(Status::refused) || is_final(Status::malformed)));
}

TEST_CASE("bulk: a row that is there already keeps its place among those that are asked for") {
    const auto given = settings();
    Bulk bulk(given, {});
    const auto first = bulk.take({.line = 1, .typed = "+441"}, begin);
    bulk.keep("+442\tok\tsip:kept@example.com\tsip\t1\t300");
    CHECK(bulk.output().empty());
    CHECK(bulk.in_order() == 0);
    CHECK(!bulk.on(first.token, Status::timeout, begin));
    bulk.keep("+443\tno_service\t\t\t0\t300");
    CHECK(bulk.output() ==
          "+441\ttimeout\t\t\t0\t0\n+442\tok\tsip:kept@example.com\tsip\t1\t300\n"
          "+443\tno_service\t\t\t0\t300\n");
    CHECK(bulk.in_order() == 3);
    CHECK(bulk.counts().rows == 1);
}

TEST_CASE("bulk: a file is written anew beside itself, and takes its place whole") {
    const test::TempFolder folder;
    const auto path = folder / "rows";
    const auto content = [](const std::string& of) {
        std::ifstream in(of);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const auto old = "one\n" + std::string(600'000, 'x') + "\nthree\nfour\n";
    std::ofstream(path) << old;
    auto file = ResumeFile::open(path);
    REQUIRE(file);
    {
        auto dropped = AgainFile::open(*file, path);
        REQUIRE(dropped);
        CHECK(std::filesystem::exists(path + ".again"));
    }
    CHECK_FALSE(std::filesystem::exists(path + ".again"));
    auto again = AgainFile::open(*file, path);
    REQUIRE(again);
    CHECK(again->line().value() == "one");
    again->pop();
    CHECK(again->line().value().size() == 600'000);
    again->pop();
    CHECK(again->line().value() == "three");
    CHECK(content(path) == old);
    REQUIRE(::write(again->descriptor(), "new\n", 4) == 4);
    REQUIRE(again->finish(1));
    CHECK(content(path) == "new\n" + old.substr(4));
    CHECK_FALSE(std::filesystem::exists(path + ".again"));
}
