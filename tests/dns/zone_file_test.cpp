#include "dns/zone_file.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::dns;

namespace {
using Strings = std::vector<std::string>;

// "first-last text" or "first-last ! fault"
Strings lines_of(std::string_view file) {
    ZoneLines lines(file);
    Strings out;
    while (const auto line = lines.next()) {
        const auto place = std::to_string(line->first) + "-" + std::to_string(line->last) + " ";
        out.push_back(line->fault.empty() ? place + line->text : place + "! " + std::string(line->fault));
    }
    return out;
}

Strings words_of(std::string_view line) {
    const auto words = zone_words(line);
    return {words.begin(), words.end()};
}

// "line owner type ttl octets-of-data" or "line ! fault"
Strings records_of(std::string_view file, std::string_view origin = ".") {
    Strings out;
    const auto read = read_zone(file, Name::parse(origin).value(), [&](const ZoneItem& item) {
        const auto line = std::to_string(item.line.first) + " ";
        if (!item.fault.empty()) return out.push_back(line + "! " + std::string(item.fault));
        out.push_back(line + item.owner.text() + " " + std::to_string(static_cast<int>(item.type)) + " " +
                      std::to_string(item.ttl) + " " + std::to_string(item.data.size()));
    });
    if (!read) out.push_back(read.error().text());
    return out;
}
}  // namespace

TEST_CASE("zone file: a logical line ends where no quote and no parenthesis is open") {
    CHECK(lines_of("a A 1\nb A 2").size() == 2);
    CHECK(lines_of("a A 1\r\n\r\n ; only a comment\nb A 2 ; more\n") == Strings{"1-1 a A 1", "4-4 b A 2 "});
    CHECK(lines_of("a SOA ( 1 ; one\n 2\n) ; end\nb A 3\n") == Strings{"1-3 a SOA   1   2   ", "4-4 b A 3"});
    CHECK(lines_of("a TXT \"(;)\" \\( \\;\nb A 3") == Strings{"1-1 a TXT \"(;)\" \\( \\;", "2-2 b A 3"});
    CHECK(lines_of("a TXT \"x\\\"y;z\"") == Strings{"1-1 a TXT \"x\\\"y;z\""});
    CHECK(lines_of("").empty());
    CHECK(lines_of("\n\n  \n").empty());
}

TEST_CASE("zone file: what is left open is told, and the next line is read again") {
    CHECK(lines_of("a TXT \"x\nb A 1\n") == Strings{"1-1 ! a quote without its other end", "2-2 b A 1"});
    CHECK(lines_of("a A 1 )\nb A 1\n") == Strings{"1-1 ! a parenthesis without its other end", "2-2 b A 1"});
    CHECK(lines_of("a SOA ( 1\n2\n3") == Strings{"1-3 ! a parenthesis without its other end"});
    CHECK(lines_of(std::string(max_zone_line + 1, 'x')) == Strings{"1-1 ! longer than a record can be"});
    CHECK(lines_of("a A 1\\") == Strings{"1-1 a A 1\\"});
    CHECK(lines_of("a A 1\\\nb") == Strings{"1-1 a A 1\\", "2-2 b"});
}

TEST_CASE("zone file: words keep their quotes and backslashes") {
    CHECK(words_of("a  NAPTR\t1 \"u v\" \"x\\\"y\" .") ==
          Strings{"a", "NAPTR", "1", "\"u v\"", "\"x\\\"y\"", "."});
    CHECK(words_of("  ").empty());
    CHECK(words_of("a\\ b c\\") == Strings{"a\\ b", "c\\"});
}

TEST_CASE("zone file: records with their owners, types and TTLs as ldns reads them") {
    CHECK(records_of("$ORIGIN e164.example.\n$TTL 2h\n@ SOA ns host 1 2 3 4 5\n  NS ns\n"
                     "1.4 NAPTR 100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" .\n"
                     "1.4 60 IN TXT x\n$ORIGIN deeper\nx A 192.0.2.1\n") ==
          Strings{"3 e164.example. 6 7200 56", "4 e164.example. 2 7200 17", "5 1.4.e164.example. 35 7200 30",
                  "6 1.4.e164.example. 16 60 2", "8 x.deeper.e164.example. 1 7200 4"});
    CHECK(records_of("a A 192.0.2.1\n", "example.") == Strings{"1 a.example. 1 3600 4"});
    CHECK(records_of("a.example. TYPE65300 \\# 3 010203") == Strings{"1 a.example. 65300 3600 3"});
}

TEST_CASE("zone file: a bad line spoils no other, and directives that are not followed are told") {
    const auto records = records_of(
        "a A 1.2.3\n$INCLUDE x\nb A 192.0.2.1\n$GENERATE 1-2 $ A 192.0.2.1\n$TTL x\n"
        "$ORIGIN a..b\n$ORDER 1\nc A 192.0.2.2");
    REQUIRE(records.size() == 8);
    CHECK(records[0].substr(0, 4) == "1 ! ");
    CHECK(records[1] == "2 ! $INCLUDE is not followed: look at that file, too");
    CHECK(records[2] == "3 b. 1 3600 4");
    CHECK(records[3] == "4 ! $GENERATE is not carried out");
    CHECK(records[4].substr(0, 4) == "5 ! ");
    CHECK(records[5].substr(0, 4) == "6 ! ");
    CHECK(records[6] == "7 ! not a directive of master files");
    CHECK(records[7] == "8 c. 1 3600 4");
    CHECK(records_of(std::string_view("a A 192.0.2.1\0\n", 15)) == Strings{"1 ! an octet 0"});
}
