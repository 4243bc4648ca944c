// What a command is: one leaf of `pbxctl NOUN VERB`, told as data. Help screens, completion scripts and the
// check of the man pages are made from these tables, so an option lives in one place. How words become
// options is cmd/parse's.
#pragma once

#include "core/context.hpp"
#include "core/result.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::config {
class Settings;
struct Sources;
}  // namespace pbx::config

namespace pbx::cmd {

class Output;

// What a shell completes a value with.
enum class Completes { nothing, file, folder, dialog, command };

struct Option {
    std::string_view name;          // "voice" is --voice
    std::string_view value = {};    // name of its value, "FILE"; empty: a flag
    std::string_view help = {};     // one line, lower case, no full stop
    char letter = 0;                // 'n' is -n
    std::string_view preset = {};   // the default as shown, when it isn't the config key's
    std::string_view key = {};      // "oksana.sounds": lays its value over this key of pbxctl.conf
    std::string_view choices = {};  // "auto always never": nothing else is accepted
    bool repeats = false;  // may be given several times, all values are kept; else the last one counts
    Completes completes = Completes::nothing;
};

struct Argument {
    std::string_view name;  // "DIALOG"
    std::string_view help;
    bool required = true;
    bool many = false;  // takes all that follow
    std::string_view choices = {};
    Completes completes = Completes::nothing;
};

struct Example {
    std::string_view line;  // as typed, or a line of the dialplan
    std::string_view says;  // what it does
};

struct Exit {
    int status;
    std::string_view when;
};

// The words of a command line after they were held against a leaf's tables. Names are those of the tables.
class Given {
  public:
    void add(std::string_view name, std::string value);

    [[nodiscard]] bool has(std::string_view name) const { return count(name) > 0; }
    [[nodiscard]] std::size_t count(std::string_view name) const;  // -v -v: 2
    // The last value of an option, or the one word of an argument.
    [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
    [[nodiscard]] std::string value_or(std::string_view name, std::string_view otherwise) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view name) const;  // in order

  private:
    struct Item {
        std::string_view name;
        std::string value;
    };
    std::vector<Item> items_;
};

struct Leaf;

// What a leaf is given to run with.
struct Frame {
    Context& context;
    const Leaf& leaf;
    const Given& given;
    Output& output;  // cmd/output.hpp: lines, tables, json, each in the form asked for

    // pbxctl.conf with the environment and this command's options laid over it; read on first use, and the
    // log is opened as it says. Code::config with the first fault when it is not right.
    [[nodiscard]] Result<const config::Settings*> settings();
    [[nodiscard]] config::Sources sources() const;  // where settings() reads

    bool err_is_read = true;                            // by somebody; else the log goes to syslog
    std::shared_ptr<const config::Settings> read = {};  // settings()'s own; in use by the frame alone
};

struct Leaf {
    std::string_view noun;         // "oksana"; empty for `pbxctl version`
    std::string_view verb;         // "run"
    std::string_view summary;      // one line of the overview, lower case, no full stop
    std::string_view description;  // one paragraph of its help screen
    std::span<const Argument> arguments = {};
    std::span<const Option> options = {};
    std::span<const Example> examples = {};
    std::span<const Exit> exits = {};
    // stdin and stdout are the AGI protocol: on a terminal the help screen is shown on stderr, exit 64.
    bool agi = false;
    // The exit status, or an Error that cmd/main prints and turns into one.
    Result<int> (*run)(Frame&) = nullptr;
};

// Options that every command takes, anywhere before `--`.
[[nodiscard]] std::span<const Option> global_options();

// All leaves in the order of help, and those of one noun.
[[nodiscard]] std::span<const Leaf* const> commands();
[[nodiscard]] const Leaf* find_command(std::string_view noun, std::string_view verb);

struct Noun {
    std::string_view name;
    std::string_view summary;
};
[[nodiscard]] std::span<const Noun> nouns();
[[nodiscard]] const Noun* find_noun(std::string_view name);

}  // namespace pbx::cmd
