// The relay's side to its own Asterisk: what it says goes to the hub by the rules, and what others show is
// written as lamps. Keeps a session, takes a snapshot at each login, and makes only the differences.
#pragma once

#include "ami/client.hpp"
#include "devstate/hub.hpp"
#include "devstate/offers.hpp"
#include "devstate/panel.hpp"
#include "devstate/relay_settings.hpp"
#include "devstate/snapshot.hpp"
#include "devstate/source.hpp"
#include "devstate/writer.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pbx::devstate {

struct OwnEvents {
    std::function<void(HubEvent)> on_news;                     // OwnTable, OwnItem, OwnDown
    std::function<void(const std::string&)> on_name;           // Asterisk's systemname, when none was set
    std::function<void(std::chrono::nanoseconds)> on_written;  // from wanted to confirmed
    std::function<void()> on_alarm;                            // wake_at() may be sooner than it was
    std::function<std::set<std::string>()> whole{};            // servers whose whole table is here
    std::function<void(const Write&)> dry{};                   // writes go here instead of to Asterisk
};

class OwnSide {
  public:
    OwnSide(net::Executor executor, const RelaySettings& settings, const Clock& clock, OwnEvents events);

    void start() { client_.start(); }
    void stop() { client_.stop(); }
    void name(const std::string& server);  // before anything is shown

    void show(const Show& show);
    void settle();  // writes what can be written; to be called after each batch of show()
    [[nodiscard]] std::optional<Moment> wake_at() const;
    void tick();

    void reload(const RelaySettings& settings, const std::vector<Show>& all);
    // The time for these servers (empty: all) to be heard of is over.
    void clear_left(const std::set<std::string>& servers);
    // Lamps of before the start that are kept, as their servers weren't heard of yet: clear_left() once more.
    [[nodiscard]] bool has_left() const { return left_over_ && panel_ && panel_->has_left(); }
    // Nothing is written while another relay has our name: it may be one at this Asterisk.
    void hush(bool hushed);

    [[nodiscard]] bool is_up() const { return table_taken_; }
    [[nodiscard]] bool settled() const { return table_taken_ && !hushed_ && writer_.settled(); }
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    [[nodiscard]] const Writer& writer() const { return writer_; }
    [[nodiscard]] std::size_t refused_names() const;

  private:
    void on_up(const ami::Banner& banner);
    void on_event(const ami::Message& event);
    void on_down(const Error& error);
    void ask_name();
    void ask_table();
    void take(Result<Table> table);
    [[nodiscard]] Wants wants() const;
    [[nodiscard]] bool concerns(const Local& local) const;
    void tell_missing();
    void plan_look();
    void look();
    void looked(bool known);
    void hear(const Local& local);
    void clear(const std::set<std::string>& servers);
    void tell_remarks();
    void tell_contested();
    [[nodiscard]] Result<void> write(const Write& write);
    void answered(const Write& write, const Result<ami::Message>& answer);
    void land(const Write& write, const Result<ami::Message>& answer);
    [[nodiscard]] Moment now() const { return clock_.now(); }

    net::Executor executor_;
    const Clock& clock_;
    OwnEvents events_;
    Source source_;
    Wants wants_;
    Writer writer_;
    Offers offers_;
    PanelSettings panel_settings_;
    Rules rules_;
    NameTemplate names_;
    std::optional<Panel> panel_;
    bool asks_name_ = false;
    bool table_taken_ = false;
    bool asking_ = false;  // a snapshot is under way
    bool hushed_ = false;
    bool left_over_ = false;        // the time for others to be heard of since the start is over
    std::optional<Moment> ask_at_;  // the snapshot once more
    std::optional<Moment> look_at_;
    std::size_t looks_ = 0;  // lists asked for to see whether they are known now
    unsigned failed_ = 0;    // snapshots in a row
    std::vector<Missing> missing_;
    ami::Banner banner_;
    Newer held_;                  // what is told while a snapshot is under way
    std::set<std::string> told_;  // what was missing
    std::optional<Moment> told_contested_;
    std::string trouble_ = "not logged in yet";
    ami::Client client_;  // the last: its handlers use the others
};

}  // namespace pbx::devstate
