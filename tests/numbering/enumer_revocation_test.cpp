#include "numbering/enumer_revocation.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;

namespace {
const std::string record = "enum:441632960083:0";

std::string bucket_of(std::string_view srl, std::string_view name = record) {
    const auto list = Revocation::parse(srl);
    REQUIRE(list);
    REQUIRE(*list);
    return (*list)->bucket(name);
}

bool has_list(std::string_view value) {
    const auto list = Revocation::parse(value);
    REQUIRE(list);
    return list->has_value();
}
}  // namespace

TEST_CASE("enumer: a record's bucket is named by bits of its hash") {
    // reckoned apart from the program: the hash is 0xaf4ca2fc
    CHECK(bucket_of("SRL=5|srl:enum-%02x") == "srl:enum-1c");
    CHECK(bucket_of("SRL=8|srl:enum-%02X") == "srl:enum-FC");
    CHECK(bucket_of("SRL=16|srl:%d") == "srl:41724");
    CHECK(bucket_of("SRL=16|srl:%u:x") == "srl:41724:x");
    CHECK(bucket_of("SRL=16|srl:%o") == "srl:121374");
    CHECK(bucket_of("SRL=0|srl:%02x") == "srl:00");
    CHECK(bucket_of("SRL=5|srl:enum-%02x", "enum:17771234567:0") == "srl:enum-10");
}

TEST_CASE("enumer: one bucket for all when the template has no number") {
    CHECK(bucket_of("SRL=5|srl:enum") == "srl:enum");
    CHECK(bucket_of("SRL=99|srl:enum") == "srl:enum");
    CHECK(bucket_of("SRL=|srl:enum") == "srl:enum");
}

TEST_CASE("enumer: the list is found among other lines, in any case") {
    CHECK(bucket_of("info=me\r\nsrl = 0 |srl:a\nSRL=0|srl:b") == "srl:a");
    CHECK(bucket_of("SRL=1|\nSRL=0|srl:b") == "srl:b");  // one without a template is passed over
    CHECK_FALSE(has_list(""));
    CHECK_FALSE(has_list("SIG=x|y\nSR=0|srl:a"));
    CHECK_FALSE(has_list("SRL 0|srl:a"));
}

TEST_CASE("enumer: a list that can't be read is told, never taken for none") {
    for (std::string_view bad :
         {"SRL=5", "SRL=5|", "SRL=5|srl:%s", "SRL=5|srl:%5x", "SRL=5|srl:%", "SRL=5|srl:%02",
          "SRL=5|srl:%x%x", "SRL=5|srl:%%", "SRL=17|srl:%x", "SRL=-1|srl:%x", "SRL=99999999999|srl:%x"}) {
        INFO(bad);
        const auto list = Revocation::parse(bad);
        REQUIRE_FALSE(list);
        CHECK(list.error().code == Code::data);
    }
    CHECK_FALSE(Revocation::parse("SRL=5|" + std::string(256, 'x')));
    CHECK(Revocation::parse("SRL=5|" + std::string(255, 'x')));
}

TEST_CASE("enumer: a bucket's name is no longer than the node makes it") {
    CHECK(bucket_of("SRL=5|srl:%0600x").size() == 511);
    CHECK(bucket_of("SRL=5|srl:%099999999999999999999999999x").size() == 511);
    CHECK(bucket_of("SRL=5|srl:%08x").size() == 12);
}

TEST_CASE("enumer: a name anywhere in its bucket is revoked") {
    CHECK(is_revoked(record, "enum:1:0\nenum:441632960083:0\n"));
    CHECK(is_revoked(record, "x enum:441632960083:01"));  // as the node reads it
    CHECK_FALSE(is_revoked(record, "enum:44163296008:0"));
    CHECK_FALSE(is_revoked(record, ""));
}
