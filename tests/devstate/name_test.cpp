#include "devstate/name.hpp"

#include "core/text.hpp"
#include "devstate/pattern.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace pbx::devstate;

TEST_CASE("name: an item of another server is shown under the template, and read back") {
    const NameTemplate usual;
    struct Row {
        const char *name, *server, *extension;
    };
    for (const auto& row :
         {Row{"101", "b.example.com", "101*b.example.com"}, Row{"a/b", "c", "a~2Fb*c"},
          Row{"x*y)", "c", "x~2Ay~29*c"}, Row{"~", "c", "~7E*c"}, Row{"Жук", "c", "~D0~96~D1~83~D0~BA*c"},
          Row{"a@b+c#d-e_f.g", "c", "a@b+c#d-e_f.g*c"}}) {
        const auto extension = usual.encode(row.name, row.server);
        REQUIRE(extension);
        CHECK(*extension == row.extension);
        CHECK(usual.decode(*extension) == RemoteName{row.name, row.server});
    }
}

TEST_CASE("name: what isn't the template's is not taken for it") {
    const NameTemplate usual;
    for (const auto* text : {"101", "*b", "101*", "101*b c", "101*b*c", "a/b*c", "a~2f*c", "a~41*c", "a~2*c",
                             "~0A*c", "a~FF*c", ""})
        CHECK_FALSE(usual.decode(text));
    const auto other = NameTemplate::parse("r-{server}*-{name}.x");
    REQUIRE(other);
    CHECK(*other->encode("101", "b") == "r-b*-101.x");
    CHECK(other->decode("r-b*-101.x") == RemoteName{"101", "b"});
    CHECK(other->text() == "r-{server}*-{name}.x");
    CHECK_FALSE(other->decode("r-b*101.x"));
    CHECK_FALSE(other->decode("101*b"));
}

TEST_CASE("name: a template that could be misread is refused") {
    for (const auto* text :
         {"", "{name}", "{server}*", "{name}{server}", "{name}-{server}", "*{name}{server}",
          "{name}**{server}", "{name}*{server}*", "{name}*/{server}", "{name}*{server} "}) {
        INFO(text);
        CHECK_FALSE(NameTemplate::parse(text));
    }
    CHECK(NameTemplate::parse("{name}*{server}"));
    CHECK(NameTemplate::parse("7{name}-at*{server}"));
}

TEST_CASE("name: what can't be carried is refused with the reason") {
    const NameTemplate usual;
    struct Row {
        std::string name, server, reason;
    };
    for (const auto& row : {Row{"", "b", "an empty name"}, Row{"a\nb", "b", "a control byte in the name"},
                            Row{"a\xff", "b", "a name that is not UTF-8"},
                            Row{std::string(81, 'a'), "b", "a name longer than 80 bytes"},
                            Row{std::string(71, 'a'), "b", "an extension of 73 bytes; Asterisk takes 72"},
                            Row{"101", "b c", "no server name: b c"}}) {
        const auto extension = usual.encode(row.name, row.server);
        REQUIRE_FALSE(extension);
        CHECK(extension.error().what == row.reason);
    }
    CHECK(usual.encode(std::string(70, 'a'), "b"));
}

TEST_CASE("name: 100,000 made-up names are carried unchanged or refused") {
    std::mt19937_64 dice(1);
    const NameTemplate usual;
    const std::string_view alphabet =
        "0123456789abcXYZ/*)(~@#+-_. ,;:%$\"'\\\x01\x7f\xd0\x96\xe2\x82\xac\xff";
    std::size_t carried = 0, refused = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string name;
        const auto size = dice() % (i % 10 == 0 ? 90 : 12);
        for (std::size_t c = 0; c < size; ++c)
            name.push_back(i % 3 == 0 ? static_cast<char>(dice() % 256) : alphabet[dice() % alphabet.size()]);
        const auto extension = usual.encode(name, "b.example.com");
        if (!extension) {
            ++refused;
            CHECK_FALSE(extension.error().what.empty());
            continue;
        }
        ++carried;
        REQUIRE(extension->size() <= max_extension);
        REQUIRE(pbx::text::is_plain_line(*extension));
        REQUIRE(extension->find('/') == std::string::npos);
        REQUIRE(usual.decode(*extension) == RemoteName{name, "b.example.com"});
    }
    CHECK(carried > 20'000);
    CHECK(refused > 20'000);
}

TEST_CASE("name: whatever decodes is what its name encodes to") {
    std::mt19937_64 dice(2);
    const NameTemplate usual;
    const std::string_view alphabet = "01~2F7E*ab.-/";
    std::size_t ours = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string text;
        for (std::size_t c = dice() % 10; c > 0; --c)
            text.push_back(alphabet[dice() % alphabet.size()]);
        const auto remote = usual.decode(text);
        if (!remote) continue;
        ++ours;
        REQUIRE(usual.encode(remote->name, remote->server) == text);
    }
    CHECK(ours > 1000);
}

TEST_CASE("pattern: names match as Asterisk's extensions do, and give what was matched") {
    struct Row {
        const char *pattern, *name;
        std::optional<std::string_view> part;
    };
    for (const auto& row : {Row{"101", "101", "101"},
                            Row{"101", "101@internal", "101"},
                            Row{"101@internal", "101@internal", "101"},
                            Row{"101@internal", "101@other", std::nullopt},
                            Row{"PJSIP/101", "PJSIP/101", "101"},
                            Row{"PJSIP/_1XX", "PJSIP/101", "101"},
                            Row{"PJSIP/_1XX", "SIP/101", std::nullopt},
                            Row{"PJSIP/_1XX", "PJSIP/1010", std::nullopt},
                            Row{"_1XX@internal", "101@internal", "101"},
                            Row{"_1XX@internal", "101@internal2", std::nullopt},
                            Row{"_1XX", "101@internal", "101"},
                            Row{"_ZN", "12", "12"},
                            Row{"_ZN", "01", std::nullopt},
                            Row{"_ZN", "11", std::nullopt},
                            Row{"_1[2-4x]5", "135", "135"},
                            Row{"_1[2-4x]5", "1x5", "1x5"},
                            Row{"_1[2-4x]5", "155", std::nullopt},
                            Row{"_1.", "1", std::nullopt},
                            Row{"_1.", "1ab", "1ab"},
                            Row{"_1!", "1", "1"},
                            Row{"_.", "anything", "anything"},
                            Row{"CustomPresence:_1XX", "CustomPresence:101", "101"},
                            Row{"_1-0X", "10-1", "10-1"},
                            Row{"Custom:my_lamp", "Custom:my_lamp", "my_lamp"}}) {
        INFO(row.pattern << " on " << row.name);
        const auto pattern = Pattern::parse(row.pattern);
        REQUIRE(pattern);
        CHECK(pattern->match(row.name) == row.part);
    }
}

TEST_CASE("pattern: what Asterisk couldn't read is refused") {
    for (const auto* text : {"", "_", "_1[2", "_[]", "_[5-1]", "_1.2", "_!X"}) {
        INFO(text);
        CHECK_FALSE(Pattern::parse(text));
    }
}
