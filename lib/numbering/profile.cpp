#include "numbering/profile.hpp"

namespace pbx::numbering {

namespace {
constexpr Profile rows[] = {
    {.name = "e164", .summary = "public ENUM, RFC 6116", .suffix = "e164.arpa"},
    {.name = "enumer",
     .summary = "ENUMER, of one's own Emercoin node",
     .suffix = "enum",
     .server = "127.0.0.1:5335",
     .tcp = false,
     .dnssec = false},
};

struct Row {
    Status status;
    Meaning meaning;
};

// Emercoin's src/emcdns.cpp says when it answers so.
constexpr Row enumer_rows[] = {
    {Status::nxdomain,
     {"no record",
      "the node says so, too, when no verifier of enumtrust= signed the record; pbxctl doctor looks into "
      "it"}},
    {Status::servfail,
     {"the node is still downloading blocks", "emercoin-cli getblockchaininfo shows how far it is"}},
    {Status::refused,
     {"the node does not serve this suffix", "add $enum to emcdnsallowed= in emercoin.conf"}},
    {Status::truncated,
     {"records after the first 512 octets are lost: the node has no TCP",
      "fewer or shorter E2U lines in the record"}},
    {Status::timeout,
     {"the node does not answer",
      "it drops the queries of busy clients without a word: raise daptreshold= or set dapsize=0 in "
      "emercoin.conf"}},
    {Status::bogus,
     {"its record is not signed by a verifier you trust", "--explain shows more; [enumer] trust names them"}},
    {Status::unreachable,
     {"nothing answers DNS there",
      "set emcdns=1 (and emcdnsport=, emcdnsbindip=) in emercoin.conf and start the node"}},
};
}  // namespace

std::span<const Profile> profiles() {
    return rows;
}

const Profile* find_profile(std::string_view name) {
    for (const auto& row : rows)
        if (row.name == name) return &row;
    return nullptr;
}

std::optional<Meaning> meaning_of(const Profile& profile, Status status) {
    if (profile.name != "enumer") return std::nullopt;
    for (const auto& row : enumer_rows)
        if (row.status == status) return row.meaning;
    return std::nullopt;
}

}  // namespace pbx::numbering
