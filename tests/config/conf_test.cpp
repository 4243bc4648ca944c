#include "config/conf.hpp"

#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace pbx::config;

namespace {
// A document as one line a fact, for comparing.
std::string drawn(const Document& document) {
    std::string out;
    for (const auto& section : document.sections) {
        out += fmt::format("[{}]{}\n", section.name, section.is_template ? "(!)" : "");
        for (const auto& entry : section.entries) {
            const auto* sign = entry.op == Operator::none     ? ""
                               : entry.op == Operator::assign ? " = "
                                                              : " => ";
            out += fmt::format("{}{}{}{}\n", entry.inherited ? "+" : "", entry.key, sign, entry.value);
        }
    }
    for (const auto& error : document.errors)
        out += "! " + error.text() + "\n";
    return out;
}

std::string read(std::string_view text) {
    return drawn(parse(text, "a.conf"));
}

// Files of a test, by name; a name ending in * matches what begins so.
FileReader reader_of(std::map<std::string, std::string> files) {
    return [files = std::move(files)](const std::string& wanted,
                                      const std::string&) -> pbx::Result<std::vector<IncludedFile>> {
        std::vector<IncludedFile> out;
        for (const auto& [name, text] : files)
            if (name == wanted ||
                (wanted.ends_with('*') && name.starts_with(wanted.substr(0, wanted.size() - 1))))
                out.push_back({name, text});
        return out;
    };
}
}  // namespace

TEST_CASE("conf: lines are keys with =, keys with =>, bare arrows and bare words, in order") {
    CHECK(read("[hello]\n"
               "say = Hi = there\n"
               "hear=yes | yeah =>next\n"
               "busy => message\n"
               "=> sales\n"
               "hangup\n"
               "empty =\n"
               "say = again\n") ==
          "[hello]\n"
          "say = Hi = there\n"
          "hear = yes | yeah =>next\n"
          "busy => message\n"
          " => sales\n"
          "hangup\n"
          "empty = \n"
          "say = again\n");
}

TEST_CASE("conf: comments end a line, but an escaped semicolon is one") {
    CHECK(read("; first\n[a] ; the section\nk = v ; rest\nk = a\\;b\nk = \\; c ; d\n;k = no\n") ==
          "[a]\nk = v\nk = a;b\nk = ; c\n");
}

TEST_CASE("conf: block comments nest, stand inside a line and span lines") {
    CHECK(read("[a]\nk = 1;-- gone --;2\n;-- one\nk = no\n;-- two --;\nk = no\n--;k = 3\n") ==
          "[a]\nk = 12\nk = 3\n");
    CHECK(read("[a]\n;--- only a line\nk = 1\n") == "[a]\nk = 1\n");
    CHECK(read("[a]\nk = 1 --; 2\nj = 2\n") == "[a]\nk = 1 --\nj = 2\n");
    CHECK(read("[a]\n;--;\nk = 1\n--;\nj = 2\n") == "[a]\nj = 2\n");
}

TEST_CASE("conf: a block comment that is never closed is told with the line that opened it") {
    CHECK(read("[a]\nk = 1\n;-- begins\n[b]\n") ==
          "[a]\nk = 1\n! a.conf:3:1: the comment opened by ;-- is never closed; close it with --;\n");
}

TEST_CASE("conf: += appends to the last line of that key") {
    CHECK(read("[a]\nk = one\nk = two\nk += three\nK += four\nnew += 1\n") ==
          "[a]\nk = one\nk = two three four\nnew = 1\n");
}

TEST_CASE("conf: templates are hidden, inherited before a section's own lines, and can be many") {
    const auto document =
        parse("[t](!)\nbusy => a\n[u](!,t)\nx = 1\n[s](u)\nbusy => b\n[r](t, u)\n", "a.conf");
    CHECK(drawn(document) ==
          "[t](!)\nbusy => a\n[u](!)\n+busy => a\nx = 1\n[s]\n+busy => a\n+x = 1\nbusy => b\n"
          "[r]\n+busy => a\n+busy => a\n+x = 1\n");
    CHECK(document.find("t") == nullptr);
    REQUIRE(document.find("S") != nullptr);
    CHECK(document.find("S")->last("BUSY")->value == "b");
    CHECK(document.find("s")->all("busy").size() == 2);
    CHECK(document.find("r")->bases == std::vector<std::string>{"t", "u"});
}

