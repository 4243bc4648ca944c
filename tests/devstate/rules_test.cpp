#include "devstate/rules.hpp"

#include "devstate/offers.hpp"
#include "devstate/panel.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace pbx::devstate;

namespace {
using LocalKind = Local::Kind;
const Moment now{std::chrono::hours(1)};

Rules rules_of(const std::vector<RuleLine>& lines) {
    std::vector<pbx::Error> faults;
    auto out = Rules::parse(lines, faults);
    for (const auto& fault : faults)
        FAIL(fault.text());
    return out;
}

std::string fault_of(const std::string& key, const std::string& text) {
    std::vector<pbx::Error> faults;
    static_cast<void>(Rules::parse(std::vector<RuleLine>{{key, text, "pbxctl.conf:3:1"}}, faults));
    return faults.empty() ? "" : faults.front().text();
}

Local device(std::string name, State state) {
    return {.kind = LocalKind::device, .name = std::move(name), .state = state};
}
Local extension(std::string name, State state) {
    return {.kind = LocalKind::extension, .name = std::move(name), .state = state};
}

// What Asterisk would show if it did all the writer asks.
std::map<std::string, std::string> written(Writer& writer) {
    std::map<std::string, std::string> out;
    while (auto write = writer.next(now)) {
        out[write->device] = write->value;
        writer.written(write->id, now);
    }
    return out;
}
}  // namespace

TEST_CASE("rules: without a line every hint's extension is sent under its number, and everything is taken") {
    const Rules rules;
    CHECK(rules.send(extension("101@internal", State::inuse))->item ==
          Item{.name = "101", .state = State::inuse});
    CHECK_FALSE(rules.send(device("PJSIP/101", State::inuse)));
    CHECK(rules.take("b", {.name = "x"})->name == "x");
    CHECK(rules.sends(LocalKind::extension));
    CHECK_FALSE(rules.sends(LocalKind::mailbox));
}

TEST_CASE("rules: the first send line that matches decides, and hide goes before all of them") {
    const auto rules = rules_of({{"send", "device PJSIP/_1XX as 9{1}", ""},
                                 {"send", "device PJSIP/_XXX as {name}", ""},
                                 {"send", "mailbox _1XX@default", ""},
                                 {"send", "presence CustomPresence:_1XX", ""},
                                 {"send", "presence CustomPresence:_2XX as p{1} lamp", ""},
                                 {"hide", "device PJSIP/199", ""},
                                 {"map", "UNAVAILABLE to NOT_INUSE on send", ""},
                                 {"map", "ONHOLD to INUSE from c", ""},
                                 {"presence", "away to RINGING", ""}});
    CHECK(rules.send(device("PJSIP/101", State::inuse))->item.name == "9101");
    CHECK(rules.send(device("PJSIP/201", State::inuse))->item.name == "PJSIP/201");
    CHECK(rules.send(device("PJSIP/201", State::inuse))->rule == 1);
    CHECK_FALSE(rules.send(device("PJSIP/199", State::inuse)));
    CHECK_FALSE(rules.send(extension("101@internal", State::inuse)));
    CHECK(rules.send({.kind = LocalKind::mailbox, .name = "101@default", .state = State::inuse})->item.name ==
          "mwi101");
    CHECK(rules.send(device("PJSIP/101", State::unavailable))->item.state == State::not_inuse);
    const Local dnd{.kind = LocalKind::presence, .name = "CustomPresence:101", .presence = "dnd,a,b"};
    CHECK(rules.send(dnd)->item == Item{.kind = Kind::presence, .name = "101", .presence = "dnd,a,b"});
    CHECK(rules.send({.kind = LocalKind::presence, .name = "CustomPresence:201", .presence = "dnd,a,b"})
              ->item == Item{.name = "p201", .state = State::busy});
    CHECK(rules.send({.kind = LocalKind::presence, .name = "CustomPresence:201", .presence = "away"})
              ->item.state == State::ringing);
    CHECK(rules.take("c", {.name = "1", .state = State::onhold})->state == State::inuse);
    CHECK(rules.take("b", {.name = "1", .state = State::onhold})->state == State::onhold);
    CHECK(rules.take("c", {.name = "1", .state = State::unavailable})->state == State::unavailable);
}

TEST_CASE("rules: take renames, what no take line names isn't taken, and refuse goes before all of them") {
    const auto rules = rules_of({{"take", "_1XX from b.example.com as 7{name}", ""},
                                 {"take", "_2XX as {server}-{1}", ""},
                                 {"refuse", "_19X from *", ""}});
    CHECK(rules.take("b.example.com", {.name = "101"})->name == "7101");
    CHECK_FALSE(rules.take("c", {.name = "101"}));
    CHECK(rules.take("c", {.name = "201"})->name == "c-201");
    CHECK_FALSE(rules.take("b.example.com", {.name = "199"}));
}

