// The rules of [devstate]: what of the own Asterisk others are told and under what name, what of theirs is
// shown here, and which state stands for which. First match decides; hide and refuse go before all. Pure.
//
//   send => extension _1XX@internal            send => device PJSIP/_1XX as 9{1}
//   send => mailbox _1XX@default as mwi{1}     send => presence CustomPresence:_1XX as {1} lamp
//   hide => device PJSIP/_199                  take => _1XX from b.example.com as 7{name}
//   refuse => _9XX from *                      map => UNAVAILABLE to NOT_INUSE from *
//   map => ONHOLD to INUSE on send             presence => dnd to BUSY
#pragma once

#include "core/result.hpp"
#include "devstate/item.hpp"
#include "devstate/pattern.hpp"
#include "devstate/source.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::devstate {

constexpr std::size_t max_rules = 10'000;

struct RuleLine {
    std::string key{};    // "send", "hide", "take", "refuse", "map", "presence"
    std::string text{};   // what stands after =>
    std::string where{};  // "/etc/pbxctl/pbxctl.conf:12:8"
};

class Rules {
  public:
    // Without a send line every hint's extension is sent, without a take line everything is taken. Faults
    // (config) are added to; lines at fault are left out.
    [[nodiscard]] static Rules parse(std::span<const RuleLine> lines, std::vector<Error>& faults);
    Rules();  // no line

    struct Sent {
        Item item{};
        std::size_t rule = 0;  // the lower goes before when two send one name
    };
    // Nothing: it isn't sent. A thing that is gone gives its item as gone.
    [[nodiscard]] std::optional<Sent> send(const Local& local) const;

    // The item as it is shown here; nothing: it isn't.
    [[nodiscard]] std::optional<Item> take(const std::string& server, const Item& item) const;

    // Which kinds of local things any rule sends: what needn't be watched isn't.
    [[nodiscard]] bool sends(Local::Kind kind) const;

  private:
    struct Thing {
        Local::Kind kind = Local::Kind::extension;
        Pattern pattern;
    };
    struct Send {
        Thing thing;
        std::string as;
        bool lamp = false;  // a presence carried as a lamp
    };
    struct Take {
        Pattern pattern;
        std::string server;  // "*": all
        std::string as;
    };
    struct Map {
        State from = State::unknown, to = State::unknown;
        std::string server;  // "*": all
        bool on_send = false;
    };
    struct Reader;

    [[nodiscard]] State mapped(State state, const std::string* server) const;

    std::vector<Send> send_;
    std::vector<Thing> hide_;
    std::vector<Take> take_, refuse_;
    std::vector<Map> map_;
    std::map<std::string, State, std::less<>> presence_;
};

// "dnd,sub,msg" -> "dnd"
[[nodiscard]] std::string_view presence_word(std::string_view presence);
[[nodiscard]] bool is_presence_word(std::string_view word);

}  // namespace pbx::devstate
