// Everything the own Asterisk shows at this moment: the questions to ask it and the table their answers make.
// Pure; take_snapshot() in snapshot_client.hpp asks them. What could not be had is named with what mends it.
#pragma once

#include "devstate/source.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pbx::devstate {

inline constexpr std::size_t max_snapshot = 1'000'000;  // things of a table

struct Wants {
    bool devices = true;
    bool extensions = true;
    bool presences = true;
    bool mailboxes = false;
    // False: they are looked at if they are there. Not every Asterisk loads their list's module.
    bool needs_presences = true;
    std::function<bool(const Local&)> only{};  // what else is there isn't kept; empty: everything is
};

struct Missing {
    std::string what;    // "device states"
    Error why;           // no: the module isn't loaded; refused: the right is missing
    std::string list{};  // the action that was asked, when it is a list's
};

struct Table {
    std::vector<Local> locals{};
    std::vector<Missing> missing{};
};

// Asterisk doesn't know a list that is needed.
[[nodiscard]] bool lacks_lists(const Table& table, const Wants& wants);

// What Asterisk told while the lists came, the last of each thing. It is newer than the lists: events are
// sent between two of them.
using Newer = std::map<std::pair<Local::Kind, std::string>, Local>;
void lay_over(std::vector<Local>& locals, Newer newer);

class Snapshot {
  public:
    // `source` learns hints and channels of an old Asterisk, and its age.
    Snapshot(Wants wants, Source& source);

    struct Question {
        std::size_t number;
        ami::Action action;
        bool is_list;
    };
    // What to ask next; an answer is given back with its question's number.
    [[nodiscard]] std::vector<Question> questions();
    void on_entry(std::size_t number, const ami::Message& entry);  // of a list, before its on_list
    void on_list(std::size_t number, const Result<ami::List>& list);
    void on_answer(std::size_t number, const Result<ami::Message>& answer);

    [[nodiscard]] bool is_done() const { return open_ == 0 && next_.empty(); }
    // The table, or why there is none: the connection was cut meanwhile.
    [[nodiscard]] Result<Table> take();

  private:
    enum class About : std::uint8_t {
        devices,
        extensions,
        presences,
        mailboxes,
        hints,
        hint,
        channels,
        customs
    };
    [[nodiscard]] static std::string_view subject(About about);
    [[nodiscard]] static std::string_view list_of(About about);
    void ask(About about, ami::Action action, bool is_list);
    void go_the_old_way();
    void take_entry(About about, const ami::Message& entry);
    void take_hints(const ami::Message& answer);
    void take_customs(const ami::Message& answer);
    void miss(About about, const Error& why);
    void add(std::vector<Local> locals);
    [[nodiscard]] bool is_wanted(const Local& local) const;

    Source& source_;
    Wants wants_;
    std::vector<About> asked_;
    std::vector<Question> next_;
    std::size_t open_ = 0;
    Table table_;
    std::vector<Missing> modern_missing_;
    std::optional<Error> failed_;
};

}  // namespace pbx::devstate
