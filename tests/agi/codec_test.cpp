#include "agi/codec.hpp"

#include "agi/codec_table.hpp"
#include "agi/parse_args.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::agi;

namespace {

std::vector<Item> decode(std::initializer_list<std::string_view> parts) {
    AnswerDecoder decoder;
    std::vector<Item> items;
    for (const auto part : parts) {
        decoder.feed(part);
        while (true) {
            auto item = decoder.next();
            REQUIRE(item);
            if (!*item) break;
            items.push_back(std::move(**item));
        }
    }
    return items;
}

void check_row(const AnswerRow& row, const std::vector<Item>& items) {
    INFO(row.bytes);
    REQUIRE(items.size() == 1);
    const auto* answer = std::get_if<Answer>(&items.front());
    REQUIRE(answer);
    CHECK(answer->code == row.code);
    CHECK(answer->result == row.result);
    CHECK(answer->text.has_value() == row.text.has_value());
    if (row.text && answer->text) CHECK(*answer->text == *row.text);
    CHECK(answer->endpos == row.endpos);
    CHECK(answer->raw + "\n" == row.bytes);
}

CallEnvironment environment_of(std::string_view bytes) {
    EnvironmentDecoder decoder;
    decoder.feed(bytes);
    auto environment = decoder.next();
    REQUIRE(environment);
    REQUIRE(*environment);
    return **environment;
}

}  // namespace

TEST_CASE("every form of answer is read") {
    for (const auto& row : answer_table)
        check_row(row, decode({row.bytes}));
}

TEST_CASE("an answer may be split anywhere") {
    for (const auto& row : answer_table) {
        for (std::size_t at = 0; at <= row.bytes.size(); ++at) {
            check_row(row, decode({row.bytes.substr(0, at), row.bytes.substr(at)}));
        }
    }
}

TEST_CASE("answers in a row come one by one, blank lines between them are stray") {
    std::string all;
    for (const auto& row : answer_table)
        all.append(row.bytes).append("\n");
    auto items = decode({all});
    const auto is_blank = [](const Item& item) {
        const auto* stray = std::get_if<StrayLine>(&item);
        return stray && stray->raw.empty();
    };
    CHECK(std::erase_if(items, is_blank) == std::size(answer_table));
    REQUIRE(items.size() == std::size(answer_table));
    for (std::size_t i = 0; i < items.size(); ++i)
        check_row(answer_table[i], {items[i]});
}

TEST_CASE("EXEC's two answers to an application that returned 1 are two items") {
    const auto items = decode({"200 result=1\n", usage_block});
    REQUIRE(items.size() == 2);
    CHECK(std::get<Answer>(items[0]).code == 200);
    CHECK(std::get<Answer>(items[1]).code == 520);
}

TEST_CASE("the line HANGUP stands between answers, but is text inside a value") {
    auto items = decode({"HANGUP\n200 result=1\nHANGUP\n"});
    REQUIRE(items.size() == 3);
    CHECK(std::holds_alternative<HangupLine>(items[0]));
    CHECK(std::holds_alternative<Answer>(items[1]));
    CHECK(std::holds_alternative<HangupLine>(items[2]));
    items = decode({"200 result=1 (a\nHANGUP\nb)\n"});
    REQUIRE(items.size() == 1);
    CHECK(std::get<Answer>(items[0]).text == "a\nHANGUP\nb");
}

TEST_CASE("the rest of a value that looked finished is a stray line") {
    const auto items = decode({"200 result=1 (a)\nb)\n"});
    REQUIRE(items.size() == 2);
    CHECK(std::get<StrayLine>(items[1]).raw == "b)");
}

TEST_CASE("an expected echo is an answer whatever is open before it") {
    for (const std::string open : {"520-fake\n", "200 result=1 (fake\n"}) {
        for (std::size_t at = 0; at <= open.size(); ++at) {
            AnswerDecoder decoder;
            decoder.expect_echo("200 result=1 (k17)");
            decoder.feed(open.substr(0, at));
            auto none = decoder.next();
            REQUIRE(none);
            CHECK_FALSE(*none);
            decoder.feed(open.substr(at) + "200 result=1 (k17)\n");
            auto stray = decoder.next();
            REQUIRE(stray);
            REQUIRE(*stray);
            CHECK(std::get<StrayLine>(**stray).raw + "\n" == open);
            auto echo = decoder.next();
            REQUIRE(echo);
            REQUIRE(*echo);
            CHECK(std::get<Answer>(**echo).text == "k17");
        }
    }
}

