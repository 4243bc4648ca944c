// Any bytes: no crash, limits kept, every place inside the text.
#include "config/conf.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace pbx::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto half = text.substr(size / 2);
    const FileReader reader = [&](const std::string& wanted,
                                  const std::string&) -> pbx::Result<std::vector<IncludedFile>> {
        if (wanted == "missing") return std::vector<IncludedFile>{};
        return std::vector<IncludedFile>{{wanted, std::string(half)}};
    };
    const auto document = parse(text, "fuzz", reader);
    if (document.errors.size() > max_errors + max_depth) std::abort();
    for (const auto& section : document.sections)
        for (const auto& entry : section.entries) {
            if (entry.at.line == 0 || entry.at.column == 0 || entry.at.file >= document.files.size())
                std::abort();
            if (entry.value.size() > max_line || entry.value_at.column < 1) std::abort();
            static_cast<void>(document.where(entry, entry.value.size()));
        }
    return 0;
}