TEST_CASE("rules: a line that can't be read is told with its place, what is wrong and what would be right") {
    CHECK(fault_of("send", "extension _1XX@internal") == "");
    CHECK(fault_of("send", "phone 101") ==
          "pbxctl.conf:3:1: [devstate] send: \"phone\" is no source; extension, device, mailbox or presence");
    CHECK(fault_of("send", "device") == "pbxctl.conf:3:1: [devstate] send: a name or pattern is missing");
    CHECK(fault_of("send", "device _1[2") ==
          "pbxctl.conf:3:1: [devstate] send: _1[2: [ without ]; _1XX is a pattern, 101 a name");
    CHECK(fault_of("send", "device 101 as {2}") ==
          "pbxctl.conf:3:1: [devstate] send: \"{2}\": no such place in braces; {1} and {name} are");
    CHECK(fault_of("send", "device 101 lamp") ==
          "pbxctl.conf:3:1: [devstate] send: only a presence needs the word lamp; the others are lamps by "
          "themselves");
    CHECK(fault_of("send", "device 101 to 5") ==
          "pbxctl.conf:3:1: [devstate] send: \"to\" is not understood here; "
          "SOURCE PATTERN [as NAME] [lamp]");
    CHECK(fault_of("take", "_1XX from a/b") ==
          "pbxctl.conf:3:1: [devstate] take: \"a/b\" is no server name; letters, "
          "digits and . _ -; * is every server");
    CHECK(fault_of("map", "ONHOLD INUSE") ==
          "pbxctl.conf:3:1: [devstate] map: \"to\" is missing; STATE to STATE [from SERVER], or STATE to "
          "STATE on send");
    CHECK(fault_of("map", "HOLD to INUSE")
              .starts_with("pbxctl.conf:3:1: [devstate] map: \"HOLD\" is no state of Asterisk's; NOT_INUSE"));
    CHECK(fault_of("map", "INUSE to UNKNOWN").starts_with("pbxctl.conf:3:1: [devstate] map: Asterisk can't"));
    CHECK(fault_of("presence", "asleep to BUSY")
              .starts_with("pbxctl.conf:3:1: [devstate] presence: \"asleep\" is no presence of Asterisk's"));
}

TEST_CASE("offers: another server's lamps are never told to others, whatever they are called here") {
    Offers offers(
        rules_of({{"send", "extension _.", ""}, {"send", "device _.", ""}, {"send", "presence _.", ""}}), {});
    CHECK_FALSE(offers.on(device("Custom:101*b.example.com", State::inuse)));
    CHECK_FALSE(offers.on(extension("101*b.example.com@lamps", State::inuse)));
    CHECK_FALSE(
        offers.on({.kind = LocalKind::presence, .name = "CustomPresence:101*b", .presence = "dnd,,"}));
    CHECK(offers.on(device("Custom:101", State::inuse)));
    CHECK(offers.on(device("Custom:101*", State::inuse)));
}

TEST_CASE(
    "offers: an extension whose hint names another server's lamp is not told to others, which is said once") {
    Offers offers(rules_of({{"send", "extension _1XX", ""}}), {});
    auto own = extension("101@internal", State::inuse);
    own.hint = "PJSIP/101&Custom:101,CustomPresence:101";
    CHECK(offers.on(own)->state == State::inuse);
    auto loop = own;
    loop.hint = "PJSIP/101&Custom:101*b";
    CHECK(offers.on(loop)->gone);  // it was told before the dialplan was changed
    CHECK_FALSE(offers.on(loop));
    CHECK(offers.table(std::vector<Local>{loop}).empty());
    CHECK(offers.take_remarks() ==
          std::vector<std::string>{
              "extension 101@internal isn't told to others: its hint names a lamp of another "
              "server: PJSIP/101&Custom:101*b"});
    own.hint = "PJSIP/101,CustomPresence:101*b";
    CHECK_FALSE(offers.on(own));
}

