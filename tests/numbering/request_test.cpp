#include "numbering/request.hpp"

#include <catch2/catch.hpp>

namespace pbx::numbering {

namespace {
Request read(const std::string& target) {
    auto request = parse_request(target);
    INFO(target << " " << (request ? "" : request.error().text()));
    REQUIRE(request);
    return *request;
}
Code refused(const std::string& target) {
    const auto request = parse_request(target);
    REQUIRE_FALSE(request);
    return request.error().code;
}
using Print = Request::Print;
}  // namespace

TEST_CASE("a request's number stands in its path or among its parameters") {
    CHECK(read("/enum/+441632960083").number == "+441632960083");
    CHECK(read("/enum?number=+441632960083").number == "+441632960083");
    CHECK(read("enum?number=+441632960083").number == "+441632960083");
    CHECK(read("/enum/%2B44%201632").number == "+44 1632");
    CHECK(read("/enum/1234*256").number == "1234*256");
    CHECK(read("/enum").number.empty());
    CHECK(read("/enum/").number.empty());
    CHECK(read("enum?").number.empty());
}

TEST_CASE("parameters are named as the command's options, and --dial prints what Dial() takes") {
    const auto plain = read("/enum/+44");
    CHECK(plain.print == Print::uri);
    CHECK(plain.record == 1);
    CHECK_FALSE(plain.json);
    CHECK_FALSE(plain.dial);
    CHECK_FALSE(plain.service);
    const auto dial = read("/enum/+44?dial=pjsip:trunk");
    CHECK(dial.print == Print::dial);
    REQUIRE(dial.dial);
    CHECK(dial.dial->name == "trunk");
    CHECK(read("/enum/+44?dial=sip&print=count").print == Print::count);
    CHECK(read("/enum/+44?print=count&dial=sip").print == Print::count);
    CHECK(read("/enum/+44?print=status").print == Print::status);
    CHECK(read("/enum/+44?record=20").record == 20);
    CHECK(read("/enum/+44?json").json);
    CHECK(read("/enum/+44?json=1&&").json);
    CHECK_FALSE(read("/enum/+44?json=no").json);
}

TEST_CASE("services come with commas, or each by itself as AGI() wants it") {
    CHECK(read("/enum/+44?service=sip,tel").service->names == std::vector<std::string>{"sip", "tel"});
    CHECK(read("/enum/+44?service=sip&service=tel").service->names == std::vector<std::string>{"sip", "tel"});
    CHECK(read("/enum/+44?service=sip%2Ctel").service->names == std::vector<std::string>{"sip", "tel"});
    CHECK(read("/enum/+44?service=sip&service=all").service->all);
    std::string many = "/enum/+44?";
    for (int i = 0; i < 40; ++i)
        many += "service=a" + std::to_string(i) + "&";
    CHECK(refused(many) == Code::usage);
}

TEST_CASE("what is no request is refused") {
    for (const auto* path : {"", "/", "/enu", "/enumx", "/other/+44", "//enum/+44"})
        CHECK(refused(path) == Code::no_input);
    for (const auto* target :
         {"/enum/+44?x=1", "/enum/+44?print=all", "/enum/+44?record=0", "/enum/+44?record=21",
          "/enum/+44?record=x", "/enum/+44?dial=nothing", "/enum/+44?service=", "/enum/%", "/enum/%4",
          "/enum/%zz", "/enum/+44?dial=local:a&dial=pjsip:b", "/enum/+44?number=+45",
          "/enum?number=+44&number=+45", "/enum?number=+44&dial=local:a&dial=pjsip:b",
          "/enum/+44?record=1&record=1", "/enum/%0a", "/enum/+44?number=%7f", "/enum/a\nb"})
        CHECK(refused(target) == Code::usage);
    CHECK(refused("/enum/" + std::string(max_target, '1')) == Code::usage);
}

}  // namespace pbx::numbering
