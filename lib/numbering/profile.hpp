// What `--profile NAME` means for a lookup: where it asks, what that kind of server cannot do, and what its
// troubles mean there. Data only; the lookup itself is elsewhere.
#pragma once

#include "numbering/status.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace pbx::numbering {

struct Profile {
    std::string_view name;
    std::string_view summary;
    std::string_view suffix{};  // names are asked below it; no dots at its ends
    std::string_view server{};  // HOST:PORT; empty: as configured, else resolv.conf
    bool tcp = true;            // false: a truncated answer is all there is; its whole records are used
    bool dnssec = true;         // false: no zone there is signed
};

[[nodiscard]] std::span<const Profile> profiles();  // the first one is the default
[[nodiscard]] const Profile* find_profile(std::string_view name);

// What an outcome means with this profile, for people. Status::truncated is told beside the records that were
// whole.
struct Meaning {
    std::string_view what;
    std::string_view hint;
};
// Nothing: it means what it means everywhere.
[[nodiscard]] std::optional<Meaning> meaning_of(const Profile& profile, Status status);

}  // namespace pbx::numbering
