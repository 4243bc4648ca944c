#include "dns/anchor.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace pbx::dns {

namespace {
using Words = std::vector<std::string_view>;

// The words of a line without its comment; `depth` counts parentheses, within which a record goes on.
Words words_of(std::string_view line, int& depth) {
    Words out;
    line = line.substr(0, line.find(';'));
    for (std::size_t at = 0; at < line.size();) {
        const char c = line[at];
        if (c == '(' || c == ')') depth += c == '(' ? 1 : -1;
        if (std::string_view(" \t\r()").find(c) != std::string_view::npos) {
            ++at;
            continue;
        }
        const auto end = std::min(line.find_first_of(" \t\r()", at), line.size());
        out.push_back(line.substr(at, end - at));
        at = end;
    }
    return out;
}

bool is_anchor(const Words& words) {
    return std::any_of(words.begin(), words.end(), [](auto word) {
        return text::iequal_ascii(word, "DNSKEY") || text::iequal_ascii(word, "DS");
    });
}
}  // namespace

Result<std::vector<Name>> parse_anchors(std::string_view text) {
    std::vector<Name> out;
    std::size_t number = 0;
    int depth = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        const bool goes_on = depth > 0;
        const auto words = words_of(line, depth);
        if (goes_on || words.empty()) continue;
        auto name = Name::parse(words.front());
        const bool named = line.find_first_of(" \t") != 0;
        if (!named || !is_anchor(words) || !name)
            return fail(Code::data, "not a DNSKEY or DS record with its owner",
                        "line " + std::to_string(number));
        if (std::find(out.begin(), out.end(), *name) == out.end()) out.push_back(*name);
    }
    return out;
}

Result<AnchorFile> read_anchors(const std::string& path) {
    const std::string mend =
        path == root_anchor ? "install package dns-root-data" : "[enum] trust_anchor names the file";
    std::ifstream file(path, std::ios::binary);
    std::string text(max_anchor_file + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.gcount() == 0 && !file.eof())
        return fail(Code::no_input, "cannot read the trust anchor", path, mend);
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_anchor_file) return fail(Code::config, "no trust anchor is that long", path, mend);
    auto zones = parse_anchors(text);
    if (!zones) {
        zones.error().code = Code::config;
        return within(path, std::move(zones.error()));
    }
    if (zones->empty()) return fail(Code::config, "no DNSKEY or DS record in it", path, mend);
    return AnchorFile{.path = path, .zones = std::move(*zones)};
}

bool AnchorFile::covers(const Name& name) const {
    const auto wire = name.wire();
    for (std::size_t at = 0; at < wire.size(); at += wire[at] + 1U) {
        Name tail;
        for (auto rest = at; wire[rest] != 0; rest += wire[rest] + 1U)
            static_cast<void>(
                tail.append(std::string_view(reinterpret_cast<const char*>(&wire[rest + 1]), wire[rest])));
        if (std::find(zones.begin(), zones.end(), tail) != zones.end()) return true;
    }
    return false;
}

}  // namespace pbx::dns