TEST_CASE("conf: (+) goes on with a section that is there") {
    CHECK(read("[a]\nk = 1\n[b]\n[a](+)\nk = 2\n") == "[a]\nk = 1\nk = 2\n[b]\n");
    CHECK(read("[b](+)\nk = 2\n[c]\n") == "[c]\n! a.conf:1:2: no section [b] to append to\n");
}

TEST_CASE("conf: a template's misspelt name is suggested") {
    CHECK(read("[person](!)\n[a](persn)\n") ==
          "[person](!)\n[a]\n! a.conf:2:5: no section [persn] above to inherit from; did you mean person?\n");
}

TEST_CASE("conf: every key and value knows line and column, in characters") {
    const auto document =
        parse("\xEF\xBB\xBF[привет]\r\n  ключ  =  ещё => шаг ; x\r\n=> go\r\na;-- c --;b = d\r\n", "d.conf");
    REQUIRE(document.ok());
    REQUIRE(document.sections.size() == 1);
    const auto& section = document.sections[0];
    CHECK(section.name == "привет");
    CHECK(document.where(section.at) == "d.conf:1:2");
    REQUIRE(section.entries.size() == 3);
    CHECK(document.where(section.entries[0].at) == "d.conf:2:3");
    CHECK(document.where(section.entries[0].value_at) == "d.conf:2:12");
    const auto& value = section.entries[0].value;
    CHECK(value == "ещё => шаг");
    CHECK(document.where(section.entries[0], value.find("шаг")) == "d.conf:2:19");
    CHECK(document.where(section.entries[1].at) == "d.conf:3:1");
    CHECK(document.where(section.entries[1].value_at) == "d.conf:3:4");
    CHECK(section.entries[2].key == "ab");
    CHECK(document.where(section.entries[2].value_at) == "d.conf:4:15");
}

TEST_CASE("conf: a leading backslash makes a key of what would be a header or a directive") {
    CHECK(read("[a]\n\\[x] = 1\n\\#y = 2\n\\== 3\n") == "[a]\n[x] = 1\n#y = 2\n= = 3\n");
}

TEST_CASE("conf: faults of form are all told and the rest is read") {
    CHECK(
        read("k = 0\n[a\nk = 1\n[]\nk = 2\n[b] x\nk = 3\n= 4\n#exec ls\n#inclde \"x\"\n#include\n#include "
             "\"x\"\n") ==
        "[b]\nk = 3\n"
        "! a.conf:1:1: 'k = 0' stands before the first [section]; put a [section] above it\n"
        "! a.conf:2:1: no closing ']'; write [name]\n"
        "! a.conf:4:1: a section without a name; write [name]\n"
        "! a.conf:6:5: 'x' after the section's name; write [name], [name](!), [name](template) or [name](+)\n"
        "! a.conf:8:1: '=' without a key; write key = value\n"
        "! a.conf:9:1: #exec runs a program and is refused; write its output to a file and #include that\n"
        "! a.conf:10:1: unknown directive #inclde; did you mean #include?\n"
        "! a.conf:11:1: #include names no file; write #include \"file.conf\"\n"
        "! a.conf:12:11: nothing can be included here\n");
}

TEST_CASE("conf: control bytes and what is not UTF-8 are refused with their column") {
    CHECK(read("[a]\nk = \x01x\nj = ok\n") == "[a]\nj = ok\n! a.conf:2:5: control byte 0x01; remove it\n");
    CHECK(read("[a]\nяk = \xffx\n") == "[a]\n! a.conf:2:6: not UTF-8; save the file as UTF-8\n");
    CHECK(read(std::string_view("[a]\nk = \0x\n", 11)) ==
          "[a]\n! a.conf:2:5: control byte 0x00; remove it\n");
}

