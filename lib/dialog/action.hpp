// What the dialog engine asks for, in order. Several actions may come at once; those that wait for something
// to end are answered by one event each: Listen by Heard, Key, KeysEnd or Silence, Record by Recorded, Save
// by Saved, Transfer by Dialled. A batch with a Say in it is followed by Spoken when the last of its words
// has been said (not when it was stopped). An event that is answered by no action changes nothing: go on as
// before.
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
    std::string text;  // filled in, digits still digits (see spoken()); empty when only a file is played
    std::string
        file;  // name as in Playback(), empty for speech; `text` is then spoken if the file is missing
    std::string voice;  // the [dialog] voice
};
struct StopSpeaking {};  // drop what is being said and what is queued; no Spoken comes for it
// Listen, already while the Says before it are spoken, as `barge` allows. It stays open, answer after answer,
// until the engine sends any action other than StopSpeaking, Entered and Remarked: so after an event that the
// engine answers with nothing (an answer that must not count yet, the first of two keys) go on listening. Key
// is sent at any time, with or without an open Listen: keys typed ahead are kept.
struct Listen {
    speech::Grammar grammar;  // interrupt words and this question's branches
    std::string keys;         // keys that mean something here; "" = none
    Barge barge = Barge::words;
    bool only_interrupts = false;             // no question: no Silence is awaited
    std::chrono::milliseconds listen{6000};   // to the first word, from the end of the prompt or its stop
    std::chrono::milliseconds pause{700};     // a silence this long ends an answer
    std::chrono::milliseconds key_gap{2000};  // no further key for so long: KeysEnd
};
struct Record {  // the caller's words; asked for when everything before it has been spoken
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
struct Transfer {  // asked for when everything before it has been spoken
    std::string target;
    Fields context;           // channel variables and X- headers; a name may have a dot: who.2
    bool comes_back = false;  // the dialog has an arrow for busy, noanswer or failed
};
struct Hangup {};  // asked for when everything before it has been spoken
struct Entered {   // for the journal: a step was entered
    std::string step;
};
struct Remarked {  // for the journal: what happened inside, e.g. "tries ran out", "interrupted by стоп"
    std::string text;
};

using Action =
    std::variant<Say, StopSpeaking, Listen, Record, Save, Notify, Transfer, Hangup, Entered, Remarked>;

}  // namespace pbx::dialog
