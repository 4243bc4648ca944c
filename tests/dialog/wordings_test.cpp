#include "dialog/wordings.hpp"

#include "dialog/load.hpp"

#include <catch2/catch.hpp>

using namespace pbx::dialog;

namespace {
constexpr const char* text = R"([dialog]
language = en
start = hello
fail = bye
[list staff]
adams => 105, Adams
baker => 106, Baker
[hello]
play = oksana/hello
say = Whom do you want?
hear = {who:@staff} => wait
hear = {n:@number} => wait
else = Whom do you want?
silence = Hello?
[wait]
say = ${who.2} will come.
say = You said ${n}.
=> bye
[bye]
say = Goodbye!
hangup
)";
}

TEST_CASE("wordings: what can be known before a call is there once, names of a list filled in") {
    auto loaded = read(text, "t.conf");
    REQUIRE(loaded.ok());
    auto wordings = wordings_of(loaded.dialog, Language::en);
    std::vector<std::string> known;
    for (const auto& say : wordings.known)
        known.push_back(say.file + "|" + say.text);
    CHECK(known == std::vector<std::string>{"oksana/hello|Whom do you want?", "|Whom do you want?", "|Hello?",
                                            "|Adams will come.", "|Baker will come.", "|Goodbye!"});
    CHECK(wordings.only_in_call == 1);                                  // "You said ${n}."
    CHECK(wordings_of(loaded.dialog, Language::ru).known.size() == 1);  // the recording alone
}
