// From pbxctl.conf and a dialog file to a robot that can take a call: which voice, which ear, which folders.
// And the life of one call over stdin and stdout, as Asterisk's AGI() and EAGI() start it. The call itself is
// call.hpp's.
#pragma once

#include "config/settings.hpp"
#include "core/context.hpp"
#include "dialog/dialog.hpp"
#include "oksana/call.hpp"
#include "speech/prompts.hpp"
#include "speech/recognizer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pbx::oksana {

struct Robot {
    dialog::Dialog dialog;
    speech::PromptSettings prompts;
    std::optional<speech::EarSettings> ear;  // none: keys only
    CallSettings call;
    std::string store;  // the database's file
};

// The file of a dialog: a path as it is ("./x.conf", "x.conf"), a bare name in `folder` with .conf.
// Code::no_input with the nearest names that are there.
[[nodiscard]] Result<std::string> find_dialog(std::string_view word, const std::string& folder);

// Code::data with the first fault of the file; Code::config when it names a voice or ear nobody knows.
[[nodiscard]] Result<Robot> prepare_robot(const config::Settings& settings, const std::string& file);

[[nodiscard]] Result<speech::PromptSettings> prompt_settings(const config::Settings& settings,
                                                             const dialog::Dialog& dialog);
// Nothing: `ear = none`.
[[nodiscard]] Result<std::optional<speech::EarSettings>> ear_settings(const config::Settings& settings,
                                                                      const dialog::Dialog& dialog);

// Fills in the language of a call (or of the dialog) where voice and ear have none of their own.
void speak_in(Robot& robot, dialog::Language language);

// Local date and time of a moment.
[[nodiscard]] dialog::Now local_time(WallTime moment);

// One call on stdin, stdout and, under EAGI, fd 3. Returns when it is over and its journal is on disk.
[[nodiscard]] Result<CallResult> answer_call(Robot robot, const Clock& clock);

// For a call that cannot be taken (no such dialog, a bad pbxctl.conf): says why in PBXCTL_RESULT and
// PBXCTL_ERROR, so that the dialplan can go on another way. Nothing happens when stdin is no AGI.
void refuse_call(const Error& why);

}  // namespace pbx::oksana
