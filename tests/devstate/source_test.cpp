#include "devstate/source.hpp"

#include "ami/codec.hpp"
#include "devstate/snapshot.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;

namespace {

ami::Message message(std::string_view lines) {
    ami::Decoder decoder;
    decoder.feed(std::string(lines) + "\n\n");
    return decoder.next().value().value();
}

std::string shown(const std::vector<Local>& locals) {
    std::string out;
    for (const auto& local : locals) {
        out.append(name_of(local.kind)).append(" ").append(local.name).append(" ");
        if (local.gone)
            out += "gone";
        else if (local.kind == Local::Kind::presence)
            out += local.presence;
        else
            out += name_of(local.state);
        out += "; ";
    }
    return out;
}

std::string said(Source& source, std::string_view lines) {
    return shown(source.on(message(lines)));
}

Source old_source() {
    Source source;
    source.begin({.text = "Asterisk Call Manager/1.1", .major = 1, .minor = 1});
    return source;
}

Error refusal(Code code) {
    return {code, "x", {}, {}};
}

ami::List list_of(std::initializer_list<std::string_view> entries) {
    ami::List list;
    for (const auto entry : entries)
        list.entries.push_back(message(entry));
    return list;
}

}  // namespace

TEST_CASE("source: a modern Asterisk's events are values as they stand") {
    Source source;
    source.begin({.text = "", .major = 11, .minor = 0});
    CHECK(said(source, "Event: DeviceStateChange\nDevice: PJSIP/101\nState: RINGINUSE") ==
          "device PJSIP/101 RINGINUSE; ");
    CHECK(said(source,
               "Event: ExtensionStatus\nExten: 101\nContext: internal\nHint: PJSIP/101\nStatus: 8\n"
               "StatusText: Ringing") == "extension 101@internal RINGING; ");
    CHECK(said(source, "Event: ExtensionStatus\nExten: 101\nContext: internal\nHint: \nStatus: -2") ==
          "extension 101@internal gone; ");
    CHECK(said(source,
               "Event: PresenceStateChange\nPresentity: CustomPresence:101\nStatus: dnd\nSubtype: sub\n"
               "Message: at, lunch") == "presence CustomPresence:101 dnd,sub,at, lunch; ");
    CHECK(said(source, "Event: MessageWaiting\nMailbox: 101@default\nWaiting: 1\nNew: 2\nOld: 0") ==
          "mailbox 101@default INUSE; ");
    CHECK(said(source, "Event: MessageWaiting\nMailbox: 101@default\nWaiting: 1\nNew: 0\nOld: 3") ==
          "mailbox 101@default NOT_INUSE; ");
    CHECK(said(source, "Event: MessageWaiting\nMailbox: 101@default\nWaiting: 0") ==
          "mailbox 101@default NOT_INUSE; ");
}

TEST_CASE("source: what is not for it, or is odd, says nothing") {
    Source source;
    source.begin({.text = "", .major = 11, .minor = 0});
    CHECK(said(source, "Event: FullyBooted").empty());
    CHECK(said(source, "Event: DeviceStateChange\nDevice: PJSIP/101\nState: ODD").empty());
    CHECK(said(source, "Event: DeviceStateChange\nState: INUSE").empty());
    CHECK(said(source, "Event: PresenceStateChange\nStatus: dnd").empty());
    CHECK(said(source, "Event: MessageWaiting").empty());
    // 13 tells the device itself: its channels are nobody's business
    CHECK(said(source, "Event: Newstate\nChannel: SIP/101-1\nChannelState: 6").empty());
}

TEST_CASE("source: in Asterisk 1.8 a hint of one device tells that device too") {
    auto source = old_source();
    CHECK(said(source, "Event: ExtensionStatus\nExten: 101\nContext: internal\nHint: SIP/101\nStatus: 1") ==
          "extension 101@internal INUSE; device SIP/101 INUSE; ");
    CHECK(said(source,
               "Event: ExtensionStatus\nExten: 200\nContext: internal\nHint: SIP/101&SIP/102\nStatus: 0") ==
          "extension 200@internal NOT_INUSE; ");
    CHECK(said(source, "Event: ExtensionStatus\nExten: 101\nContext: internal\nHint: \nStatus: -2") ==
          "extension 101@internal gone; ");
}

TEST_CASE("source: an extension comes with its hint, in Asterisk 1.8 also when its channel tells of it") {
    const auto hint_of = [](Source& source, std::string_view text) {
        return source.on(message(text)).at(0).hint;
    };
    Source modern;
    CHECK(hint_of(modern,
                  "Event: ExtensionStatus\nExten: 101\nContext: i\nHint: SIP/101&Custom:1*b\nStatus: 1") ==
          "SIP/101&Custom:1*b");
    auto old = old_source();
    CHECK(
        hint_of(old, "Event: ExtensionStatus\nExten: 101\nContext: i\nHint: SIP/101&Custom:1*b\nStatus: 0") ==
        "SIP/101&Custom:1*b");
    CHECK(hint_of(old, "Event: Newstate\nChannel: SIP/101-1\nChannelState: 6") == "SIP/101&Custom:1*b");
}

