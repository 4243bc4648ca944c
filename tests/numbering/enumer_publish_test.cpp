#include "numbering/enumer_publish.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;

namespace {
const std::string line = "E2U+sip=100|10|!^.*$!sip:a@example.com!";

Publication publication() {
    return {.digits = "441632960083", .entries = {*entry_for("sip:a@example.com", "E2U+sip", 100, 10)}};
}

// Names by their owners: "mine" is ours.
struct Store {
    std::map<std::string, StoredName> names{};

    Result<Draft> draft(const Publication& wanted) const {
        return numbering::draft(
            wanted,
            [this](const std::string& name) -> Result<std::optional<StoredName>> {
                const auto found = names.find(name);
                return found == names.end() ? std::nullopt : std::optional(found->second);
            },
            [](const std::string& address) -> Result<bool> { return address == "mine"; });
    }
};
}  // namespace

TEST_CASE("publish: a usual service is known by the URI's scheme") {
    CHECK(service_for("sip:a@example.com") == "E2U+sip");
    CHECK(service_for("SIPS:a@example.com") == "E2U+sip");
    CHECK(service_for("tel:+44") == "E2U+voice:tel");
    CHECK(service_for("mailto:a@example.com") == "E2U+email:mailto");
    CHECK_FALSE(service_for("foo:bar"));
    CHECK_FALSE(service_for("a@example.com"));
}

TEST_CASE("publish: a URI that nobody should dial is not published") {
    CHECK(entry_for("sip:a@example.com", "E2U+sip", 1, 2) ==
          EnumerEntry{1, 2, "E2U+sip", "!^.*$!sip:a@example.com!"});
    for (std::string_view bad : {"", "a@example.com", "sip:a b@example.com", "sip:a@example.com\nSIG=x|y",
                                 "sip:${SHELL(id)}@example.com", "sip:a`id`@example.com"}) {
        INFO(bad);
        const auto entry = entry_for(bad, "E2U+sip", 1, 2);
        REQUIRE_FALSE(entry);
        CHECK(entry.error().code == Code::data);
    }
}

TEST_CASE("publish: without a node it is a new name") {
    const auto made = draft(publication());
    REQUIRE(made);
    CHECK(made->order.operation == NameOperation::make);
    CHECK(made->order.name == "enum:441632960083:0");
    CHECK(made->order.value == line);
    auto wanted = publication();
    wanted.place = 3;
    wanted.ttl = 60;
    wanted.signatures = {{"ver:enum", "abc="}};
    CHECK(draft(wanted)->order.name == "enum:441632960083:3");
    CHECK(draft(wanted)->order.value == "SIG=ver:enum|abc=\nTTL=60\n" + line);
}

TEST_CASE("publish: one's own name is written over, its signatures and time to live stay") {
    Store store;
    store.names["enum:441632960083:0"] = {.value = "x", .address = "somebody"};
    store.names["enum:441632960083:1"] = {.value = "SIG=ver:enum|old\nSIG=ver:b|b\nTTL=60\nE2U+sip=1|1|!a!b!",
                                          .address = "mine"};
    auto made = store.draft(publication());
    REQUIRE(made);
    CHECK(made->order.operation == NameOperation::update);
    CHECK(made->order.name == "enum:441632960083:1");
    CHECK(made->order.value == "SIG=ver:enum|old\nSIG=ver:b|b\nTTL=60\n" + line);
    CHECK_FALSE(made->unchanged);
    auto signed_anew = publication();
    signed_anew.signatures = {{"ver:enum", "new"}};
    signed_anew.ttl = 30;
    made = store.draft(signed_anew);
    REQUIRE(made);
    CHECK(made->order.value == "SIG=ver:enum|new\nSIG=ver:b|b\nTTL=30\n" + line);
    store.names["enum:441632960083:1"].value = made->order.value;
    CHECK(store.draft(publication())->unchanged);
}

TEST_CASE("publish: the first free place is taken when none is one's own") {
    Store store;
    CHECK(store.draft(publication())->order.name == "enum:441632960083:0");
    store.names["enum:441632960083:0"] = {.value = "x", .address = "somebody"};
    store.names["enum:441632960083:1"] = {.value = "x", .address = "mine", .expired = true};
    const auto made = store.draft(publication());
    REQUIRE(made);
    CHECK(made->order.name == "enum:441632960083:1");
    CHECK(made->order.operation == NameOperation::make);  // what ran out is made anew
}

TEST_CASE("publish: a place that is somebody else's is refused") {
    Store store;
    store.names["enum:441632960083:0"] = {.value = "x", .address = "somebody"};
    auto wanted = publication();
    wanted.place = 0;
    const auto made = store.draft(wanted);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Code::refused);
    CHECK(made.error().what.find("somebody") != std::string::npos);
    for (unsigned place = 0; place < EnumerCheck::most_records; ++place)
        store.names[enumer_name("441632960083", place)] = {.value = "x", .address = "somebody"};
    CHECK(store.draft(publication()).error().code == Code::refused);
}

TEST_CASE("publish: no number, no URI and a value too long are bad data") {
    auto wanted = publication();
    wanted.digits = "";
    CHECK(draft(wanted).error().code == Code::data);
    wanted.digits = std::string(41, '1');
    CHECK(draft(wanted).error().code == Code::data);
    wanted = publication();
    wanted.entries.clear();
    CHECK(draft(wanted).error().code == Code::data);
    wanted.entries.assign(1000, publication().entries.front());
    CHECK(draft(wanted).error().code == Code::data);
}
