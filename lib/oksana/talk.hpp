// A dialog in a terminal: the same engine as on the telephone, with typed words (or recorded ones) for a
// caller. Nothing is saved, notified or dialled: what would be is printed as a fact (=), in the form of a
// test script, so that a session can be kept as a test.
#pragma once

#include "audio/frame.hpp"
#include "core/result.hpp"
#include "dialog/dialog.hpp"
#include "dialog/reader.hpp"
#include "oksana/hearing.hpp"

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace pbx::oksana {

struct TalkSettings {
    dialog::Language language = dialog::Language::en;
    dialog::Now now;
    bool prompt = false;                // show "> " where the caller's turn is (a terminal)
    std::vector<audio::Samples> voice;  // recordings that answer the questions, in order; none: typed lines
    OpenEar open_ear;                   // for `voice`
};

// Until the dialog ends, or the input does (the caller hangs up). The engine's outcome.
[[nodiscard]] Result<std::string> talk(const dialog::Dialog& dialog, const TalkSettings& settings,
                                       std::istream& in, std::ostream& out);

// Cuts a recording where the caller stops speaking for `pause`, as on the telephone. Noises are left out.
[[nodiscard]] std::vector<audio::Samples> utterances_of(const audio::Samples& recording,
                                                        std::chrono::milliseconds pause);

}  // namespace pbx::oksana
