// Any octets as a master file: its lines and their words.
#include "dns/zone_file.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pbx::dns;
    ZoneLines lines({reinterpret_cast<const char*>(data), size});
    std::size_t last = 0;
    while (const auto line = lines.next()) {
        if (line->first <= last || line->last < line->first) std::abort();
        last = line->last;
        for (auto word : zone_words(line->text))
            if (word.empty()) std::abort();
    }
    return 0;
}
