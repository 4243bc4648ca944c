// Any bytes as a dictionary, and any word of them: nothing is read outside, and a sorted file is read alike
// by halves and line by line.
#include "speech/dictionary.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto word = text.substr(0, text.find_first_of(" \t\n"));
    const auto scanned = pbx::speech::pronunciations_in(text, word, false);
    const auto halved = pbx::speech::pronunciations_in(text, word, true);
    if (scanned.size() > pbx::speech::Dictionary::max_ways ||
        halved.size() > pbx::speech::Dictionary::max_ways)
        abort();
    if (pbx::speech::is_sorted_dictionary(text) && !halved.empty() && scanned.empty()) abort();
    return 0;
}