TEST_CASE("conf: included files stand in the section that includes them, which goes on after them") {
    const auto reader =
        reader_of({{"b.conf", "inner = 1\n[b]\nk = 2\n"}, {"d1", "x = 1\n"}, {"d2", "x = 2\n"}});
    const auto document =
        parse("[a]\n#include \"b.conf\"\nouter = 3\n#tryinclude <none>\n#include d*\n", "a.conf", reader);
    CHECK(drawn(document) == "[a]\ninner = 1\nouter = 3\nx = 1\nx = 2\n[b]\nk = 2\n");
    CHECK(document.files == std::vector<std::string>{"a.conf", "b.conf", "d1", "d2"});
    CHECK(document.where(document.sections[1].entries[0].at) == "b.conf:3:1");
}

TEST_CASE("conf: a missing include, a circle and a deep chain are faults") {
    auto files = std::map<std::string, std::string>{{"b.conf", "#include \"a.conf\"\n"}, {"a.conf", ""}};
    CHECK(drawn(parse("[a]\n#include \"c.conf\"\n#include \"b.conf\"\n", "a.conf", reader_of(files))) ==
          "[a]\n! a.conf:2:11: no file 'c.conf'; #tryinclude passes over a missing file\n"
          "! b.conf:1:11: a.conf includes itself\n");
    files.clear();
    for (int i = 0; i < 20; ++i)
        files[fmt::format("{}", i)] = fmt::format("#include {}\n", i + 1);
    CHECK(drawn(parse("#include 0\n", "a.conf", reader_of(files))) ==
          "! 8:1:10: includes nested deeper than 10\n");
}

TEST_CASE("conf: limits are faults, never a cut") {
    CHECK(read("[a]\nk = " + std::string(max_line, 'x') + "\nj = 1\n") ==
          fmt::format("[a]\nj = 1\n! a.conf:2:1: line of {} bytes, more than {}; split it; `key += more` "
                      "appends to a value\n",
                      max_line + 4, max_line));
    CHECK(read(std::string(max_file + 1, '\n')).starts_with("! a.conf:1:1: over 4 MiB"));
    std::string deep = "[a]\n";
    for (std::size_t i = 0; i <= max_nested_comments; ++i)
        deep += ";-- \n";
    CHECK(read(deep).starts_with("[a]\n! a.conf:130:1: comments nested deeper than 128"));
    std::string doubling = "[t0](!)\nk = 1\n";
    for (int i = 1; i < 40; ++i)
        doubling += fmt::format("[t{}](!,t{},t{})\n", i, i - 1, i - 1);
    const auto document = parse(doubling, "a.conf");
    REQUIRE(document.errors.size() == 1);
    CHECK(document.errors[0].what == "more than 200000 lines with their templates");
    std::string faulty;
    for (int i = 0; i < 1000; ++i)
        faulty += "x\n";
    CHECK(parse(faulty, "a.conf").errors.size() == max_errors);
}

TEST_CASE("conf: a thousand sections read the same whatever the line ends") {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += fmt::format("[step{}]\nsay = words\nhear = a | b => step{}\n\n", i, i + 1);
    std::string dos = text;
    for (std::size_t at = 0; (at = dos.find('\n', at)) != std::string::npos; at += 2)
        dos.insert(at, 1, '\r');
    const auto unix_document = parse(text, "a.conf");
    CHECK(unix_document.sections.size() == 1000);
    CHECK(drawn(unix_document) == drawn(parse(dos, "a.conf")));
}

TEST_CASE("conf: Asterisk's own files are read") {
    const auto document = parse(
        "[general]\nenabled = yes\nwebenabled=no\nport = 5038 ; the default\n\n"
        "[operator](!)\nread = system,call,log\n\n"
        "[oksana](operator)\nsecret = a\\;b\npermit=127.0.0.1/255.255.255.255\n",
        "manager.conf");
    REQUIRE(document.ok());
    CHECK(document.find("general")->last("port")->value == "5038");
    CHECK(document.find("oksana")->last("secret")->value == "a;b");
    CHECK(document.find("oksana")->last("read")->value == "system,call,log");
}
