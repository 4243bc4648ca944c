#include "devstate/settable.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;

namespace {

std::string shown(std::string_view device, std::string_view state) {
    const auto setting = setting_of(device, state);
    return setting ? setting->variable + "=" + setting->value : "refused: " + setting.error().what;
}

}  // namespace

TEST_CASE("settable: Custom: devices and CustomPresence: become the functions' assignments") {
    CHECK(shown("Custom:lamp", "INUSE") == "DEVICE_STATE(Custom:lamp)=INUSE");
    CHECK(shown("custom:Lamp", "ringinuse") == "DEVICE_STATE(Custom:Lamp)=RINGINUSE");
    CHECK(shown("Custom:101*b.example.com", "BUSY") == "DEVICE_STATE(Custom:101*b.example.com)=BUSY");
    CHECK(shown("CustomPresence:101", "dnd,office,lunch, at 2") ==
          "PRESENCE_STATE(CustomPresence:101)=dnd,b2ZmaWNl,bHVuY2gsIGF0IDI=,e");
    CHECK(shown("CustomPresence:101", "not_set") == "PRESENCE_STATE(CustomPresence:101)=not_set");
}

TEST_CASE("settable: a presence's message goes as it is, or as base64 when it has a comma") {
    CHECK(presence_value("dnd").value() == "dnd");
    CHECK(presence_value("dnd,office").value() == "dnd,office");
    CHECK(presence_value("dnd,office,lunch").value() == "dnd,office,lunch");
    CHECK(presence_value("dnd,,a,b,c").value() == "dnd,,YSxiLGM=,e");
    CHECK(presence_value("dnd,," + std::string(185, 'x') + ","));
    CHECK_FALSE(presence_value("dnd,," + std::string(186, 'x') + ","));
}

TEST_CASE("settable: what Asterisk would refuse or spoil is refused first") {
    for (const auto* device : {"PJSIP/101", "101@internal", "", "Custom", "Custom:", "Custom:a/b",
                               "Custom:a\nb", "CustomPresence:", "CustomPresence:a/b"})
        CHECK(shown(device, "INUSE").starts_with("refused: "));
    for (const auto* state : {"UNKNOWN", "", "LIT", "INUSE ", "dnd"})
        CHECK(shown("Custom:lamp", state).starts_with("refused: "));
    for (const auto* presence : {"", "lit", "INUSE", "dnd,a\r\nb"})
        CHECK(shown("CustomPresence:101", presence).starts_with("refused: "));
}

TEST_CASE("settable: a name that no hint could name is refused at its limit") {
    CHECK_FALSE(shown("Custom:" + std::string(72, 'x'), "INUSE").starts_with("refused"));
    CHECK(shown("Custom:" + std::string(73, 'x'), "INUSE").starts_with("refused"));
    CHECK_FALSE(shown("CustomPresence:1", "dnd,," + std::string(251, 'x')).starts_with("refused"));
    CHECK(shown("CustomPresence:1", "dnd,," + std::string(252, 'x')).starts_with("refused"));
}