TEST_CASE("an answer over the limit is an error, with and without a line's end") {
    for (const std::string_view begin : {"", "200 result=1 (", "520-"}) {
        for (const std::string_view unit : {"xxxxxxx", "xxxxxx\n"}) {
            AnswerDecoder decoder;
            decoder.feed(begin);
            bool refused = false;
            for (std::size_t fed = 0; fed <= max_answer + 4096 && !refused; fed += unit.size()) {
                decoder.feed(unit);
                auto item = decoder.next();
                refused = !item;
                if (refused) CHECK(item.error().code == Code::protocol);
            }
            const bool endless = !begin.empty() || unit.back() != '\n';
            CHECK(refused == endless);
        }
    }
}

TEST_CASE("garbage gives stray lines, never a crash") {
    std::string bytes;
    std::uint32_t seed = 7;
    for (int i = 0; i < 200'000; ++i) {
        seed = seed * 1664525 + 1013904223;
        bytes += static_cast<char>(seed >> 24);
    }
    AnswerDecoder decoder;
    decoder.feed(bytes);
    std::size_t count = 0;
    for (auto item = decoder.next(); item && *item; item = decoder.next())
        ++count;
    CHECK(count > 100);
}

TEST_CASE("result is a number only where it is one") {
    CHECK(std::get<Answer>(decode({"200 result=-1\n"})[0]).number() == -1);
    CHECK_FALSE(std::get<Answer>(decode({"200 result=12*\n"})[0]).number());
    CHECK_FALSE(std::get<Answer>(decode({"200 result=99999999999\n"})[0]).number());
    CHECK_FALSE(std::get<Answer>(decode({"200 result=\n"})[0]).number());
}

TEST_CASE("the environment of FastAGI, with agi_network first") {
    const auto environment = environment_of(environment_sample);
    CHECK(environment.is_network());
    CHECK_FALSE(environment.is_enhanced());
    CHECK(environment.get("network_script") == "robot");
    CHECK(environment.get("callerid") == "74951234567");
    CHECK(environment.get("accountcode").empty());
    CHECK(environment.arguments() == std::vector<std::string>{"first", "", "third"});
}

TEST_CASE("a caller's name is split at the first colon only") {
    const auto environment = environment_of("agi_calleridname: agi_callerid: 1: 2\nagi_callerid: 3\n\n");
    CHECK(environment.get("calleridname") == "agi_callerid: 1: 2");
    CHECK(environment.get("callerid") == "3");
}

TEST_CASE("unknown and empty are not known") {
    const auto environment = environment_of("agi_dnid: unknown\nagi_accountcode: \nagi_callerid: 100\n\n");
    CHECK_FALSE(environment.known("dnid"));
    CHECK_FALSE(environment.known("accountcode"));
    CHECK_FALSE(environment.known("rdnis"));
    CHECK(environment.known("callerid") == "100");
}

TEST_CASE("the environment may be split anywhere; what follows it is kept") {
    const auto all = std::string(environment_sample) + "200 result=0\n";
    const auto whole = environment_of(environment_sample);
    for (std::size_t at = 0; at <= all.size(); ++at) {
        EnvironmentDecoder decoder;
        decoder.feed(all.substr(0, at));
        auto environment = decoder.next();
        REQUIRE(environment);
        CHECK(environment->has_value() == (at >= environment_sample.size()));
        decoder.feed(all.substr(at));
        if (!*environment) environment = decoder.next();
        REQUIRE(environment);
        REQUIRE(*environment);
        CHECK((**environment).values == whole.values);
        CHECK(decoder.take_rest() == "200 result=0\n");
    }
}

TEST_CASE("blank lines before the environment and CRLF are borne") {
    CHECK(environment_of("\n\nagi_enhanced: 1.0\n\n").is_enhanced());
    CHECK(environment_of("\r\nagi_enhanced: 1.0\r\nagi_x:\r\n\r\n").is_enhanced());
}