TEST_CASE("source: in Asterisk 1.8 the calling side is busy by its channel") {
    auto source = old_source();
    static_cast<void>(
        said(source, "Event: ExtensionStatus\nExten: 101\nContext: internal\nHint: SIP/101\nStatus: 0"));
    CHECK(said(source, "Event: Newchannel\nChannel: SIP/101-00000001\nChannelState: 0").empty());
    CHECK(
        said(source, "Event: Newstate\nChannel: SIP/101-00000001\nChannelState: 4\nChannelStateDesc: Ring") ==
        "extension 101@internal INUSE; device SIP/101 INUSE; ");
    CHECK(said(source, "Event: Newstate\nChannel: SIP/101-00000001\nChannelState: 6\nChannelStateDesc: Up")
              .empty());
    // a second call rings in
    CHECK(said(source, "Event: Newstate\nChannel: SIP/101-00000002\nChannelState: 5") ==
          "extension 101@internal RINGINUSE; device SIP/101 RINGINUSE; ");
    CHECK(said(source, "Event: Hangup\nChannel: SIP/101-00000001\nCause: 16") ==
          "extension 101@internal RINGING; device SIP/101 RINGING; ");
    CHECK(said(source, "Event: Hangup\nChannel: SIP/101-00000002") ==
          "extension 101@internal NOT_INUSE; device SIP/101 NOT_INUSE; ");
    CHECK(said(source, "Event: Hangup\nChannel: SIP/101-00000002").empty());
}

TEST_CASE("source: in Asterisk 1.8 hold and busy of a hint are not overruled by a channel") {
    auto source = old_source();
    static_cast<void>(said(source, "Event: Newstate\nChannel: SIP/101-1\nChannelState: 6"));
    CHECK(said(source, "Event: ExtensionStatus\nExten: 101\nContext: i\nHint: SIP/101\nStatus: 16") ==
          "extension 101@i ONHOLD; device SIP/101 ONHOLD; ");
    CHECK(said(source, "Event: ExtensionStatus\nExten: 101\nContext: i\nHint: SIP/101\nStatus: 0") ==
          "extension 101@i INUSE; device SIP/101 INUSE; ");
}

TEST_CASE("source: in Asterisk 1.8 a masquerade renames a channel and leaves nothing behind") {
    auto source = old_source();
    static_cast<void>(said(source, "Event: Newstate\nChannel: SIP/101-1\nChannelState: 6"));
    CHECK(said(source, "Event: Rename\nChannel: SIP/101-1\nNewname: SIP/102-1\nUniqueid: 1.1") ==
          "device SIP/101 NOT_INUSE; device SIP/102 INUSE; ");
    CHECK(said(source, "Event: Hangup\nChannel: SIP/102-1") == "device SIP/102 NOT_INUSE; ");
}

TEST_CASE("source: in Asterisk 11 a hint's presence is its provider's") {
    auto source = old_source();
    CHECK(said(source,
               "Event: PresenceStatus\nExten: 101\nContext: i\nHint: SIP/101,CustomPresence:101\n"
               "Status: away\nSubtype: \nMessage: back at 2") ==
          "presence CustomPresence:101 away,,back at 2; ");
    CHECK(said(source, "Event: PresenceStatus\nExten: 101\nContext: i\nHint: SIP/101\nStatus: away").empty());
}

TEST_CASE("source: a new session begins with nothing") {
    auto source = old_source();
    static_cast<void>(said(source, "Event: Newstate\nChannel: SIP/101-1\nChannelState: 6"));
    source.begin({.text = "", .major = 1, .minor = 3});
    CHECK(source.age() == Age::old);
    CHECK(said(source, "Event: Hangup\nChannel: SIP/101-1").empty());
}

TEST_CASE("snapshot: three lists of a modern Asterisk become one table") {
    Source source;
    source.begin({.text = "", .major = 11, .minor = 0});
    Snapshot snapshot({.mailboxes = true}, source);
    const auto questions = snapshot.questions();
    std::vector<std::string> names;
    for (const auto& question : questions)
        names.push_back(question.action.name());
    CHECK(names == std::vector<std::string>{"VoicemailUsersList", "ExtensionStateList", "DeviceStateList",
                                            "PresenceStateList"});
    snapshot.on_list(0, list_of({"Event: VoicemailUserEntry\nVMContext: default\nVoiceMailbox: 101\n"
                                 "NewMessageCount: 2\nOldMessageCount: 0"}));
    snapshot.on_list(1,
                     list_of({"Event: ExtensionStatus\nExten: 101\nContext: i\nHint: PJSIP/101\nStatus: 1"}));
    snapshot.on_list(2, list_of({"Event: DeviceStateChange\nDevice: PJSIP/101\nState: INUSE",
                                 "Event: DeviceStateChange\nDevice: Custom:x\nState: BUSY"}));
    CHECK_FALSE(snapshot.is_done());
    snapshot.on_list(3, list_of({}));
    REQUIRE(snapshot.is_done());
    const auto table = snapshot.take().value();
    CHECK(table.missing.empty());
    CHECK(shown(table.locals) ==
          "mailbox 101@default INUSE; extension 101@i INUSE; device PJSIP/101 INUSE; "
          "device Custom:x BUSY; ");
}

