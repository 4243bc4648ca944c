#include "numbering/services.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
using text::iequal_ascii;

bool is_name_octet(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

// enumservice = type *(":" subtype), each 1*32(ALPHA / DIGIT / "-"). Where it is not: the octet, from 0.
std::optional<std::size_t> wrong_at(std::string_view service) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < service.size(); ++i) {
        if (service[i] == ':') {
            if (length == 0) return i;
            length = 0;
        } else if (!is_name_octet(service[i]) || ++length > max_service) {
            return i;
        }
    }
    if (length == 0) return service.size();
    return std::nullopt;
}

// Where the services stand in a field: behind E2U+, or before +E2U as RFC 2916 had it.
struct Members {
    std::size_t from = 0;
    std::string_view text{};
};

std::optional<Members> members_of(std::string_view field) {
    constexpr std::size_t mark = 4;  // "E2U+", "+E2U"
    if (field.size() >= mark && iequal_ascii(field.substr(0, mark), "e2u+"))
        return Members{mark, field.substr(mark)};
    if (field.size() > mark && iequal_ascii(field.substr(field.size() - mark), "+e2u"))
        return Members{0, field.substr(0, field.size() - mark)};
    return std::nullopt;
}

// The first octet (from 1) that parts a field from "E2U+": names the '_' of "E2U_pstn:tel".
std::size_t parts_at(std::string_view field) {
    constexpr std::string_view mark = "E2U+";
    std::size_t i = 0;
    while (i < mark.size() && i < field.size() && iequal_ascii(field.substr(i, 1), mark.substr(i, 1)))
        ++i;
    return i + 1;
}

bool is_wanted(std::string_view service, const Wanted& wanted) {
    if (wanted.all) return true;
    if (wanted.last_part) {
        const auto colon = service.find(':');
        if (colon != service.npos) service.remove_prefix(colon + 1);
    }
    return std::any_of(wanted.names.begin(), wanted.names.end(),
                       [&](const auto& name) { return iequal_ascii(service, name); });
}
}  // namespace

Result<Wanted> parse_wanted(std::string_view list) {
    Wanted out;
    for (auto word : text::split(list, ',')) {
        auto name = text::lower_ascii(text::trim(word));
        if (name == "all" || name == "any") {
            out.all = true;
            continue;
        }
        if (wrong_at(name))
            return fail(Code::usage, "not the name of a service", fmt::format("service \"{}\"", word),
                        "names like sip, tel, pstn:tel, email:mailto, or all");
        if (name == "pjsip") name = "sip";
        if (name == "iax2") out.names.emplace_back("iax");
        out.names.push_back(std::move(name));
    }
    if (out.names.size() > max_wanted)
        return fail(Code::usage, fmt::format("more than {} of them", max_wanted), "services");
    return out;
}

ServiceMatch match_services(std::string_view field, const Wanted& wanted) {
    const auto members = members_of(field);
    const auto none = [](std::size_t octet, std::string_view why) {
        return ServiceMatch{.fault = {Status::no_service, Field::services, octet, why}};
    };
    if (!members) return none(parts_at(field), "not E2U+SERVICE: no ENUM record");
    std::string_view found;
    for (std::size_t from = 0; from <= members->text.size();) {
        const auto plus = std::min(members->text.find('+', from), members->text.size());
        const auto service = members->text.substr(from, plus - from);
        if (const auto wrong = wrong_at(service))
            return none(members->from + from + *wrong + 1, "no name of a service");
        if (found.empty() && is_wanted(service, wanted)) found = service;
        from = plus + 1;
    }
    if (found.empty()) return none(members->from + 1, "not a service that was asked for");
    return {.service = found};
}

bool scheme_fits(std::string_view service, std::string_view uri) {
    // services whose last part is a scheme; the others (vcard, web, pres) promise none that could be told
    struct Row {
        std::string_view part, scheme, secure;
    };
    static constexpr std::array rows{
        Row{"sip", "sip", "sips"},         Row{"sips", "sips", "sips"},  Row{"h323", "h323", "h323"},
        Row{"tel", "tel", "tel"},          Row{"iax", "iax", "iax2"},    Row{"iax2", "iax2", "iax"},
        Row{"mailto", "mailto", "mailto"}, Row{"http", "http", "https"}, Row{"https", "https", "https"},
        Row{"xmpp", "xmpp", "xmpp"},
    };
    const auto colon = service.rfind(':');
    const auto part = colon == service.npos ? service : service.substr(colon + 1);
    const auto scheme = uri.substr(0, uri.find(':'));
    for (const auto& row : rows)
        if (iequal_ascii(part, row.part))
            return iequal_ascii(scheme, row.scheme) || iequal_ascii(scheme, row.secure);
    return true;
}

}  // namespace pbx::numbering
