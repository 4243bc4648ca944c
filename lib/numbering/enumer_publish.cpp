#include "numbering/enumer_publish.hpp"

#include "core/text.hpp"
#include "numbering/uri.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
struct Usual {
    std::string_view scheme, services;
};

// IANA, Enumservice Registrations; iax2 is Asterisk's own word for IAX2 (RFC 6315 says iax)
constexpr Usual usual[] = {
    {"sip", "E2U+sip"},       {"sips", "E2U+sip"},
    {"tel", "E2U+voice:tel"}, {"h323", "E2U+h323"},
    {"iax", "E2U+iax"},       {"iax2", "E2U+iax2"},
    {"xmpp", "E2U+xmpp"},     {"mailto", "E2U+email:mailto"},
    {"http", "E2U+web:http"}, {"https", "E2U+web:https"},
};

struct Found {
    unsigned place = 0;
    std::optional<StoredName> stored{};
};

Result<std::optional<StoredName>> alive(const std::string& name, const NameReader& read) {
    auto stored = read(name);
    if (stored && *stored && !(*stored)->is_alive()) stored->reset();  // anybody may take it
    return stored;
}

Unexpected taken(const std::string& name, const StoredName& stored) {
    return fail(Code::refused,
                fmt::format("belongs to {}, which is no address of this wallet", stored.address), name,
                "leave out --place to take the first free one");
}

Result<Found> find_place(const Publication& publication, const NameReader& read, const OwnerReader& owner) {
    const unsigned first = publication.place.value_or(0);
    const unsigned end = publication.place ? first + 1 : EnumerCheck::most_records;
    for (unsigned place = first; place < end; ++place) {
        const auto name = enumer_name(publication.digits, place);
        auto stored = alive(name, read);
        if (!stored) return tl::unexpected(stored.error());
        if (!*stored) return Found{.place = place};
        const auto mine = owner((*stored)->address);
        if (!mine) return tl::unexpected(mine.error());
        if (*mine) return Found{.place = place, .stored = std::move(*stored)};
        if (publication.place) return taken(name, **stored);
    }
    return fail(Code::refused, fmt::format("the first {} places are taken", EnumerCheck::most_records),
                enumer_name(publication.digits, 0));
}

// Old signatures but those that are given anew.
std::vector<EnumerSignature> joined(const std::vector<EnumerSignature>& old,
                                    const std::vector<EnumerSignature>& given) {
    auto out = given;
    for (const auto& signature : old)
        if (std::none_of(given.begin(), given.end(),
                         [&](const auto& other) { return other.verifier == signature.verifier; }))
            out.push_back(signature);
    return out;
}

Result<Draft> drafted(const Publication& publication, const Found& found) {
    if (publication.digits.empty() || publication.digits.size() > most_enumer_digits)
        return fail(Code::data, fmt::format("a number of 1 to {} digits", most_enumer_digits),
                    publication.digits);
    if (publication.entries.empty()) return fail(Code::data, "nothing to publish: no URI");
    EnumerValue value{.entries = publication.entries, .signatures = publication.signatures};
    if (found.stored) {
        const auto old = parse_enumer_value(found.stored->value);
        value.signatures = joined(old.signatures, publication.signatures);
        value.ttl = old.ttl;
    }
    value.ttl = publication.ttl.value_or(value.ttl);
    auto text = encode(value);
    if (!text) return tl::unexpected(text.error());
    Draft out{.order = {.operation = found.stored ? NameOperation::update : NameOperation::make,
                        .name = enumer_name(publication.digits, found.place),
                        .value = std::move(*text),
                        .days = publication.days}};
    out.unchanged = found.stored && found.stored->value == out.order.value;
    return out;
}
}  // namespace

std::optional<std::string> service_for(std::string_view uri) {
    const auto scheme = scheme_of(uri);
    for (const auto& row : usual)
        if (text::iequal_ascii(row.scheme, scheme)) return std::string(row.services);
    return std::nullopt;
}

Result<EnumerEntry> entry_for(std::string_view uri, std::string_view services, std::uint16_t order,
                              std::uint16_t preference) {
    if (const auto fault = check_uri(uri))
        return fail(Code::data, fmt::format("{} (octet {})", fault.why, fault.octet), std::string(uri));
    auto regexp = regexp_for(uri);
    if (!regexp) return tl::unexpected(regexp.error());
    return EnumerEntry{.order = order,
                       .preference = preference,
                       .services = std::string(services),
                       .regexp = std::move(*regexp)};
}

Result<Draft> draft(const Publication& publication) {
    return drafted(publication, {.place = publication.place.value_or(0)});
}

Result<Draft> draft(const Publication& publication, const NameReader& read, const OwnerReader& owner) {
    const auto found = find_place(publication, read, owner);
    if (!found) return tl::unexpected(found.error());
    return drafted(publication, *found);
}

}  // namespace pbx::numbering
