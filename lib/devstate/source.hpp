// What the own Asterisk says about its devices, extensions, presences and mailboxes, from AMI's messages:
// events one by one, and a snapshot. Pure. Which of them concern others, and under what names, is not known
// here.
//
// Asterisk 13 and later tell every device's state. 1.8 to 12 tell hints alone, and a peer that doesn't count
// its calls (no callcounter) never looks busy when it calls: there the channels are watched too.
#pragma once

#include "ami/client.hpp"
#include "devstate/state.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pbx::devstate {

// EventMask for all of them.
inline constexpr std::string_view source_events = "call";

inline constexpr std::size_t max_channels = 20'000;  // watched in an old Asterisk
inline constexpr std::size_t max_hints = 50'000;     // of an old Asterisk

struct Local {
    enum class Kind : std::uint8_t { device, extension, presence, mailbox };
    Kind kind = Kind::device;
    std::string name{};            // "PJSIP/101", "101@internal", "CustomPresence:101", "101@default"
    State state = State::unknown;  // a mailbox: inuse when it has new messages
    std::string presence{};        // "dnd,subtype,message"
    bool gone = false;             // Asterisk has it no more
    std::string hint{};            // an extension's, as far as it was told; no part of its state

    friend bool operator==(const Local& one, const Local& other) {
        return one.kind == other.kind && one.name == other.name && one.state == other.state &&
               one.presence == other.presence && one.gone == other.gone;
    }
};

[[nodiscard]] std::string_view name_of(Local::Kind kind);  // "device"

enum class Age : std::uint8_t {
    modern,  // 13 and later
    old,     // 1.8 to 12
};

class Source {
  public:
    // A new AMI session: nothing of the one before holds. Asterisk 12 and 13 can't be told apart by their
    // banners (2.x): the snapshot finds out.
    void begin(const ami::Banner& banner);
    // The snapshot's finding: Asterisk 12 has not even the lists of the core. False: no, by its banner.
    [[nodiscard]] bool turn_old();
    // It was so found: or it was a 13 that hadn't finished booting.
    [[nodiscard]] bool was_turned() const { return turned_; }
    [[nodiscard]] Age age() const { return age_; }

    [[nodiscard]] std::vector<Local> on(const ami::Message& event);

    // A hint of an old Asterisk ("101@internal", "SIP/101&SIP/102,CustomPresence:101") with its present
    // state.
    [[nodiscard]] std::vector<Local> learn(const std::string& extension, std::string_view hint, int status);
    [[nodiscard]] std::vector<Local> learn_channel(std::string_view channel, int channel_state);

  private:
    struct Hint {
        std::vector<std::string> devices;
        std::optional<State> state;
        std::string text;
    };
    [[nodiscard]] std::vector<Local> on_extension(const ami::Message& event);
    [[nodiscard]] std::vector<Local> on_presence_hint(const ami::Message& event) const;
    [[nodiscard]] std::vector<Local> on_rename(const ami::Message& event);
    [[nodiscard]] std::vector<Local> drop_channel(std::string_view channel);
    [[nodiscard]] std::vector<Local> around(const std::string& device) const;
    [[nodiscard]] State shown(const Hint& hint) const;
    [[nodiscard]] std::optional<State> state_by_channels(const std::string& device) const;

    Age age_ = Age::modern;
    bool may_be_old_ = true;
    bool turned_ = false;
    std::map<std::string, Hint> hints_;                       // by extension
    std::map<std::string, std::set<std::string>> by_device_;  // extensions whose hint names it
    std::unordered_map<std::string, int> channels_;           // ChannelState
    std::map<std::string, std::set<std::string>> of_device_;  // its channels
};

}  // namespace pbx::devstate
