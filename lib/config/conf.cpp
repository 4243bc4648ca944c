#include "config/conf.hpp"

#include "config/parser.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::config {

const Entry* Section::last(std::string_view key) const {
    const auto found = std::find_if(entries.rbegin(), entries.rend(),
                                    [&](const Entry& e) { return text::iequal_ascii(e.key, key); });
    return found == entries.rend() ? nullptr : &*found;
}

std::vector<const Entry*> Section::all(std::string_view key) const {
    std::vector<const Entry*> out;
    for (const auto& entry : entries)
        if (text::iequal_ascii(entry.key, key)) out.push_back(&entry);
    return out;
}

const Section* Document::find(std::string_view name) const {
    for (const auto& section : sections)
        if (!section.is_template && text::iequal_ascii(section.name, name)) return &section;
    return nullptr;
}

std::string Document::where(Position at) const {
    return fmt::format("{}:{}:{}", at.file < files.size() ? files[at.file] : std::string("?"), at.line,
                       at.column);
}

std::string Document::where(const Entry& entry, std::size_t offset) const {
    auto at = entry.value_at;
    at.column += static_cast<std::uint32_t>(text::columns(std::string_view(entry.value).substr(0, offset)));
    return where(at);
}

Document parse(std::string_view text, std::string name, const FileReader& reader) {
    Document document;
    Parser(document, reader).file(text, name);
    return document;
}

}  // namespace pbx::config
