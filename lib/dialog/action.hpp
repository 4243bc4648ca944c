// What the dialog engine asks for, in order. The engine sends no further action until the event that ends the
// last waiting one (Spoken, Heard/Key/Silence, Recorded, Dialled, Saved) has come; HungUp may come at any
// time.
#pragma once

#include "speech/grammar.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace pbx::dialog {

using Fields = std::vector<std::pair<std::string, std::string>>;

// What stops her speech in a step.
enum class Barge { no, keys, words, voice };

struct Say {           // queue one utterance; several in a row are spoken one after another
    std::string text;  // already filled in; empty when only a file is played
    std::string
        file;  // name as in Playback(), empty for speech; `text` is then spoken if the file is missing
    std::string voice;  // the [dialog] voice
};
struct StopSpeaking {};  // drop what is being said and what is queued
struct Listen {  // a question is open: listen already while the Says before it are spoken, as `barge` allows
    speech::Grammar grammar;  // interrupt words and this question's branches
    std::string keys;         // keys that mean something here; "" = none
    Barge barge = Barge::words;
    bool only_interrupts =
        false;  // no question: her speech runs, only [interrupt] words count (not in `quiet` steps)
    std::chrono::milliseconds listen{6000};   // to the first word, from the end of the prompt
    std::chrono::milliseconds pause{700};     // a silence this long ends an answer
    std::chrono::milliseconds key_gap{2000};  // between keys of one answer
    std::size_t most_keys = 1;                // an answer of so many keys is complete at once
};
struct Record {
    std::string name;
    std::chrono::milliseconds most{60'000}, silence{3000};
};
struct Save {  // must be on disk before the next action is begun; answered by Saved
    std::string table;
    Fields fields;
};
struct Notify {        // durable in the outbox, sent in its own time; not waited for
    std::string kind;  // tg | http | exec
    std::string target;
    std::string text;
};
struct Transfer {  // after everything queued has been spoken
    std::string target;
    Fields context;           // channel variables and X- headers
    bool comes_back = false;  // the dialog has an arrow for busy, noanswer or failed
};
struct Hangup {};  // after everything queued has been spoken
struct Entered {   // for the journal: a step was entered
    std::string step;
};
struct Remarked {  // for the journal and the transcript: "= saved orders ..." and other facts
    std::string text;
};

using Action =
    std::variant<Say, StopSpeaking, Listen, Record, Save, Notify, Transfer, Hangup, Entered, Remarked>;

}  // namespace pbx::dialog
