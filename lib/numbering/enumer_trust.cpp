#include "numbering/enumer_trust.hpp"

#include "numbering/enumer_node.hpp"

#include <utility>

namespace pbx::numbering {

namespace {
std::string_view why_not(const CheckedRecord* origin) {
    if (origin == nullptr) return "not in the node's store: of its toll-free list, or not its answer";
    switch (origin->state) {
        case SignatureState::good:
            break;
        case SignatureState::missing:
            return "no verifier signed it";
        case SignatureState::untrusted:
            return "no verifier you trust signed it";
        case SignatureState::malformed:
            return "its signature is none";
        case SignatureState::other_key:
            return "its signature is not the verifier's, or of another name";
        case SignatureState::revoked:
            return "its verifier revoked it";
        case SignatureState::no_verifier:
            return "its verifier has no name in the store any more";
        case SignatureState::bad_srl:
            return "its verifier's revocation list can't be read";
    }
    return {};
}
}  // namespace

Result<void> keep_signed(Outcome& outcome, std::string_view digits, EnumerCheck& check) {
    if (outcome.uris.empty()) return {};
    const auto stored = check.records(digits);
    if (!stored) return tl::unexpected(stored.error());
    std::vector<std::size_t> kept;
    for (const auto at : outcome.uris) {
        auto& record = outcome.room[at];
        const auto* origin = origin_of({.order = record.order,
                                        .preference = record.preference,
                                        .services = record.services,
                                        .regexp = record.regexp},
                                       *stored);
        const auto why = why_not(origin);
        if (why.empty() && !kept.empty() && record.order != outcome.room[kept.front()].order) {
            record.fault = {.status = Status::no_record, .field = Field::record, .why = behind_good};
            record.uri.clear();
        } else if (why.empty()) {
            kept.push_back(at);
        } else {
            record.fault = {.status = Status::bogus, .field = Field::record, .why = why};
            record.uri.clear();
        }
    }
    outcome.uris = std::move(kept);
    if (outcome.uris.empty()) {
        outcome.status = Status::bogus;
        outcome.ttl = 0;
    }
    return {};
}

Result<void> keep_signed(Outcome& outcome, std::string_view digits, const config::Settings& settings,
                         const Clock& clock, std::chrono::steady_clock::time_point deadline) {
    if (outcome.uris.empty()) return {};  // spares loading the HTTP driver
    auto options = node_options(settings);
    if (!options) return tl::unexpected(options.error());
    auto node = EnumerNode::open(std::move(*options));
    if (!node) return tl::unexpected(node.error());
    EnumerCheck check(
        settings.all("enumer", "trust"), [&](const std::string& name) -> Result<std::optional<StoredName>> {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock.now());
            if (left.count() <= 0) return fail(Code::try_again, "no time is left to verify", name);
            node->limit(left);
            return node->show(name);
        });
    return keep_signed(outcome, digits, check);
}

}  // namespace pbx::numbering