TEST_CASE("offers: one thing a name; the higher line goes before, and it is told once who is left out") {
    Offers offers(rules_of({{"send", "device PJSIP/_1XX", ""}, {"send", "extension _1XX", ""}}), {});
    CHECK(offers.on(extension("101@internal", State::ringing))->state == State::ringing);
    CHECK(offers.on(device("PJSIP/101", State::inuse))->state == State::inuse);
    CHECK_FALSE(offers.on(extension("101@internal", State::ringing)));
    CHECK_FALSE(offers.on(extension("101@internal", State::busy)));
    CHECK(
        offers.take_remarks() ==
        std::vector<std::string>{"extension 101@internal isn't told to others as 101: device PJSIP/101 is"});
    const std::vector<Local> snapshot{extension("101@internal", State::busy),
                                      device("PJSIP/101", State::onhold),
                                      extension("102@internal", State::busy)};
    CHECK(offers.table(snapshot) ==
          std::vector<Item>{{.name = "101", .state = State::onhold}, {.name = "102", .state = State::busy}});
    auto gone = device("PJSIP/101", State::unknown);
    gone.gone = true;
    CHECK(offers.on(gone) == Item{.name = "101", .state = State::busy});
    CHECK(offers.on(extension("101@internal", State::ringing)));
}

TEST_CASE("offers: a name whose thing is gone is the next one's at once, as that was heard last") {
    Offers offers(rules_of({{"send", "device PJSIP/_1XX", ""}, {"send", "extension _1XX", ""}}), {});
    const auto gone = [](Local local) {
        local.gone = true;
        return local;
    };
    const std::vector<Local> snapshot{extension("101@a", State::ringing), extension("101@b", State::inuse),
                                      extension("101@c", State::busy)};
    CHECK(offers.table(snapshot) == std::vector<Item>{{.name = "101", .state = State::ringing}});
    CHECK_FALSE(offers.on(extension("101@b", State::onhold)));
    CHECK_FALSE(offers.on(gone(extension("101@c", State::unknown))));
    CHECK(offers.on(gone(extension("101@a", State::unknown))) == Item{.name = "101", .state = State::onhold});
    CHECK(offers.on(extension("101@b", State::busy))->state == State::busy);
    SECTION("who is put aside by a higher line comes next, too") {
        CHECK(offers.on(device("PJSIP/101", State::inuse))->state == State::inuse);
        CHECK_FALSE(offers.on(extension("101@b", State::ringing)));
        CHECK_FALSE(offers.on(extension("101@a", State::ringing)));
        CHECK(offers.on(gone(device("PJSIP/101", State::unknown))) ==
              Item{.name = "101", .state = State::ringing});
        CHECK(offers.on(gone(extension("101@a", State::unknown)))->state == State::ringing);
    }
    CHECK(offers.on(gone(extension("101@b", State::unknown)))->gone);
    CHECK(offers.on(extension("101@c", State::busy))->state == State::busy);
}

TEST_CASE("offers: what can't be carried is refused with a reason, once") {
    Offers offers(rules_of({{"send", "device _.", ""}, {"send", "presence _.", ""}}), {});
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(offers.on(device("a\tb", State::inuse)));
    CHECK_FALSE(offers.on(
        {.kind = LocalKind::presence, .name = "CustomPresence:1", .presence = std::string(300, 'x')}));
    CHECK(offers.take_remarks().size() == 2);
    CHECK(offers.refused() == 2);
}

TEST_CASE("panel: an item lights its lamp under the template, and what can't be shown is told once") {
    Panel panel({.server = "a"}, {}, {});
    Writer writer({});
    writer.shown({}, now);
    CHECK(panel.show({"b", {.name = "101", .state = State::ringing}}, writer, now));
    CHECK(panel.show({"b", {.name = "x/y", .state = State::unknown}}, writer, now));
    CHECK(panel.show({"b", {.kind = Kind::presence, .name = "101", .presence = "dnd,,m"}}, writer, now));
    CHECK_FALSE(panel.show({"b", {.name = std::string(80, '7'), .state = State::inuse}}, writer, now));
    CHECK_FALSE(panel.show({"b", {.name = std::string(80, '7'), .state = State::busy}}, writer, now));
    CHECK(panel.take_remarks().size() == 1);
    CHECK(written(writer) == std::map<std::string, std::string>{{"Custom:101*b", "RINGING"},
                                                                {"Custom:x~2Fy*b", "UNAVAILABLE"},
                                                                {"CustomPresence:101*b", "dnd,,m"}});
}

TEST_CASE("panel: a presence that PRESENCE_STATE() can't be told turns dark, and is told once") {
    Panel panel({.server = "a", .gone = Gone::keep}, {}, {});
    Writer writer({});
    writer.shown({}, now);
    const auto with = [](std::size_t length) {
        return "dnd,," + std::string(length, 'm') + ",x";  // a comma: it goes as base64, which has a limit
    };
    for (const auto length : {10, 200, 201})
        panel.show(
            {"b",
             {.kind = Kind::presence, .name = "101", .presence = with(static_cast<std::size_t>(length))}},
            writer, now);
    CHECK(*writer.wanted("CustomPresence:101*b") == "unavailable,,");
    CHECK(panel.take_remarks().size() == 1);
    CHECK(panel.refused() == 1);
    panel.show({"b", {.kind = Kind::presence, .name = "101", .presence = with(10)}}, writer, now);
    CHECK(*writer.wanted("CustomPresence:101*b") == with(10));
}

