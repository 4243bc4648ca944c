#include "ami/codec.hpp"

#include "ami/codec_table.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::ami;

namespace {

std::string shown(const Message& message) {
    std::string out;
    for (std::size_t i = 0; i < message.size(); ++i) {
        const auto header = message[i];
        out.append(header.name).append("=").append(header.value).append(";");
    }
    return out + "|";
}

std::string drained(Decoder& decoder) {
    std::string out;
    for (;;) {
        auto message = decoder.next();
        if (!message) return out + "error: " + message.error().what;
        if (!*message) return out;
        out += shown(**message);
    }
}

std::string written(const Action& action, std::string_view id = "7") {
    std::string out;
    const auto done = encode(action, id, out);
    return done ? out : "error: " + done.error().text();
}

Result<std::optional<Banner>> banner_of(std::string_view bytes) {
    Decoder decoder;
    decoder.feed(bytes);
    return decoder.next_banner();
}

}  // namespace

TEST_CASE("ami: what Asterisk sends is read as captured") {
    for (const auto& row : codec_table) {
        Decoder decoder;
        decoder.feed(row.bytes);
        CHECK(drained(decoder) == row.shown);
    }
}

TEST_CASE("ami: a message may be torn at any byte") {
    for (const auto& row : codec_table) {
        for (std::size_t at = 0; at <= row.bytes.size(); ++at) {
            Decoder decoder;
            decoder.feed(row.bytes.substr(0, at));
            auto out = drained(decoder);
            decoder.feed(row.bytes.substr(at));
            out += drained(decoder);
            REQUIRE(out == row.shown);
        }
    }
}

TEST_CASE("ami: bytes that come one by one give the same messages") {
    for (const auto& row : codec_table) {
        Decoder decoder;
        std::string out;
        for (const char byte : row.bytes) {
            decoder.feed({&byte, 1});
            out += drained(decoder);
        }
        CHECK(out == row.shown);
    }
}

TEST_CASE("ami: headers are found whatever their case, the first one of a name") {
    Decoder decoder;
    decoder.feed("Event: Newstate\r\nUniqueid: 5.1\r\nUNIQUEID: 6.1\r\n\r\n");
    const auto message = decoder.next().value().value();
    CHECK(message.event() == "Newstate");
    CHECK(message.get("UniqueID") == "5.1");
    CHECK(message.all("uniqueid").size() == 2);
    CHECK(message.get("Unique") == "");
    CHECK_FALSE(message.find("Unique"));
    CHECK(message.response() == "");
}

TEST_CASE("ami: a decoder goes on after megabytes without keeping them") {
    Decoder decoder;
    std::size_t messages = 0;
    const std::string many = [] {
        std::string text;
        for (int i = 0; i < 100; ++i)
            text += codec_table[2].bytes;
        return text;
    }();
    for (int i = 0; i < 200; ++i) {
        decoder.feed(many);
        while (decoder.next().value())
            ++messages;
    }
    CHECK(messages == 20'000);
}

TEST_CASE("ami: a line without end, or a message without end, is refused at its limit") {
    Decoder line;
    line.feed("Event: ");
    line.feed(std::string(max_line, 'x'));
    CHECK_FALSE(line.next());

    Decoder message;
    message.feed("Event: A\r\n");
    const auto header = "X: " + std::string(1000, 'x') + "\r\n";
    bool refused = false;
    for (std::size_t sent = 0; sent <= max_message && !refused; sent += header.size()) {
        message.feed(header);
        refused = !message.next();
    }
    CHECK(refused);
}

TEST_CASE("ami: the banner tells the protocol's version") {
    const auto asterisk22 = banner_of("Asterisk Call Manager/11.0.0\r\n").value().value();
    CHECK(asterisk22.text == "Asterisk Call Manager/11.0.0");
    CHECK(asterisk22.major == 11);
    CHECK(asterisk22.minor == 0);
    const auto asterisk18 = banner_of("Asterisk Call Manager/1.1\r\n").value().value();
    CHECK(asterisk18.major == 1);
    CHECK(asterisk18.minor == 1);
    CHECK_FALSE(banner_of("Asterisk Call Man").value());
}

TEST_CASE("ami: a port where something else speaks is named by what it said") {
    for (const auto* other :
         {"SSH-2.0-OpenSSH_9.2\r\n", "Asterisk Call Manager\r\n", "\r\n", "Asterisk Call Manager/x\r\n"}) {
        const auto banner = banner_of(other);
        REQUIRE_FALSE(banner);
        CHECK(banner.error().code == Code::protocol);
    }
    CHECK(banner_of("SSH-2.0-OpenSSH_9.2\r\n").error().what ==
          "not Asterisk's manager: it says \"SSH-2.0-OpenSSH_9.2\"");
    CHECK_FALSE(banner_of(std::string(max_banner + 1, 'x')));
    CHECK(banner_of("\x1b[2Jx\n").error().what == "not Asterisk's manager: it says \"?[2Jx\"");
}

TEST_CASE("ami: an action is written with its ActionID and an empty line") {
    CHECK(written(Action("Setvar").with("Variable", "DEVICE_STATE(Custom:101)").with("Value", "INUSE")) ==
          "Action: Setvar\r\nVariable: DEVICE_STATE(Custom:101)\r\nValue: INUSE\r\nActionID: 7\r\n\r\n");
}

TEST_CASE("ami: a written action is read back as it was") {
    Decoder decoder;
    decoder.feed(written(Action("A").with("X", "").with("Y", " : ; = ").with("Name", "J\xc3\xb6rg")));
    CHECK(drained(decoder) == "Action=A;X=;Y= : ; = ;Name=J\xc3\xb6rg;ActionID=7;|");
}

TEST_CASE("ami: control bytes, which would begin another header or action, are refused") {
    for (const char byte : {'\r', '\n', '\0', '\t', '\x1b', '\x7f'}) {
        const std::string bad = std::string("a") + byte + "b";
        CHECK(written(Action("Setvar").with("Value", bad)).starts_with("error: "));
        CHECK(written(Action("Setvar").with(bad, "x")).starts_with("error: "));
        CHECK(written(Action(bad)).starts_with("error: "));
    }
    CHECK(written(Action("Setvar").with("", "x")).starts_with("error: "));
    CHECK(written(Action("Setvar").with("a:b", "x")).starts_with("error: "));
}

TEST_CASE("ami: a line Asterisk would cut and a header it would drop are refused") {
    const auto header = [](std::size_t size) {
        return Action("A").with("X", std::string(size - 3, 'x'));  // with "X: "
    };
    CHECK_FALSE(written(header(max_action_line)).starts_with("error: "));
    CHECK(written(header(max_action_line + 1)).starts_with("error: "));
    Action many("A");
    for (std::size_t i = 2; i < max_action_headers; ++i)
        many.with("X", "1");
    CHECK_FALSE(written(many).starts_with("error: "));
    CHECK(written(many.with("X", "1")).starts_with("error: "));
}
