// The caller's voice under EAGI: fd 3, cut into 20 ms frames whatever the trunk's own frames are. Always
// drained, also while nobody listens, because Asterisk throws frames away without a sign once the pipe is
// full. No audio comes during RECORD FILE, EXEC and CONTROL STREAM FILE; there is no end of file at hangup.
#pragma once

#include "core/context.hpp"
#include "net/loop.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace pbx::agi {

inline constexpr int eagi_fd = 3;
inline constexpr std::chrono::milliseconds frame_time{20};
// What is kept while nobody listens; older audio is dropped and counted.
inline constexpr std::chrono::milliseconds max_backlog{2000};

struct AudioFrame {
    std::span<const std::int16_t> samples;  // 20 ms: 160 at 8 kHz; valid during the call only
    std::chrono::steady_clock::time_point arrived;
};

struct AudioCounts {
    std::uint64_t frames = 0;   // cut, delivered or not
    std::uint64_t dropped = 0;  // of these: too old when somebody listened, or forgotten
    std::uint64_t reads = 0;
};

class EagiAudio {
  public:
    using Handler = std::function<void(const AudioFrame&)>;

    // Takes the descriptor and drains it from now on. `rate` from eagi_rate().
    [[nodiscard]] static Result<std::unique_ptr<EagiAudio>> open(net::Loop& loop, const Clock& clock,
                                                                 int fd = eagi_fd, unsigned rate = 8000);
    ~EagiAudio();
    EagiAudio(const EagiAudio&) = delete;
    EagiAudio& operator=(const EagiAudio&) = delete;

    // Each frame goes to `handler` on the loop, from now on; first what was kept of the last `past`. The
    // handler may call listen(), pause() and forget(), but not destroy this.
    void listen(Handler handler, std::chrono::milliseconds past = std::chrono::milliseconds{0});
    void pause();   // keep at most max_backlog
    void forget();  // drop what is kept: it was said before the question

    [[nodiscard]] unsigned rate() const;
    [[nodiscard]] bool is_open() const;  // false once Asterisk closed the pipe
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> last_arrival() const;
    [[nodiscard]] const AudioCounts& counts() const;

  private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
    explicit EagiAudio(std::shared_ptr<Inside> inside);
};

// The rate of the channel variable EAGI_AUDIO_FORMAT (slin, slin12, slin16, ... slin192), which the dialplan
// sets before EAGI(); 8000 when unset.
[[nodiscard]] Result<unsigned> eagi_rate(const std::optional<std::string>& format);

}  // namespace pbx::agi
