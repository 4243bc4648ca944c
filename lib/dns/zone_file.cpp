#include "dns/zone_file.hpp"

#include "core/driver.hpp"
#include "core/text.hpp"
#include "dns/zone_driver.h"

#include <algorithm>

namespace pbx::dns {

namespace {
constexpr std::string_view blanks = " \t";

Name name_of_wire(std::span<const std::uint8_t> wire) {
    Name out;
    for (std::size_t at = 0; at < wire.size() && wire[at] != 0; at += wire[at] + 1U)
        static_cast<void>(
            out.append(std::string_view(reinterpret_cast<const char*>(&wire[at + 1]), wire[at])));
    return out;
}

std::string_view unread_directive(std::string_view line) {
    for (std::string_view word : {"$INCLUDE", "$GENERATE"})
        if (line.starts_with(word))
            return word == "$INCLUDE" ? "$INCLUDE is not followed: look at that file, too"
                                      : "$GENERATE is not carried out";
    return line.starts_with('$') && !line.starts_with("$ORIGIN") && !line.starts_with("$TTL")
               ? "not a directive of master files"
               : std::string_view{};
}

// Where a word of a line ends; quotes and backslashes hide what would part it.
std::size_t end_of_word(std::string_view line, std::size_t at) {
    bool quoted = false;
    for (; at < line.size(); ++at) {
        if (line[at] == '\\')
            ++at;
        else if (line[at] == '"')
            quoted = !quoted;
        else if (!quoted && blanks.find(line[at]) != blanks.npos)
            break;
    }
    return std::min(at, line.size());
}
}  // namespace

std::optional<ZoneLine> ZoneLines::next() {
    while (!rest_.empty()) {
        auto line = read();
        if (!line.fault.empty() || line.text.find_first_not_of(blanks) != std::string::npos) return line;
    }
    return std::nullopt;
}

ZoneLine ZoneLines::read() {
    ZoneLine out{.first = line_, .last = line_};
    bool quoted = false, comment = false;
    int depth = 0;
    std::size_t at = 0;
    const auto add = [&](char c) {
        if (out.text.size() < max_zone_line)
            out.text += c;
        else
            out.fault = "longer than a record can be";
    };
    for (; at < rest_.size(); ++at) {
        const char c = rest_[at];
        if (c == '\n') {
            comment = false;
            out.last = line_++;
            if (quoted || depth <= 0) break;
            add(' ');
        } else if (comment || c == '\r') {
            continue;
        } else if (c == '\\' && at + 1 < rest_.size() && rest_[at + 1] != '\n') {
            add(c);
            add(rest_[++at]);
        } else if (c == '"') {
            quoted = !quoted;
            add(c);
        } else if (!quoted && c == ';') {
            comment = true;
        } else if (!quoted && (c == '(' || c == ')')) {
            depth += c == '(' ? 1 : -1;
            add(' ');
        } else {
            add(c);
        }
    }
    if (at == rest_.size()) out.last = line_;
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    if (quoted) out.fault = "a quote without its other end";
    if (depth != 0) out.fault = "a parenthesis without its other end";
    return out;
}

std::vector<std::string_view> zone_words(std::string_view line) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; (at = line.find_first_not_of(blanks, at)) != line.npos;) {
        const auto end = end_of_word(line, at);
        out.push_back(line.substr(at, end - at));
        at = end;
    }
    return out;
}

Result<void> read_zone(std::string_view file, const Name& origin,
                       const std::function<void(const ZoneItem&)>& sink) {
    auto driver = load_driver_as<pbx_zone_table>("ldns", zone_package);
    if (!driver) return tl::unexpected(driver.error());
    const std::unique_ptr<void, void (*)(void*)> session((*driver)->open(origin.text().c_str(), usual_ttl),
                                                         (*driver)->close);
    if (session == nullptr) return fail(Code::data, "not a domain name", origin.text());
    ZoneLines lines(file);
    while (const auto line = lines.next()) {
        auto fault = line->fault.empty() ? unread_directive(line->text) : line->fault;
        if (fault.empty() && line->text.find('\0') != std::string::npos) fault = "an octet 0";
        if (!fault.empty()) {
            sink({.line = *line, .fault = fault});
            continue;
        }
        pbx_zone_record record{};
        switch ((*driver)->read(session.get(), line->text.c_str(), &record)) {
            case PBX_ZONE_NOTHING:
                break;
            case PBX_ZONE_FAULT:
                sink({.line = *line, .fault = record.fault});
                break;
            case PBX_ZONE_RECORD:
                sink({.line = *line,
                      .owner = name_of_wire({record.owner, record.owner_size}),
                      .type = static_cast<Type>(record.type),
                      .ttl = record.ttl,
                      .data = {record.data, record.data_size}});
                break;
        }
    }
    return {};
}

}  // namespace pbx::dns
