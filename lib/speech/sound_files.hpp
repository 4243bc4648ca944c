// Finds a recorded prompt as Asterisk's Playback() would: by name without extension, per language, in any
// format. Only looks; Asterisk opens the file itself and picks the best format for the call.
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::speech {

// Searched in order; in each: LANGUAGE/name, then name, then en/name (file.c, fileexists_core).
struct SoundFolders {
    std::vector<std::string> folders = {"/var/lib/asterisk/sounds", "/usr/share/asterisk/sounds"};
};

struct SoundFile {
    std::string path;                       // absolute, without extension
    std::string extension;                  // of the format the duration was read from: "wav"
    std::chrono::milliseconds duration{0};  // 0 = not known for this format
};

class SoundFiles {
  public:
    explicit SoundFiles(SoundFolders folders) : folders_(std::move(folders)) {}

    // Nothing when no folder has it. Code::data when the name is none: control bytes, "..", an extension.
    [[nodiscard]] Result<std::optional<SoundFile>> find(std::string_view name,
                                                        std::string_view language) const;

  private:
    SoundFolders folders_;
};

}  // namespace pbx::speech
