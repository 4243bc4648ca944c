// What the own Asterisk's news are to others: local things become items by the rules, one thing a name; when
// that one is gone the next in turn takes the name over. What is another server's lamp here, and what can't
// be carried, is left out. Pure.
#pragma once

#include "devstate/name.hpp"
#include "devstate/rules.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pbx::devstate {

class Offers {
  public:
    Offers(Rules rules, NameTemplate names) : rules_(std::move(rules)), names_(std::move(names)) {}
    void change(Rules rules, NameTemplate names);  // the next table() goes by these

    // A snapshot; nothing from before holds.
    [[nodiscard]] std::vector<Item> table(std::span<const Local> locals);
    [[nodiscard]] std::optional<Item> on(const Local& local);

    // What is to be said of names that can't be carried, or are sent by two: once each.
    [[nodiscard]] std::vector<std::string> take_remarks() { return std::exchange(remarks_, {}); }
    [[nodiscard]] std::size_t refused() const { return refused_.size(); }

  private:
    using Key = std::pair<Kind, std::string>;
    struct Claim {
        std::string thing;  // "device PJSIP/101"
        std::size_t rule = 0;
        State state = State::unknown;  // as it was heard last
        std::string presence{};
    };
    [[nodiscard]] bool is_remote_lamp(const Local& local) const;
    [[nodiscard]] bool names_remote_lamp(std::string_view hint) const;
    [[nodiscard]] std::optional<Item> settle(Claim claim, Item item);
    void wait(const Key& key, Claim claim);
    void forget(const Key& key, const std::string& thing);
    [[nodiscard]] Item hand_over(std::map<Key, Claim>::iterator owner, Item gone);
    void remark(const std::string& name, std::string text);

    Rules rules_;
    NameTemplate names_;
    std::map<Key, Claim> owners_;
    std::map<Key, std::vector<Claim>> waiting_;  // for a name another thing has, the first comes next
    std::size_t waits_ = 0;                      // things in it
    std::set<std::string> refused_;
    std::vector<std::string> remarks_;
};

}  // namespace pbx::devstate
