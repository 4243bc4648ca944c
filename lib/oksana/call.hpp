// One telephone call from its first word to its last: the dialog engine between an AGI session, the caller's
// audio, the voice and the ear. Everything runs on one loop; what blocks (rendering, recognising, fsync) runs
// on the pool.
#pragma once

#include "agi/eagi_audio.hpp"
#include "agi/session.hpp"
#include "core/context.hpp"
#include "dialog/dialog.hpp"
#include "dialog/engine.hpp"
#include "net/loop.hpp"
#include "net/pool.hpp"
#include "oksana/hearing.hpp"
#include "oksana/journal_writer.hpp"
#include "speech/prompts.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace pbx::oksana {

struct CallSettings {
    std::string
        recordings;  // folder of the callers' recorded words and of whole calls; Asterisk writes there
    bool record_calls = false;  // the whole call, by MixMonitor
    std::string
        transfer_context;  // where transfer targets are extensions of; empty: the channel's own context
    std::string
        header_context;  // a context whose `s` adds the X- headers to a directly dialled device; empty: none
    std::chrono::seconds ring_time{30};  // until a transfer counts as noanswer
};

// What a call uses and many calls may share. All outlive it.
struct CallServices {
    net::Loop& loop;
    net::Pool& pool;
    const Clock& clock;
    speech::Prompts& prompts;
    JournalWriter& journal;
    OpenEar open_ear;  // none: keys only
    std::function<dialog::Now(WallTime)> local_time;
};

struct CallResult {
    std::string run;      // its id in the journal
    std::string outcome;  // as PBXCTL_RESULT
};

// The channel's language where the dialog has a wording in it, else the dialog's own.
[[nodiscard]] dialog::Language call_language(const dialog::Dialog& dialog,
                                             const agi::CallEnvironment& environment);

// The session is started. Ends when the dialog has ended or the caller left; never throws. An error is one of
// the line or of the set-up (PBXCTL_ERROR says it too); a caller who leaves is no error.
[[nodiscard]] net::Task<Result<CallResult>> run_call(agi::Session& session, agi::EagiAudio* audio,
                                                     const dialog::Dialog& dialog, CallServices services,
                                                     CallSettings settings);

}  // namespace pbx::oksana