TEST_CASE("panel: what is dark shows as was chosen") {
    for (const auto& [gone, lamp, presence] :
         {std::tuple(Gone::unavailable, "UNAVAILABLE", "unavailable,,"),
          std::tuple(Gone::not_inuse, "NOT_INUSE", "not_set,,"), std::tuple(Gone::keep, "INUSE", "dnd,,")}) {
        Panel panel({.server = "a", .gone = gone}, {}, {});
        Writer writer({});
        writer.shown({}, now);
        for (const bool dark : {false, true}) {
            panel.show({"b", {.name = "1", .state = State::inuse}, dark}, writer, now);
            panel.show({"b", {.kind = Kind::presence, .name = "1", .presence = "dnd,,"}, dark}, writer, now);
        }
        CHECK(*writer.wanted("Custom:1*b") == lamp);
        CHECK(*writer.wanted("CustomPresence:1*b") == presence);
        panel.show({"b", {.name = "1", .gone = true}, true}, writer, now);
        CHECK(*writer.wanted("Custom:1*b") != std::string("INUSE"));
    }
}

TEST_CASE("panel: lamps left from before the start turn dark when nobody lights them in time") {
    Panel panel({.server = "a"}, {}, {});
    Writer writer({});
    const std::vector<std::pair<std::string, std::string>> shown{
        {"Custom:1*b", "INUSE"}, {"Custom:2*b", "INUSE"},           {"Custom:1*a", "INUSE"},
        {"Custom:own", "INUSE"}, {"CustomPresence:1*old", "dnd,,"}, {"Custom:9*old", "UNAVAILABLE"}};
    panel.left(shown);
    writer.shown(shown, now);
    CHECK(written(writer).empty());
    panel.show({"b", {.name = "1", .state = State::inuse}}, writer, now);
    panel.clear_left({}, {}, writer, now);
    CHECK(written(writer) == std::map<std::string, std::string>{{"Custom:2*b", "UNAVAILABLE"},
                                                                {"CustomPresence:1*old", "unavailable,,"}});
    CHECK(panel.is_remote("Custom:1*b"));
    CHECK_FALSE(panel.is_remote("Custom:1*a"));
    CHECK_FALSE(panel.is_remote("PJSIP/1*b"));
}

TEST_CASE("panel: of the lamps left from before the start that are kept, those go out that are no more") {
    Panel panel({.server = "a", .gone = Gone::keep}, {}, {});
    Writer writer({});
    const std::vector<std::pair<std::string, std::string>> shown{
        {"Custom:1*b", "INUSE"}, {"Custom:2*b", "INUSE"}, {"Custom:1*c", "INUSE"}, {"Custom:1*d", "INUSE"}};
    panel.left(shown);
    writer.shown(shown, now);
    panel.show({"b", {.name = "1", .state = State::inuse}}, writer, now);
    panel.clear_left({}, {"b"}, writer, now);
    CHECK(written(writer) == std::map<std::string, std::string>{{"Custom:2*b", "UNAVAILABLE"}});
    CHECK(panel.has_left());  // c and d may come yet
    panel.show({"c", {.name = "1", .state = State::inuse}}, writer, now);
    panel.clear_left({}, {"b", "c"}, writer, now);
    CHECK(written(writer).empty());
    panel.clear_left({}, {"b", "c", "d"}, writer, now);
    CHECK(written(writer) == std::map<std::string, std::string>{{"Custom:1*d", "UNAVAILABLE"}});
    CHECK_FALSE(panel.has_left());
}

TEST_CASE("panel: after a reload what the new rules don't show turns dark, the rest is as they say") {
    Panel panel({.server = "a"}, {}, {});
    Writer writer({});
    writer.shown({}, now);
    const std::vector<Show> all{{"b", {.name = "101", .state = State::inuse}},
                                {"b", {.name = "201", .state = State::busy}}};
    for (const auto& one : all)
        panel.show(one, writer, now);
    static_cast<void>(written(writer));
    panel.change(Gone::unavailable, rules_of({{"take", "_1XX as 7{name}", ""}}), {}, all, writer, now);
    CHECK(written(writer) == std::map<std::string, std::string>{{"Custom:101*b", "UNAVAILABLE"},
                                                                {"Custom:201*b", "UNAVAILABLE"},
                                                                {"Custom:7101*b", "INUSE"}});
}
