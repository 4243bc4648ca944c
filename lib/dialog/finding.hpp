// A place in a dialog file, and what is wrong there: said by load (it can't be read so) and by check (it
// reads, but a caller would meet it).
#pragma once

#include "config/conf.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pbx::dialog {

using Place = config::Position;  // file (index in Dialog::files), line, column

enum class Fault : std::uint8_t {
    syntax,               // load: what can't be read
    unknown_step,         // an arrow to a step that is not there
    unreachable_step,     // no path leads there
    dead_end,             // the step falls off its end
    no_reask,             // a question without else or without silence
    no_transfer_arrow,    // a transfer without busy or without noanswer
    same_words,           // two branches claim the same words or keys
    unhearable,           // words that the closed grammar of an offline ear can't contain
    own_interrupt,        // an interrupt word inside her own prompt
    unset_variable,       // on some path, or everywhere
    missing_sound,        // a file that is only played and is not there
    missing_translation,  // a wording that one of the dialog's languages lacks
    long_prompt,          // over 15 s
    endless_path,         // no end can be reached, or a circle without a caller in it
    needs_dictation,      // @any without an ear for open dictation
    unanswerable,         // a question that the caller has no way to answer
    stray_back,           // `=> back` outside a group, or groups that ask each other in a circle
    no_fail,              // tries can run out and nothing says where the caller goes
};
[[nodiscard]] std::string_view name_of(Fault kind);  // "unknown-step", for --json

struct Finding {
    Fault kind = Fault::syntax;
    std::string file;
    std::uint32_t line = 0, column = 0;
    std::string what;  // lower case, no full stop
    std::string hint;  // what to write instead

    [[nodiscard]] std::string text() const;  // "file:line:column: what; hint"
    friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace pbx::dialog
