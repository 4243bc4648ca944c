#include "dialog/transcript.hpp"
#include "oksana/journal.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::oksana;

TEST_CASE("journal: a call prints as a dialog's test, and reads as one") {
    const std::vector<Turn> turns{
        {.kind = TurnKind::step, .text = "hello"},
        {.kind = TurnKind::said, .text = "Здравствуйте!\nКто это?"},
        {.kind = TurnKind::heard, .text = "соедините с ивановой", .verdict = "sure"},
        {.kind = TurnKind::heard, .text = "ага", .verdict = "unsure"},
        {.kind = TurnKind::heard, .text = "шшш", .verdict = "not_understood"},
        {.kind = TurnKind::timing, .text = "vad 20 ms"},
        {.kind = TurnKind::key, .text = "12"},
        {.kind = TurnKind::silence},
        {.kind = TurnKind::remark, .text = "transfer 105 context who=105"},
        {.kind = TurnKind::remark, .text = "busy"},
        {.kind = TurnKind::hangup},
    };
    const auto text = transcript("pbx-1.17", turns);
    CHECK(text ==
          "[pbx-1.17]\n"
          "< Здравствуйте! Кто это?\n"
          "> соедините с ивановой\n"
          "> ага ?\n"
          "> (noise)\n"
          "> (key 1)\n"
          "> (key 2)\n"
          "> (silence)\n"
          "= transfer 105 context who=105\n"
          "= busy\n"
          "> (hangup)\n");
    const auto script = dialog::parse_script(text, "journal");
    CHECK(script.faults.empty());
    REQUIRE(script.tests.size() == 1);
    CHECK(script.tests[0].lines.size() == 10);
}
