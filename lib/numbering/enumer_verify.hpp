// Whether the records of a number are what a trusted verifier signed: the node's own check, done again from
// the names as its JSON-RPC shows them. No I/O here: names are read by the caller's function.
#pragma once

#include "core/result.hpp"
#include "numbering/enumer_address.hpp"
#include "numbering/enumer_record.hpp"
#include "numbering/enumer_revocation.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::numbering {

// What name_show tells of a name.
struct StoredName {
    std::string value{};
    std::string address{};        // of its owner
    std::int64_t expires_in = 0;  // blocks, 175 a day
    bool expired = false;
    bool deleted = false;

    // Else it reads as if it were not there.
    [[nodiscard]] bool is_alive() const { return !expired && !deleted; }
};
// Nothing: there is no such name.
using NameReader = std::function<Result<std::optional<StoredName>>(const std::string& name)>;

enum class SignatureState : std::uint8_t {
    good,
    missing,      // no SIG line
    untrusted,    // only verifiers that nobody named
    malformed,    // no signature at all
    other_key,    // somebody else's, or of another name
    revoked,      // in the verifier's SRL
    no_verifier,  // its name is gone, ran out, or belongs to a script
    bad_srl,      // what it revoked can't be known
};
[[nodiscard]] std::string_view name_of(SignatureState state);  // "other key"

struct CheckedRecord {
    std::string name{};  // enum:<digits>:<n>
    StoredName stored{};
    EnumerValue value{};
    SignatureState state = SignatureState::missing;
    std::string verifier{};  // of the signature that the state is about
    std::string why{};       // for people, empty when good
};

// A verifier's key and its SRL, by its name.
struct Verifier {
    std::optional<KeyId> key{};
    std::optional<Revocation> revocation{};
    SignatureState state = SignatureState::good;  // no_verifier and bad_srl: of all it signed
    std::string why{};
};

class EnumerCheck {
  public:
    static constexpr unsigned most_records = 64;  // the node itself goes on to 32767

    // `trusted`: the node's enumtrust=, "ver:enum". The reader outlives this.
    EnumerCheck(std::vector<std::string> trusted, NameReader read);

    // The records of a number, digits without +, from enum:<digits>:0 until one is missing. Errors are the
    // reader's.
    [[nodiscard]] Result<std::vector<CheckedRecord>> records(std::string_view digits);
    [[nodiscard]] Result<CheckedRecord> check(std::string name, StoredName stored);
    // Code as the reader's. Asked once a name, then kept.
    [[nodiscard]] Result<Verifier> verifier(const std::string& name);

  private:
    struct Finding {
        SignatureState state;
        std::string why;
    };
    [[nodiscard]] Result<Finding> look_at(const EnumerSignature& signature, const std::string& name);
    [[nodiscard]] Result<Verifier> read_verifier(const std::string& name) const;

    std::vector<std::string> trusted_;
    NameReader read_;
    std::map<std::string, Verifier, std::less<>> verifiers_;
};

// The record that an entry of a DNS answer comes from, a good one if there is one. Null: the store has none,
// it is of the node's toll-free list, or not this node's answer.
[[nodiscard]] const CheckedRecord* origin_of(const EnumerEntry& answered,
                                             const std::vector<CheckedRecord>& records);

}  // namespace pbx::numbering
