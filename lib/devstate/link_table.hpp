// Which servers are linked, one link each: what a further connection of one of them means. Both sides come to
// the same answer without asking. Pure: no socket, no clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::devstate {

using LinkId = std::uint32_t;

// A connection whose other side has proved itself.
struct LinkClaim {
    LinkId id = 0;
    std::string server{};
    std::string instance{};  // of its process: a server that dials us while we dial it has one and the same
    bool dialled = false;    // by us
};

enum class LinkVerdict : std::uint8_t {
    up,          // it is the link now; `replaced`, if any, is to be cut
    linked,      // there is a link already, and it stays
    name_taken,  // another server of that name is linked, or we have it ourselves
    self,        // we dialled ourselves
};

[[nodiscard]] std::string_view word_of(LinkVerdict verdict);  // "name-taken"
[[nodiscard]] LinkVerdict verdict_of(std::string_view word);  // unknown words: name_taken

class LinkTable {
  public:
    LinkTable(std::string server, std::string instance)
        : server_(std::move(server)), instance_(std::move(instance)) {}

    struct Outcome {
        LinkVerdict verdict = LinkVerdict::up;
        LinkId replaced = 0;  // 0: none
    };
    [[nodiscard]] Outcome claim(LinkClaim claim);  // kept when `up`
    void release(LinkId id);                       // nothing when it was replaced
    [[nodiscard]] bool holds(LinkId id) const;
    [[nodiscard]] bool has(std::string_view server) const;

  private:
    [[nodiscard]] bool is_kept(const LinkClaim& newer, const LinkClaim& there) const;
    std::string server_, instance_;
    std::vector<LinkClaim> claims_{};
};

}  // namespace pbx::devstate
