// What an ear may hear in answer to one question: a JSGF grammar (pocketsphinx), its words (dictionary), and
// the flat phrases (ears that take a phrase list). Built by dialog/grammar; a pure value.
#pragma once

#include <string>
#include <vector>

namespace pbx::speech {

struct Grammar {
    std::string language;              // "ru" | "en"
    std::string jsgf;                  // whole text, public rule <answer>; empty = nothing can be said
    std::vector<std::string> words;    // every word of it, lower case, once
    std::vector<std::string> phrases;  // flat phrases where they can be listed
    bool dictation = false;            // @any: anything may be said

    [[nodiscard]] bool empty() const { return jsgf.empty() && !dictation; }
    friend bool operator==(const Grammar&, const Grammar&) = default;
};

}  // namespace pbx::speech
