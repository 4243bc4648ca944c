#include "numbering/enumer_verify.hpp"

#include "numbering/enumer_signature.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
// The nearer to good, the more it says: of several bad signatures the nearest is told.
int nearness(SignatureState state) {
    switch (state) {
        case SignatureState::good:
            return 7;
        case SignatureState::revoked:
            return 6;
        case SignatureState::bad_srl:
            return 5;
        case SignatureState::no_verifier:
            return 4;
        case SignatureState::other_key:
            return 3;
        case SignatureState::malformed:
            return 2;
        case SignatureState::untrusted:
            return 1;
        case SignatureState::missing:
            return 0;
    }
    return 0;
}
}  // namespace

std::string_view name_of(SignatureState state) {
    switch (state) {
        case SignatureState::good:
            return "good";
        case SignatureState::missing:
            return "missing";
        case SignatureState::untrusted:
            return "untrusted";
        case SignatureState::malformed:
            return "malformed";
        case SignatureState::other_key:
            return "other key";
        case SignatureState::revoked:
            return "revoked";
        case SignatureState::no_verifier:
            return "no verifier";
        case SignatureState::bad_srl:
            return "bad SRL";
    }
    return "";
}

EnumerCheck::EnumerCheck(std::vector<std::string> trusted, NameReader read)
    : trusted_(std::move(trusted)), read_(std::move(read)) {}

Result<std::vector<CheckedRecord>> EnumerCheck::records(std::string_view digits) {
    std::vector<CheckedRecord> out;
    for (unsigned number = 0; number < most_records; ++number) {
        auto name = enumer_name(digits, number);
        auto stored = read_(name);
        if (!stored) return tl::unexpected(stored.error());
        if (!*stored || !(*stored)->is_alive()) break;
        auto checked = check(std::move(name), std::move(**stored));
        if (!checked) return tl::unexpected(checked.error());
        out.push_back(std::move(*checked));
    }
    return out;
}

Result<CheckedRecord> EnumerCheck::check(std::string name, StoredName stored) {
    CheckedRecord out{.name = std::move(name), .stored = std::move(stored), .why = "no SIG line"};
    out.value = parse_enumer_value(out.stored.value);
    for (const auto& signature : out.value.signatures) {
        auto found = look_at(signature, out.name);
        if (!found) return tl::unexpected(found.error());
        if (nearness(found->state) <= nearness(out.state)) continue;
        out.state = found->state;
        out.why = std::move(found->why);
        out.verifier = signature.verifier;
        if (out.state == SignatureState::good) break;  // one is enough
    }
    return out;
}

Result<EnumerCheck::Finding> EnumerCheck::look_at(const EnumerSignature& signature, const std::string& name) {
    if (std::find(trusted_.begin(), trusted_.end(), signature.verifier) == trusted_.end())
        return Finding{SignatureState::untrusted, fmt::format("{} is not trusted", signature.verifier)};
    const auto signer = signer_of(name, signature.base64);
    if (!signer) return Finding{SignatureState::malformed, signer.error().what};
    const auto known = verifier(signature.verifier);
    if (!known) return tl::unexpected(known.error());
    if (known->state == SignatureState::no_verifier) return Finding{known->state, known->why};
    if (*signer != known->key)
        return Finding{SignatureState::other_key,
                       fmt::format("signed by {}, which is not {}", address_of(*signer), signature.verifier)};
    if (known->state != SignatureState::good) return Finding{known->state, known->why};
    if (!known->revocation) return Finding{SignatureState::good, {}};
    const auto bucket_name = known->revocation->bucket(name);
    const auto bucket = read_(bucket_name);
    if (!bucket) return tl::unexpected(bucket.error());
    if (*bucket && (*bucket)->is_alive() && is_revoked(name, (*bucket)->value))
        return Finding{SignatureState::revoked, fmt::format("{} revokes it", bucket_name)};
    return Finding{SignatureState::good, {}};
}

Result<Verifier> EnumerCheck::verifier(const std::string& name) {
    if (const auto known = verifiers_.find(name); known != verifiers_.end()) return known->second;
    auto read = read_verifier(name);
    if (read) verifiers_.emplace(name, *read);
    return read;
}

// The node takes the key of a verifier whose name ran out or was deleted, too. Such a name is anybody's to
// take, so here it is no verifier.
Result<Verifier> EnumerCheck::read_verifier(const std::string& name) const {
    auto stored = read_(name);
    if (!stored) return tl::unexpected(stored.error());
    const auto without = [&](std::string_view why) {
        return Verifier{.state = SignatureState::no_verifier, .why = fmt::format("{} {}", name, why)};
    };
    if (!*stored) return without("is not in the store");
    if ((*stored)->deleted) return without("was deleted");
    if ((*stored)->expired) return without("has expired");
    const auto key = key_of_address((*stored)->address);
    if (!key) return without(fmt::format("has {}: {}", key.error().what, key.error().where));
    auto revocation = Revocation::parse((*stored)->value);
    if (!revocation)
        return Verifier{.key = *key,
                        .state = SignatureState::bad_srl,
                        .why = fmt::format("{}: {}", name, revocation.error().what)};
    return Verifier{.key = *key, .revocation = std::move(*revocation)};
}

const CheckedRecord* origin_of(const EnumerEntry& answered, const std::vector<CheckedRecord>& records) {
    const CheckedRecord* out = nullptr;
    for (const auto& record : records) {
        const auto& entries = record.value.entries;
        if (std::find(entries.begin(), entries.end(), answered) == entries.end()) continue;
        if (out == nullptr || nearness(record.state) > nearness(out->state)) out = &record;
    }
    return out;
}

}  // namespace pbx::numbering
