// Makes Asterisk show what is wanted: writes only differences, the newest value of a device, one write of it
// at a time. Pure: which bytes a write is (AMI Setvar) and who wants what is not known here.
#pragma once

#include "devstate/item.hpp"
#include "devstate/tally.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pbx::devstate {

struct WriterSettings {
    // Writes in flight. Asterisk 22 confirms some 10,000 a second: 1,024 are what it does in 100 ms, and its
    // session never finds its socket empty and sleeps. When answers take longer than `slow` it is halved,
    // down to 4.
    std::size_t window = 1024;
    std::chrono::milliseconds slow{250};
    unsigned writes_per_second = 0;  // 0: as fast as Asterisk confirms
    std::size_t most = 1'000'000;    // devices
};

// A lamp ("Custom:101*b", INUSE) or a presence ("CustomPresence:101*b", "dnd,,").
struct Write {
    std::uint64_t id = 0;  // given back with written() or refused()
    Kind kind = Kind::lamp;
    std::string device{};
    std::string value{};
    Moment wanted_at{};  // when this value was first wanted
};

struct WriterCounts {
    std::uint64_t written = 0;     // confirmed
    std::uint64_t suppressed = 0;  // wanted values that needed no write
    std::uint64_t refused = 0;
    std::uint64_t put_right = 0;  // someone else had changed one of our lamps
};

class Writer {
  public:
    explicit Writer(WriterSettings settings);
    ~Writer();
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) noexcept;

    // A snapshot: all devices of our template, as Asterisk shows them. From here on next() gives differences.
    // Before, and after cut(), nothing is written. While it is open, writes under way go before a snapshot.
    void shown(std::vector<std::pair<std::string, std::string>> devices, Moment now);
    void cut();
    [[nodiscard]] bool is_open() const;

    // False: there are `most` devices already, and this would be one more.
    bool want(Kind kind, const std::string& device, std::string value, Moment now);
    // The same of a device that is no more: shown so it is no concern of ours, and forgotten.
    void want_last(Kind kind, const std::string& device, std::string value, Moment now);
    // What is wanted of it; nothing: it is no concern of ours.
    [[nodiscard]] const std::string* wanted(const std::string& device) const;
    [[nodiscard]] std::size_t devices() const;

    // A change Asterisk told of: an echo of our own write, or someone else's doing, which is put right: three
    // times in 10 s, then not for a minute or until another value is wanted.
    void changed(const std::string& device, const std::string& value, Moment now);
    // Devices that were left so to someone else since it was last asked.
    [[nodiscard]] std::vector<std::string> take_contested();

    // The next write; nothing while the window is full, the pace not due, or all is right.
    [[nodiscard]] std::optional<Write> next(Moment now);
    void written(std::uint64_t id, Moment now);
    // Tried three times more, a second apart, then not until another value is wanted or a new session begins.
    // True when that is to be told: once a device.
    [[nodiscard]] bool refused(std::uint64_t id, Moment now);

    // When next() may have a write though nothing happened: the pace allows it, or a doubt is to be settled.
    [[nodiscard]] std::optional<Moment> wake_at() const;
    [[nodiscard]] bool settled() const;  // nothing pending or in flight
    [[nodiscard]] std::size_t pending() const;
    [[nodiscard]] Tally tally() const;  // what Asterisk shows, as far as it is known; looks at every device
    [[nodiscard]] WriterCounts counts() const;

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace pbx::devstate
