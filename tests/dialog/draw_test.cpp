// Pictures of a dialog: every step and arrow is there, and no text of the dialog can break their syntax.
#include "dialog/draw.hpp"

#include "dialog/load.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace pbx::dialog;

namespace {
const Dialog& dialog() {
    static const Loaded loaded = read(R"([dialog]
language = en
start = hello
fail = desk
[interrupt]
stop | be quiet => stop
[hello]
say = Say "yes" & <no> \ or #1.
if = ${hour} < 9 and not ${caller} = 5 => bye
hear = yes | yeah | sure | fine => desk
hear = no => bye
key = 1 => desk
key = {pin:4} => lost_one
else = What?
silence = Hello?
[desk]
transfer = 100
busy => bye
noanswer => bye
[bye]
hangup
)",
                                      "pictures.conf");
    return loaded.dialog;
}
bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("the plain picture shows each step with its lines and arrows") {
    CHECK(draw(dialog(), Form::text) == R"(hello  (start)
    Say "yes" & <no> \ or #1.
    if (${hour} < 9) and (not (${caller} = 5)) -> bye
    yes | yeah | sure | …, key 1 -> desk
    no -> bye
    key {pin} -> lost_one

desk
    transfer 100
    busy, noanswer -> bye

bye
    hangup

stop | be quiet => stop
tries or turns run out => desk
)");
}

TEST_CASE("DOT quotes what the dialog says") {
    const auto picture = draw(dialog(), Form::dot);
    CHECK(picture.starts_with("digraph \"pictures\" {"));
    CHECK(has(picture, "label=\"hello\\nSay \\\"yes\\\" & <no> \\\\ or #1.\\l\""));
    CHECK(has(picture, "s0 -> s1 [label=\"yes | yeah | sure | …\\nkey 1\"];"));
    CHECK(has(picture, "s1 -> s2 [label=\"busy\\nnoanswer\", style=dashed];"));
    CHECK(has(picture, "x0 [shape=plaintext, label=\"lost_one\"];"));
    CHECK(picture.ends_with("}\n"));
}

TEST_CASE("Mermaid writes its own signs as references") {
    const auto picture = draw(dialog(), Form::mermaid);
    CHECK(picture.starts_with("flowchart TD\n"));
    CHECK(has(picture, "s0[\"hello<br/>Say #quot;yes#quot; #amp; #lt;no#gt; \\ or #35;1.\"]"));
    CHECK(has(picture, "s0 -->|\"no\"| s2"));
    CHECK(has(picture, "s1 -.->|\"busy<br/>noanswer\"| s2"));
}

TEST_CASE("a form is known by its name") {
    CHECK(form_named("dot") == Form::dot);
    CHECK(form_named("mermaid") == Form::mermaid);
    CHECK(form_named("text") == Form::text);
    CHECK_FALSE(form_named("svg"));
}
