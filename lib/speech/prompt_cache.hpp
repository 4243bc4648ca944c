// Rendered prompts on disk, one 8 kHz WAV each, shared by every call and process of the machine. A file is
// there whole or not at all (written aside, then renamed); what was not used longest goes first.
#pragma once

#include "audio/frame.hpp"
#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pbx::speech {

struct CacheSettings {
    std::string folder =
        "/var/cache/pbxctl/prompts";  // made when missing, readable for all: Asterisk plays from it
    std::uint64_t most_bytes = 256ULL * 1024 * 1024;  // about 4.5 hours of speech
};

struct CachedPrompt {
    std::string path;  // absolute, without extension
    std::chrono::milliseconds duration{0};
};

class PromptCache {
  public:
    explicit PromptCache(CacheSettings settings);

    // The file of this key, when it is there and whole; its use is remembered.
    [[nodiscard]] std::optional<CachedPrompt> find(std::string_view key) const;
    [[nodiscard]] Result<CachedPrompt> store(std::string_view key,
                                             std::span<const audio::Sample> samples) const;

    // A small text kept beside the prompts (which engine made them); empty when there is none.
    [[nodiscard]] std::string note(std::string_view name) const;
    void set_note(std::string_view name,
                  std::string_view text) const;  // failing is no harm: it is asked again

  private:
    [[nodiscard]] std::string stem_of(std::string_view key) const;
    [[nodiscard]] Result<void> write_whole(const std::string& path, std::span<const std::byte> bytes) const;
    void make_room() const;

    CacheSettings settings_;
};

}  // namespace pbx::speech
