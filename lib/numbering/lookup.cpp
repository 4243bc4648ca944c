#include "numbering/lookup.hpp"

#include "core/log.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <numeric>

namespace pbx::numbering {

namespace {
// RFC 8914 4.7 to 4.13: a validating resolver says by these that signatures do not hold.
bool says_bogus(const dns::Answer& answer) {
    return answer.extended_error && answer.extended_error->code >= 6 && answer.extended_error->code <= 12;
}

// The digits before the branch, as a TXT record says them; Asterisk takes 0 to 19.
std::optional<std::size_t> position_in(const dns::Answer& answer) {
    if (answer.texts.empty()) return std::nullopt;
    const auto number = text::to_integer(answer.texts.front().text);
    if (!number || *number < 0 || *number > static_cast<long long>(max_e164)) return std::nullopt;
    return static_cast<std::size_t>(*number);
}
}  // namespace

Status status_of(const dns::Answer& answer, bool takes_partial) {
    switch (answer.rcode) {
        case dns::Rcode::no_error:
            break;
        case dns::Rcode::no_such_name:
            return Status::nxdomain;
        case dns::Rcode::refused:
            return Status::refused;
        default:
            return says_bogus(answer) ? Status::bogus : Status::servfail;
    }
    if (answer.alias_loop) return Status::loop;
    if (answer.truncated && !takes_partial) return Status::truncated;
    if (answer.cut && !answer.truncated) return Status::malformed;
    return Status::ok;
}

std::optional<dns::Question> Lookup::start(Number number) {
    number_ = std::move(number);
    outcome_.status = outcome_.worst = Status::ok;
    outcome_.used = outcome_.questions = 0;
    outcome_.uris.clear();
    outcome_.security = dns::Security::secure;
    outcome_.why.clear();
    outcome_.partial = false;
    ttl_ = UINT32_MAX;
    patterns_left_ = most_patterns;
    path_.clear();
    suffix_ = static_cast<std::size_t>(-1);
    return next_suffix();
}

Lookup::Next Lookup::next_suffix() {
    path_.clear();
    while (++suffix_ < order_.suffixes.size()) {
        const auto& suffix = order_.suffixes[suffix_];
        if (is_public(suffix) && number_.digits().size() > max_e164 && !order_.any_length) {
            note(Status::bad_number);
            continue;
        }
        locating_ = false;
        const bool plain = order_.branching == Branching::none || number_.is_isn();
        if (plain) return ask(enum_name(number_, suffix));
        if (order_.branching == Branching::cc)
            return ask(
                enum_name(number_, {.position = country_code_length(number_.digits()), .apex = suffix}));
        locating_ = true;
        return ask(branch_name(number_, suffix),
                   order_.branching == Branching::txt ? dns::Type::txt : dns::Type::ebl);
    }
    finish_suffix();
    return std::nullopt;
}

void Lookup::finish_suffix() {
    if (!outcome_.uris.empty())
        outcome_.status = Status::ok;
    else if (outcome_.status == Status::ok)
        outcome_.status = Status::no_record;
    if (outcome_.questions == 0) outcome_.security = dns::Security::indeterminate;
    outcome_.ttl = ttl_ == UINT32_MAX ? 0 : ttl_;
}

void Lookup::note(Status status) {
    outcome_.status = std::max(outcome_.status, status);
    outcome_.worst = std::max(outcome_.worst, status);
}

Lookup::Next Lookup::ask(const Result<dns::Name>& name, dns::Type type) {
    if (!name) return dead_end(Status::bad_number);
    if (path_.empty() && !locating_) {
        path_.push_back({.name = *name});
        outcome_.name = *name;
    }
    ++outcome_.questions;
    return dns::Question{.name = *name, .type = type};
}

std::optional<dns::Question> Lookup::on(const dns::Reply& reply) {
    switch (reply.outcome) {
        case dns::Outcome::answered:
            break;
        case dns::Outcome::timed_out:
            return on(Status::timeout);
        case dns::Outcome::unreachable:
            return on(Status::unreachable);
    }
    return reply.security == dns::Security::bogus ? give_up(reply.why) : on(reply.answer, reply.security);
}

// Somebody meddled with this number: what else there is for it is what they left.
Lookup::Next Lookup::give_up(std::string_view why) {
    outcome_.security = dns::Security::bogus;
    outcome_.why = log::cleaned(why.substr(0, max_why));  // words of whoever answered
    outcome_.uris.clear();
    for (auto at = outcome_.used; at > 0; --at) {
        auto& record = outcome_.room[at - 1];
        if (!record.is_terminal()) continue;
        record.fault = {Status::bogus, Field::record, 0, "good, but another answer for this number is bogus"};
        record.uri.clear();
    }
    path_.clear();
    ttl_ = 0;
    note(Status::bogus);
    finish_suffix();
    return std::nullopt;
}

std::optional<dns::Question> Lookup::on(const dns::Answer& answer, dns::Security security) {
    outcome_.security = std::max(outcome_.security, security);
    ttl_ = std::min(ttl_, answer.ttl);
    if (locating_) return locate(answer, security);
    const auto status = status_of(answer, order_.takes_partial);
    if (status == Status::bogus) return give_up(answer.extended_error->text);
    if (status != Status::ok) return dead_end(status);
    if (order_.only_secure && security != dns::Security::secure) return dead_end(Status::insecure);
    if (answer.naptrs.empty() && answer.malformed.empty()) {
        if (!answer.alias.empty()) return follow_alias(answer);
        return dead_end(answer.truncated ? Status::truncated : Status::nodata);
    }
    return take(answer);
}

std::optional<dns::Question> Lookup::on(Status failure) {
    ttl_ = 0;
    outcome_.security = std::max(outcome_.security, dns::Security::indeterminate);
    if (!locating_) return dead_end(failure);
    note(failure);
    return next_suffix();
}

// Without a record the branch stands after the country code, as in Asterisk.
Lookup::Next Lookup::locate(const dns::Answer& answer, dns::Security security) {
    locating_ = false;
    const auto status = status_of(answer, order_.takes_partial);
    if (status == Status::bogus) return give_up(answer.extended_error->text);
    if (status != Status::ok && status != Status::nxdomain) {
        note(status);
        return next_suffix();
    }
    // who names the branch names the answer; a "no" that nobody signed may hide one that is signed
    if (order_.only_secure && security != dns::Security::secure) {
        note(Status::insecure);
        return next_suffix();
    }
    Branch branch{.position = country_code_length(number_.digits()), .apex = order_.suffixes[suffix_]};
    if (order_.branching == Branching::txt) {
        branch.position = position_in(answer).value_or(branch.position);
    } else if (!answer.ebls.empty()) {
        const auto& ebl = answer.ebls.front();
        const auto apex = dns::Name::parse(ebl.apex);
        if (!apex || ebl.position > max_e164) return dead_end(Status::malformed);
        branch = {.position = ebl.position, .label = ebl.separator, .apex = *apex};
    }
    // the number is good: it ends before the branch, or the record makes no name of it
    if (branch.position > number_.digits().size()) return dead_end(Status::nodata);
    const auto name = enum_name(number_, branch);
    if (!name) return dead_end(Status::malformed);
    return ask(name);
}

// The server does not know the zone that the name's CNAME leads to.
Lookup::Next Lookup::follow_alias(const dns::Answer& answer) {
    const auto name = dns::Name::parse(answer.alias);
    if (!name) return dead_end(Status::malformed);
    auto& level = path_.back();
    const bool too_many = level.aliases.size() == dns::max_aliases || outcome_.questions >= max_questions;
    if (too_many || is_on_path(*name)) return dead_end(Status::loop);
    level.aliases.push_back(level.name);
    level.name = *name;
    return ask(*name);
}

bool Lookup::is_on_path(const dns::Name& name) const {
    return std::any_of(path_.begin(), path_.end(), [&](const auto& level) {
        return level.name == name ||
               std::find(level.aliases.begin(), level.aliases.end(), name) != level.aliases.end();
    });
}

// The name just asked has nothing for us: so the record that led there has not, or the whole suffix.
Lookup::Next Lookup::dead_end(Status status) {
    if (path_.empty() || path_.back().came_from == no_record) {
        note(status);
        return next_suffix();
    }
    auto& record = outcome_.room[path_.back().came_from];
    const bool empty = status == Status::nxdomain || status == Status::nodata;
    record.fault = {empty ? Status::no_record : status, Field::replacement, 0,
                    empty                        ? "leads to a name without records"
                    : status == Status::insecure ? "leads to a name that is not signed"
                                                 : "leads to a name that cannot be asked"};
    note(record.fault.status);
    path_.pop_back();
    return walk();
}

Lookup::Next Lookup::take(const dns::Answer& answer) {
    outcome_.partial = outcome_.partial || answer.truncated;
    auto& level = path_.back();
    level.next = outcome_.used;
    level.had = outcome_.uris.size();
    read_records(answer);
    level.end = outcome_.used;
    if (answer.truncated) note(Status::truncated);
    return walk();
}

Record& Lookup::add_record() {
    if (outcome_.used == outcome_.room.size()) outcome_.room.emplace_back();
    return outcome_.room[outcome_.used++];
}

// RFC 6116 3.4.2 (RFC 3403 4.1): lowest order first, then lowest preference.
void Lookup::read_records(const dns::Answer& answer) {
    sorted_.resize(answer.naptrs.size());
    std::iota(sorted_.begin(), sorted_.end(), std::uint16_t{0});
    std::sort(sorted_.begin(), sorted_.end(), [&](auto a, auto b) {
        const auto &x = answer.naptrs[a], &y = answer.naptrs[b];
        if (x.order != y.order) return x.order < y.order;
        return x.preference != y.preference ? x.preference < y.preference : a < b;
    });
    const auto room = max_records - outcome_.used;
    outcome_.partial = outcome_.partial || sorted_.size() + answer.malformed.size() > room;
    sorted_.resize(std::min(sorted_.size(), room));
    const auto hop = path_.size() - 1;
    rewriter_.allow(patterns_left_);
    for (auto at : sorted_) {
        auto& record = add_record();
        judge(answer.naptrs[at], number_.aus, order_.wanted, rewriter_, record);
        record.hop = hop;
    }
    patterns_left_ = rewriter_.allowed();
    for (const auto& malformed : answer.malformed) {
        if (outcome_.used >= max_records) break;
        auto& record = add_record();
        judge(malformed, record);
        record.hop = hop;
    }
}

// Goes through the records of the deepest level, then of those above it.
Lookup::Next Lookup::walk() {
    while (!path_.empty()) {
        auto& level = path_.back();
        if (level.next == level.end) {
            path_.pop_back();
            continue;
        }
        const auto at = level.next++;
        auto& record = outcome_.room[at];
        if (is_past_order(level, record)) continue;
        if (record.fault) {
            note(record.fault.status);
        } else if (record.is_terminal()) {
            outcome_.uris.push_back(at);
        } else if (outcome_.uris.size() < order_.enough) {
            if (auto question = descend(at)) return question;
        }
    }
    if (outcome_.uris.empty()) return next_suffix();
    finish_suffix();
    return std::nullopt;
}

// RFC 3403 4.1: once a record was taken, one of another order must not be considered. A higher order is
// looked at as long as no lower one gave what was asked for.
bool Lookup::is_past_order(Level& level, Record& record) const {
    if (record.order <= level.order || order_.all_orders) return false;
    if (outcome_.uris.size() == level.had) {
        level.order = record.order;
        return false;
    }
    if (!record.fault) record.fault = {Status::no_record, Field::record, 0, behind_good};
    record.uri.clear();
    return true;
}

Lookup::Next Lookup::descend(std::size_t from) {
    auto& record = outcome_.room[from];
    const auto target = dns::Name::parse(record.replacement);
    const auto rule_out = [&](Status status, std::string_view why) {
        record.fault = {status, Field::replacement, 0, why};
        note(status);
        return std::nullopt;
    };
    if (!target) return rule_out(Status::malformed, "not a domain name");
    if (is_on_path(*target)) return rule_out(Status::loop, "leads back to where it came from");
    if (path_.size() > max_hops) return rule_out(Status::too_deep, "a sixth non-terminal record in a row");
    if (outcome_.questions >= max_questions)
        return rule_out(Status::too_deep, "too many questions for one number");
    if (outcome_.used >= max_records) return rule_out(Status::too_deep, "too many records for one number");
    record.followed = true;
    path_.push_back({.name = *target, .came_from = from});
    return ask(*target);
}

}  // namespace pbx::numbering
