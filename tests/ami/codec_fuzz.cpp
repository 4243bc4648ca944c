// Whatever a peer sends, fed in two parts: no crash, limits hold, and where the parts meet does not matter.
// What is accepted for an action is read back as it was.
#include "ami/codec.hpp"
#include "ami/codec_table.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace pbx::ami;

std::string decode(std::initializer_list<std::string_view> parts) {
    Decoder decoder;
    std::string out;
    for (const auto part : parts) {
        decoder.feed(part);
        for (;;) {
            const auto message = decoder.next();
            if (!message) return out + "error";
            if (!*message) break;
            for (std::size_t i = 0; i < (*message)->size(); ++i) {
                const auto header = (**message)[i];
                out.append(header.name).append("=").append(header.value).append(";");
            }
            out += "|";
        }
    }
    return out;
}

void check_banner(std::string_view head, std::string_view tail) {
    Decoder decoder;
    decoder.feed(head);
    const auto first = decoder.next_banner();
    if (!first || *first) return;
    decoder.feed(tail);
    static_cast<void>(decoder.next_banner());
}

void check_action(std::string_view value) {
    std::string bytes;
    if (!encode(Action("Setvar").with("Value", value), "1", bytes)) return;
    Decoder decoder;
    decoder.feed(bytes);
    const auto message = decoder.next();
    if (!message || !*message || (*message)->size() != 3 || (*message)->get("Value") != value) std::abort();
    if (decoder.next().value()) std::abort();
}

void check(std::string_view bytes, std::size_t at) {
    if (decode({bytes}) != decode({bytes.substr(0, at), bytes.substr(at)})) std::abort();
    check_banner(bytes.substr(0, at), bytes.substr(at));
    check_action(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    for (const auto& row : codec_table)
        if (decode({row.bytes}) != row.shown) std::abort();
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    check(bytes, bytes.empty() ? 0 : data[0] % (bytes.size() + 1));
    // one of Asterisk's own messages with these bytes in its middle
    const auto row = codec_table[data[0] % std::size(codec_table)].bytes;
    std::string mixed(row);
    mixed.insert(row.size() / 2, bytes);
    check(mixed, data[0] % (mixed.size() + 1));
    return 0;
}
