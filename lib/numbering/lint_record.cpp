// Each record as a lookup judges it, and beside the others of its owner.
#include "core/text.hpp"
#include "numbering/lint_zone.hpp"
#include "numbering/lookup.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
// What Asterisk does is what main/enum.c of 16 and 22 did when run.
constexpr std::string_view passed_over =
    "resolvers pass over it; ENUMLOOKUP() then finds nothing for the whole number";
constexpr std::string_view dialled = "pbxctl refuses it; ENUMLOOKUP() hands it to the dialplan as it is";
constexpr std::string_view not_enum = "resolvers pass over it";
constexpr std::string_view never_asked = "nobody who dials a number asks for it";
constexpr std::size_t fixed_part = 12;     // type, class, TTL, length, and a name that points to the question
constexpr std::size_t most_by_udp = 1232;  // octets
constexpr std::size_t most_of_enumlookup = 4096;
constexpr std::size_t sample_digits = 11;  // of a number that a wildcard stands for

std::string_view effect_of(Status status) {
    switch (status) {
        case Status::bad_uri:
            return dialled;
        case Status::no_service:
            return not_enum;
        default:
            return passed_over;
    }
}

std::string what_of(const Fault& fault, const LintOwner& owner) {
    if (fault.status == Status::no_match) return fmt::format("does not match {}", owner.aus);
    return std::string(fault.why);
}

// Any number that the owner may stand for.
std::string sample(const LintOwner& owner) {
    auto out = owner.aus.empty() ? std::string("+") : owner.aus;
    if (owner.aus.empty() || owner.whose.wildcard) out.resize(std::max(out.size(), sample_digits + 1), '1');
    return out;
}

void add_warning(LintZone& zone, const LintOwner& owner, const LintRecord& record, std::string_view code,
                 Field field, std::string what, std::string_view effect) {
    auto& finding = zone.add(record.line, Severity::warning, code, owner);
    finding.field = field;
    finding.what = std::move(what);
    finding.effect = effect;
}

// Right by RFC 6116, but Asterisk reads it otherwise.
void warn_of_asterisk(LintZone& zone, const LintOwner& owner, const LintRecord& record) {
    const auto& judged = record.judged;
    if (judged.flags.empty())
        return add_warning(zone, owner, record, "asterisk", Field::flags, "a non-terminal record",
                           "ENUMLOOKUP() does not follow it and finds nothing for the whole number");
    const auto parsed = parse_expression(judged.regexp);
    if (!parsed.fault && parsed.expression.ignores_case)
        add_warning(zone, owner, record, "asterisk", Field::regexp, "the flag i",
                    "ENUMLOOKUP() leaves the delimiter at the end of the URI");
    if (std::count(judged.services.begin(), judged.services.end(), '+') > 1)
        add_warning(zone, owner, record, "asterisk", Field::services, "several services in one record",
                    "ENUMLOOKUP() matches none of them");
}

class Judge {
  public:
    explicit Judge(LintZone& zone) : zone_(zone) { wanted_.all = true; }

    void owner(std::size_t at) {
        auto& owner = zone_.owners[at];
        name(owner);
        for (auto& record : owner.records)
            one(owner, record);
        together(owner);
        size(owner);
    }

  private:
    void name(const LintOwner& owner) {
        const auto line = owner.records.front().line;
        if (!owner.whose.fault.empty()) {
            auto& finding = zone_.add(line, Severity::fault, "owner", owner);
            finding.what = owner.whose.fault;
            finding.effect = never_asked;
        } else if (owner.whose.aus.empty() && !owner.led_to) {
            auto& finding = zone_.add(line, Severity::warning, "owner", owner);
            finding.what = "no number's name, and no record here leads to it";
            finding.effect = never_asked;
        }
    }

    void one(LintOwner& owner, LintRecord& record) {
        const auto fields = read_naptr(record.data);
        if (!fields) {
            auto& finding = zone_.add(record.line, Severity::fault, "malformed", owner);
            finding.what = "fields of a NAPTR record are missing";
            finding.effect = passed_over;
            record.judged.fault.status = Status::malformed;
            return;
        }
        const auto before = zone_.findings.size();
        judge_backslashes(zone_, owner, record);
        const bool eaten = zone_.findings.size() > before;
        auto naptr = fields->naptr;
        naptr.replacement = fields->replacement;
        judge(naptr, sample(owner), wanted_, rewriter_, record.judged);
        const auto& fault = record.judged.fault;
        const bool unknown_number = owner.aus.empty() || owner.whose.wildcard;
        if (eaten || (unknown_number && fault.status == Status::no_match)) return;
        if (!fault) {
            warn_of_asterisk(zone_, owner, record);
            if (record.judged.is_terminal() && !record.judged.scheme_fits)
                add_warning(zone_, owner, record, "bad_uri", Field::uri,
                            fmt::format("{}: not the scheme that {} promises", record.judged.uri,
                                        record.judged.service),
                            "who asks for that service gets another");
            return;
        }
        auto& finding = zone_.add(record.line, Severity::fault, name_of(fault.status), owner);
        finding.field = fault.field;
        finding.octet = fault.octet;
        finding.what = what_of(fault, owner);
        finding.effect = effect_of(fault.status);
    }

    void together(const LintOwner& owner) {
        const auto count = std::min(owner.records.size(), max_records);
        for (std::size_t b = 0; b < count; ++b)
            for (std::size_t a = 0; a < count; ++a)
                if (a != b && beside(owner, owner.records[a], owner.records[b], a < b)) break;
    }

    // Whether there was something to say of `b` because of `a`.
    bool beside(const LintOwner& owner, const LintRecord& a, const LintRecord& b, bool before) {
        if (a.data == b.data) {
            if (before)
                add_warning(zone_, owner, b, "duplicate", Field::record,
                            fmt::format("the same as line {}", a.line), "name servers keep one of them");
            return before;
        }
        const bool comparable = a.judged.is_terminal() && b.judged.is_terminal() &&
                                text::iequal_ascii(a.judged.services, b.judged.services);
        if (!comparable || a.judged.order > b.judged.order) return false;
        if (a.judged.order < b.judged.order) {
            add_warning(zone_, owner, b, "unreachable", Field::record,
                        fmt::format("order {}: line {} has order {} for the same service", b.judged.order,
                                    a.line, a.judged.order),
                        "resolvers stop at the lower order (RFC 3403 4.1)");
            return true;
        }
        if (!before || a.judged.preference != b.judged.preference) return false;
        add_warning(zone_, owner, b, "tie", Field::record,
                    fmt::format("the order and preference of line {} for the same service", a.line),
                    "resolvers take either");
        return true;
    }

    void size(const LintOwner& owner) {
        std::size_t octets = 12 + owner.name.size() + 1 + 4 + 11;  // header, question, EDNS
        for (const auto& record : owner.records)
            octets += fixed_part + record.data.size();
        if (octets <= most_by_udp) return;
        add_warning(zone_, owner, owner.records.front(), "size", Field::record,
                    fmt::format("the answer has {} octets", octets),
                    octets > most_of_enumlookup ? "it needs TCP; ENUMLOOKUP() reads 4096 octets and no more"
                                                : "it needs TCP: open port 53 for it, too");
    }

    LintZone& zone_;
    Wanted wanted_;
    Rewriter rewriter_;
};
}  // namespace

void judge_records(LintZone& zone) {
    Judge judge(zone);
    for (std::size_t i = 0; i < zone.owners.size(); ++i)
        judge.owner(i);
}

}  // namespace pbx::numbering
