// The lamps this server shows for others: what the hub says of an item becomes a device and a value for the
// writer, by rules and template. Also what is left from before the relay's start, whose server isn't heard
// of. Pure.
#pragma once

#include "devstate/hub.hpp"
#include "devstate/name.hpp"
#include "devstate/rules.hpp"
#include "devstate/writer.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pbx::devstate {

enum class Gone : std::uint8_t { unavailable, keep, not_inuse };

struct PanelSettings {
    std::string server{};  // own
    Gone gone = Gone::unavailable;
};

class Panel {
  public:
    Panel(PanelSettings settings, Rules rules, NameTemplate names);

    // False: it isn't shown here, by a rule or because it can't be.
    bool show(const Show& show, Writer& writer, Moment now);

    // Reload: what was shown and is no more by the new rules turns dark.
    void change(Gone gone, Rules rules, NameTemplate names, std::span<const Show> all, Writer& writer,
                Moment now);

    // A snapshot of Asterisk's Custom: and CustomPresence: devices, as device and value. Those of the
    // template that nobody wants are remembered.
    void left(std::span<const std::pair<std::string, std::string>> devices);
    // The time for these servers (empty: all) to be heard of is over: what is left of theirs turns dark. Of
    // servers that are `whole`, whose tables are here, it is known to be no more; that alone ends a lamp that
    // is kept, so the others stay remembered.
    void clear_left(const std::set<std::string>& servers, const std::set<std::string>& whole, Writer& writer,
                    Moment now);
    [[nodiscard]] bool has_left() const { return !left_.empty(); }

    [[nodiscard]] bool is_remote(std::string_view device) const;  // of the template, of another server
    [[nodiscard]] std::vector<std::string> take_remarks() { return std::exchange(remarks_, {}); }
    [[nodiscard]] std::size_t refused() const { return refused_.size(); }

  private:
    [[nodiscard]] std::optional<std::string> device_of(const std::string& server, const Item& item);
    void refuse(const std::string& server, const Item& item, const Error& why);
    bool want(const std::string& server, const Item& item, const std::string& device, std::string value,
              Writer& writer, Moment now);
    void want_dark(Kind kind, const std::string& device, bool removed, Writer& writer, Moment now) const;

    PanelSettings settings_;
    Rules rules_;
    NameTemplate names_;
    std::set<std::string> left_;
    std::set<std::string> refused_;
    std::vector<std::string> remarks_;
};

}  // namespace pbx::devstate
