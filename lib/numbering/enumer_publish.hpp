// What has to be written into Emercoin's name-value store so that ENUMER finds a number: which name, which
// value, as a new name or over an old one. Reads names by the caller's functions; writes nothing itself.
#pragma once

#include "core/result.hpp"
#include "numbering/enumer_record.hpp"
#include "numbering/enumer_rpc.hpp"
#include "numbering/enumer_verify.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::numbering {

// "E2U+sip" of sip:, "E2U+voice:tel" of tel:; nothing when no service is usual for the scheme.
[[nodiscard]] std::optional<std::string> service_for(std::string_view uri);

// An entry that gives this URI for every number. Code::data: no URI that may be dialled, or none that fits.
[[nodiscard]] Result<EnumerEntry> entry_for(std::string_view uri, std::string_view services,
                                            std::uint16_t order, std::uint16_t preference);

struct Publication {
    std::string digits{};
    std::vector<EnumerEntry> entries{};
    std::vector<EnumerSignature> signatures{};  // a verifier's older one goes
    std::optional<std::uint32_t> ttl{};         // nothing: what the name has, else a day
    std::optional<unsigned> place{};  // n of enum:<digits>:<n>; nothing: one's own, else the first free
    std::int64_t days = 365;
};

struct Draft {
    NameOrder order{};
    bool unchanged = false;  // the name has this very value
};

// Without a node: a new name at `place` or 0.
[[nodiscard]] Result<Draft> draft(const Publication& publication);
// With one: signatures that the name has stay. Code::refused: the place is somebody else's, or no place is
// free.
using OwnerReader = std::function<Result<bool>(const std::string& address)>;  // is it ours
[[nodiscard]] Result<Draft> draft(const Publication& publication, const NameReader& read,
                                  const OwnerReader& owner);

}  // namespace pbx::numbering