TEST_CASE("snapshot: a module that is not loaded is named, and the rest is had") {
    Source source;
    source.begin({.text = "", .major = 11, .minor = 0});
    Snapshot snapshot({}, source);
    static_cast<void>(snapshot.questions());
    snapshot.on_list(0, list_of({}));
    snapshot.on_list(1, tl::unexpected(refusal(Code::no)));
    snapshot.on_list(2, tl::unexpected(refusal(Code::refused)));
    REQUIRE(snapshot.is_done());
    const auto table = snapshot.take().value();
    REQUIRE(table.missing.size() == 2);
    CHECK(table.missing[0].what == "device states");
    CHECK(table.missing[0].why.code == Code::no);
    CHECK(table.missing[1].what == "presence states");
    CHECK(table.missing[1].why.code == Code::refused);
}

TEST_CASE("snapshot: a cut in the middle gives no table") {
    Source source;
    Snapshot snapshot({}, source);
    static_cast<void>(snapshot.questions());
    snapshot.on_list(0, list_of({}));
    snapshot.on_list(1, tl::unexpected(refusal(Code::unavailable)));
    snapshot.on_list(2, list_of({}));
    CHECK_FALSE(snapshot.take());
}

TEST_CASE("snapshot: Asterisk 12, which has none of the lists, is asked by its hints") {
    Source source;
    source.begin({.text = "", .major = 2, .minor = 0});
    Snapshot snapshot({}, source);
    CHECK(snapshot.questions().size() == 3);
    for (std::size_t i = 0; i < 3; ++i)
        snapshot.on_list(i, tl::unexpected(refusal(Code::no)));
    CHECK(source.age() == Age::old);
    const auto more = snapshot.questions();
    REQUIRE(more.size() == 3);
    snapshot.on_list(more[2].number,
                     list_of({"Event: CoreShowChannel\nChannel: SIP/102-1\nChannelState: 6"}));
    snapshot.on_answer(more[0].number,
                       message("Response: Success\n"
                               "Output:     -= Registered Asterisk Dial Plan Hints =-\n"
                               "Output:                   101@internal            : SIP/101               "
                               "State:Idle            Watchers  0\n"
                               "Output:                   _2XX@internal           : SIP/${EXTEN}          "
                               "State:Unavailable     Watchers  0\n"
                               "Output:                   102@internal            : SIP/102               "
                               "State:Idle            Watchers  2\n"
                               "Output: - 3 hints registered"));
    snapshot.on_answer(more[1].number,
                       message("Response: Success\nOutput: --- Name: 'Custom:lamp'  State: 'BUSY'\n"
                               "Output: ---"));
    const auto hints = snapshot.questions();
    REQUIRE(hints.size() == 2);
    CHECK(hints[0].action.lines() == "Action: ExtensionState\r\nExten: 101\r\nContext: internal\r\n");
    snapshot.on_answer(hints[0].number, message("Response: Success\nExten: 101\nContext: internal\n"
                                                "Hint: SIP/101\nStatus: 0"));
    CHECK_FALSE(snapshot.is_done());
    snapshot.on_answer(hints[1].number, message("Response: Success\nExten: 102\nContext: internal\n"
                                                "Hint: SIP/102\nStatus: 0"));
    REQUIRE(snapshot.is_done());
    const auto table = snapshot.take().value();
    CHECK(table.missing.empty());
    CHECK(shown(table.locals) ==
          "device SIP/102 INUSE; device Custom:lamp BUSY; extension 101@internal NOT_INUSE; device SIP/101 "
          "NOT_INUSE; extension 102@internal INUSE; device SIP/102 INUSE; ");
}

TEST_CASE("snapshot: an old Asterisk's missing right for commands is told once") {
    auto source = old_source();
    Snapshot snapshot({}, source);
    CHECK(snapshot.questions().size() == 3);
    snapshot.on_answer(0, tl::unexpected(refusal(Code::refused)));
    snapshot.on_answer(1, tl::unexpected(refusal(Code::refused)));
    snapshot.on_list(2, list_of({}));
    const auto table = snapshot.take().value();
    REQUIRE(table.missing.size() == 2);
    CHECK(table.missing[0].what == "hints");
}
