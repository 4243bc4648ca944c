#include "oksana/outbox_senders.hpp"
#include "support/temp_folder.hpp"

#include <fstream>

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace pbx;
using namespace pbx::oksana;

namespace {
Senders from(const test::TempFolder& folder, const std::string& conf) {
    const auto file = folder / "pbxctl.conf";
    std::ofstream(file) << conf;
    auto reading = config::read_settings(
        {.file = file, .environment = [](const std::string&) -> std::optional<std::string> { return {}; }});
    for (const auto& fault : reading.faults)
        UNSCOPED_INFO(fault.text());
    REQUIRE(reading.faults.empty());
    return senders_of(reading.settings);
}

QueuedMessage to(const std::string& kind, const std::string& target) {
    return {.message = {.kind = kind, .target = target, .text = "x"}};
}
}  // namespace

TEST_CASE("outbox: senders come from pbxctl.conf") {
    test::TempFolder folder;
    auto none = from(folder, "");
    CHECK((!none.tg && !none.http && !none.exec));
    auto senders =
        from(folder, "[exec pager]\nprogram = /bin/true\narg = -x\n[exec broken]\nprogram = /bin/false\n");
    REQUIRE(senders.exec);
    CHECK(senders.exec(to("exec", "pager")).fate == Fate::sent);
    CHECK(senders.exec(to("exec", "broken")).fate == Fate::again);
    CHECK(senders.exec(to("exec", "other")).error == "no [exec other] in pbxctl.conf");
}

TEST_CASE("outbox: a kind that is set up wrongly keeps its messages and says why") {
    test::TempFolder folder;
    auto wrong = from(folder, "[tg]\nchat = ops\n");
    REQUIRE(wrong.tg);
    auto delivery = wrong.tg(to("tg", "ops"));
    CHECK((delivery.fate == Fate::again && delivery.error.find("NAME, NUMBER") != std::string::npos));
    auto no_token = from(folder, "[tg]\nchat = ops, -1\nsecret_file = /no/such/file\n");
    CHECK(no_token.tg(to("tg", "ops")).error.find("/no/such/file") != std::string::npos);
    auto no_bearer = from(folder, "[http crm]\nurl = http://127.0.0.1:1/\nsecret_file = /no/such/file\n");
    CHECK(no_bearer.http(to("http", "crm")).fate == Fate::again);
}
