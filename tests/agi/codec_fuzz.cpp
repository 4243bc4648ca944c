// Whatever a peer sends, fed in two parts: no crash, limits hold, and where the parts meet does not matter.
// Every input is tried by itself and inside an entry of the codec's own table, so the table seeds it.
#include "agi/codec.hpp"
#include "agi/codec_table.hpp"
#include "agi/parse_args.hpp"

#include <cstdlib>

namespace {

using namespace pbx::agi;

// All items as one text, so that two ways of feeding can be compared.
std::string decode(std::initializer_list<std::string_view> parts) {
    AnswerDecoder decoder;
    decoder.expect_echo("200 result=1 (k17)");
    std::string out;
    for (const auto part : parts) {
        decoder.feed(part);
        while (true) {
            auto item = decoder.next();
            if (!item) return out + "error";
            if (!*item) break;
            if (const auto* answer = std::get_if<Answer>(&**item)) out += "A" + answer->raw + "\n";
            if (const auto* stray = std::get_if<StrayLine>(&**item)) out += "S" + stray->raw + "\n";
            if (std::holds_alternative<HangupLine>(**item)) out += "H\n";
        }
    }
    return out;
}

std::string environment(std::initializer_list<std::string_view> parts) {
    EnvironmentDecoder decoder;
    std::string out;
    for (const auto part : parts) {
        decoder.feed(part);
        if (!out.empty()) continue;
        auto found = decoder.next();
        if (!found) return "error";
        if (!*found) continue;
        for (const auto& [name, value] : (**found).values)
            out += name + "=" + value + "\n";
        out += "end\n";
    }
    return out;
}

void check_command(std::string_view value) {
    const std::vector<std::string> arguments = {std::string(value), "next"};
    const auto line = encode_command("SET VARIABLE", arguments);
    if (!line) return;
    if (line->size() > max_command) std::abort();
    const auto words = parse_args(std::string_view(*line).substr(0, line->size() - 1));
    if (words != std::vector<std::string>{"SET", "VARIABLE", arguments[0], "next"}) std::abort();
}

void check(std::string_view bytes, std::size_t at) {
    const auto head = bytes.substr(0, at), tail = bytes.substr(at);
    if (decode({bytes}) != decode({head, tail})) std::abort();
    if (environment({bytes}) != environment({head, tail})) std::abort();
    check_command(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    for (const auto& row : answer_table)
        check(row.bytes, row.bytes.size() / 2);
    check(environment_sample, 100);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    check(bytes, bytes.empty() ? 0 : data[0] % (bytes.size() + 1));
    // an entry of the table with these bytes in its middle
    const auto row = answer_table[data[0] % std::size(answer_table)].bytes;
    std::string mixed(row);
    mixed.insert(row.size() / 2, bytes);
    check(mixed, row.size() / 2);
    return 0;
}
