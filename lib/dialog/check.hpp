// What is proved of a dialog before a caller meets it. Every finding says where, what, and what to write
// instead; a dialog without findings can't get stuck, fall silent or go in circles.
#pragma once

#include "dialog/dialog.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pbx::dialog {

enum class Ear {
    none,    // keys only
    closed,  // hears the words of a grammar: pocketsphinx
    open,    // takes dictation: vosk, whisper, a cloud
};
// By the name in [dialog]: "none", "pocketsphinx" and an empty one (closed), any other (open).
[[nodiscard]] Ear ear_named(std::string_view name);

struct CheckOptions {
    std::optional<Ear> ear;  // what the [ear] section of pbxctl.conf says; none: by its name
    // Is there a sound file of this name (as in Playback()) for this language? Empty: files are not looked
    // for.
    std::function<bool(const std::string& name, Language language)> sound_exists;
};

// A voice says so many characters a second. Measured over the prompts of the shipped secretaries:
// espeak-ng 14.1 (ru) and 15.1 (en), flite 13.6 (en).
constexpr std::size_t characters_a_second = 14;
constexpr std::size_t longest_prompt_s = 15;

// In the order of the file.
[[nodiscard]] std::vector<Finding> check(const Dialog& dialog, const CheckOptions& options = {});

// How large a dialog is.
struct Extent {
    std::size_t steps = 0, questions = 0;
    std::size_t most_turns = 0;  // questions asked on the longest way, re-asking included
    bool circular =
        false;  // a way leads back: only the bound `turns` limits it, and most_turns is that bound
};
[[nodiscard]] Extent extent(const Dialog& dialog);

}  // namespace pbx::dialog
