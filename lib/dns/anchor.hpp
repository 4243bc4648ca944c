// A trust anchor file: DNSKEY and DS records as zone files write them (package dns-root-data's root.key, what
// ldns-keygen and dnssec-keygen leave in K*.key and K*.ds, a resolver's root.key with its comments). Read
// here only for whose they are; the keys themselves are the validator's.
#pragma once

#include "core/result.hpp"
#include "dns/name.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pbx::dns {

inline constexpr std::string_view root_anchor = "/usr/share/dns/root.key";
inline constexpr std::size_t max_anchor_file = 256 * 1024;

struct AnchorFile {
    std::string path;
    std::vector<Name> zones{};  // at least one

    // Whether an anchor stands at the name or above: only there can anything be secure or bogus.
    [[nodiscard]] bool covers(const Name& name) const;
};

// data names the line that is no such record.
[[nodiscard]] Result<std::vector<Name>> parse_anchors(std::string_view text);

// no_input: cannot be read; config: holds no anchor.
[[nodiscard]] Result<AnchorFile> read_anchors(const std::string& path);

}  // namespace pbx::dns
