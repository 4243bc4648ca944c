// What happens in a call, as the dialog engine sees it. Pure values: a phone call, a terminal, a test script
// and a replay all speak to the engine in these.
#pragma once

#include <string>
#include <variant>

namespace pbx::dialog {

// How sure the ear is of what it heard.
enum class Sureness { sure, unsure, not_understood };

enum class DialOutcome { answered, busy, noanswer, failed };

struct Started {};  // the call is up, nothing was said yet
struct Spoken {};   // everything asked to be said has been said to its end (not sent for a stopped prompt)
struct Heard {      // the caller's words, lower case, as recognised; may come while she speaks
    std::string text;
    Sureness sureness = Sureness::sure;
};
struct Key {  // one telephone key: 0-9 * #
    char key;
};
struct KeysEnd {};     // no further key came within key_gap of the last one
struct Silence {};     // neither word nor key within the question's `listen` after the prompt's end
struct Recorded {      // the end of a Record action
    std::string file;  // empty: nothing was recorded
};
struct Dialled {  // the end of a Transfer action
    DialOutcome outcome;
};
struct Saved {  // the end of a Save action
    bool ok = true;
};
struct HungUp {};  // the caller left, at any time; a Save asked for before is still done and answered

using Event = std::variant<Started, Spoken, Heard, Key, KeysEnd, Silence, Recorded, Dialled, Saved, HungUp>;

}  // namespace pbx::dialog