TEST_CASE("a newline in an argument cannot replace what came before it") {
    const auto environment = environment_of("agi_callerid: 100\nagi_arg_1: a\nb\nagi_callerid: 200\n\n");
    CHECK(environment.get("arg_1") == "a\nb");
    CHECK(environment.get("callerid") == "100");
}

TEST_CASE("what is no environment is refused") {
    for (const std::string_view bytes : {"GET / HTTP/1.1\r\n\r\n", "agi_request\n\n", "hello\n"}) {
        EnvironmentDecoder decoder;
        decoder.feed(bytes);
        auto environment = decoder.next();
        REQUIRE_FALSE(environment);
        CHECK(environment.error().code == Code::protocol);
    }
}

TEST_CASE("an environment over its limits is refused") {
    EnvironmentDecoder long_line;
    long_line.feed("agi_x: " + std::string(max_environment, 'x'));
    CHECK_FALSE(long_line.next());
    EnvironmentDecoder many_bytes;
    bool refused = false;
    for (int i = 0; i < 100 && !refused; ++i) {
        many_bytes.feed("agi_x: " + std::string(1000, 'x') + "\n");
        refused = !many_bytes.next();
    }
    CHECK(refused);
    EnvironmentDecoder many_lines;
    for (std::size_t i = 0; i <= max_environment_lines; ++i)
        many_lines.feed("agi_a: b\n");
    CHECK_FALSE(many_lines.next());
}

TEST_CASE("every argument reaches Asterisk as it was") {
    const std::vector<std::vector<std::string>> rows = {
        {},
        {""},
        {"demo-congrats", "0123456789*#"},
        {"a \"quoted\" word", "back\\slash", "\\", "\"", "\\\"", "", " ", "commas, and blanks"},
        {"Привет, мир", "PJSIP/100&PJSIP/200,30,g"},
        {"${CALLERID(name)}k17", "a'b;c|d"},
    };
    for (const auto& row : rows) {
        auto line = encode_command("STREAM FILE", row);
        REQUIRE(line);
        CHECK(line->ends_with('\n'));
        CHECK(line->find('\n') == line->size() - 1);
        std::vector<std::string> expected = {"STREAM", "FILE"};
        expected.insert(expected.end(), row.begin(), row.end());
        CHECK(parse_args(std::string_view(*line).substr(0, line->size() - 1)) == expected);
    }
}

TEST_CASE("a control byte in an argument is refused, for a newline is a second command") {
    for (int byte = 0; byte < 256; ++byte) {
        const std::vector<std::string> arguments = {std::string("a") + static_cast<char>(byte) + "b"};
        const auto line = encode_command("NOOP", arguments);
        CHECK(line.has_value() == (byte >= 0x20 && byte != 0x7f));
        if (!line) CHECK(line.error().code == Code::data);
    }
}

TEST_CASE("a command's line fits the shorter of Asterisk's buffers, 2048 with its NUL, or is refused") {
    // SET VARIABLE "a" "..." and a line's end
    const auto around = std::string("SET VARIABLE \"a\" \"\"\n").size();
    std::vector<std::string> arguments = {"a", std::string(max_command - around, 'x')};
    const auto fits = encode_command("SET VARIABLE", arguments);
    REQUIRE(fits);
    CHECK(fits->size() == 2047);
    arguments[1] += 'x';
    CHECK_FALSE(encode_command("SET VARIABLE", arguments));
    arguments[1] = std::string(1020, '"');  // doubled by its escapes
    CHECK_FALSE(encode_command("SET VARIABLE", arguments));
}

TEST_CASE("127 words at most, the command's own among them") {
    std::vector<std::string> arguments(126, "x");
    CHECK(encode_command("NOOP", arguments));
    arguments.emplace_back("x");
    CHECK_FALSE(encode_command("NOOP", arguments));
}

TEST_CASE("a command's own words are capital letters only") {
    for (const std::string_view words : {"", "failure", "EXEC\n", "NOOP \"x\""})
        CHECK_FALSE(encode_command(words, {}));
}
