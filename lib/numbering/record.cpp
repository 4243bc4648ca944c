#include "numbering/record.hpp"

#include "core/text.hpp"
#include "numbering/uri.hpp"

namespace pbx::numbering {

namespace {
enum class Flag { terminal, non_terminal, other };

Flag flag_of(std::string_view flags) {
    if (flags.empty()) return Flag::non_terminal;
    return text::iequal_ascii(flags, "u") ? Flag::terminal : Flag::other;
}

// RFC 6116 3.4.1: a terminal rule has a regexp and the root as its replacement.
Fault judge_terminal(Record& record, std::string_view aus, Rewriter& rewriter) {
    if (record.replacement != ".")
        return {Status::bad_regexp, Field::replacement, 0, "must be the root where there is a regexp"};
    if (const auto fault = rewriter.rewrite(record.regexp, aus, record.uri)) return fault;
    return check_uri(record.uri);
}

// A non-terminal one has only a replacement; its services mean nothing (RFC 6116 3.4.3).
Fault judge_non_terminal(const Record& record) {
    if (!record.regexp.empty())
        return {Status::no_record, Field::regexp, 0,
                "a non-terminal record leads on by its replacement only"};
    if (record.replacement == ".") return {Status::no_record, Field::replacement, 0, "leads nowhere"};
    return {};
}

void fill(const dns::Naptr& naptr, Record& into) {
    into.order = naptr.order;
    into.preference = naptr.preference;
    into.ttl = naptr.ttl;
    into.flags.assign(naptr.flags);
    into.services.assign(naptr.services);
    into.regexp.assign(naptr.regexp);
    into.replacement.assign(naptr.replacement);
    into.fault = {};
    into.uri.clear();
    into.service.clear();
    into.scheme_fits = true;
    into.hop = 0;
    into.followed = false;
}

Field field_named(std::string_view name) {
    for (auto field : {Field::flags, Field::services, Field::regexp, Field::replacement})
        if (name_of(field) == name) return field;
    return Field::record;
}
}  // namespace

void judge(const dns::Naptr& naptr, std::string_view aus, const Wanted& wanted, Rewriter& rewriter,
           Record& into) {
    fill(naptr, into);
    const auto flag = flag_of(naptr.flags);
    if (flag == Flag::non_terminal) {
        into.fault = judge_non_terminal(into);
        return;
    }
    const auto match = match_services(naptr.services, wanted);
    into.fault = match.fault;
    if (into.fault) return;
    into.service.assign(match.service);
    into.fault = flag == Flag::other
                     ? Fault{Status::no_record, Field::flags, 1, "neither u nor empty: not of ENUM"}
                     : judge_terminal(into, aus, rewriter);
    if (into.fault)
        into.uri.clear();
    else
        into.scheme_fits = scheme_fits(match.service, into.uri);
}

void judge(const dns::Malformed& malformed, Record& into) {
    fill({}, into);
    const auto field = field_named(malformed.field);
    into.fault = {Status::malformed, field, malformed.octet + 1U, malformed.why};
}

}  // namespace pbx::numbering
