// Any bytes as an answer and as a text: no crash, no piece over the limit.
#include "telegram/codec.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    static_cast<void>(pbx::telegram::decode_answer(size % 2 == 0 ? 200 : 429, bytes.substr(0, 5), bytes));
    static_cast<void>(
        pbx::telegram::encode({.chat = std::string(bytes.substr(0, 20)), .text = std::string(bytes)}));
    for (const auto& piece : pbx::telegram::split_text(bytes, 16))
        if (pbx::telegram::utf16_units(piece) > 16) std::abort();
    return 0;
}
