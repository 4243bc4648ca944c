#include "agi/eagi_audio.hpp"

#include "core/text.hpp"
#include "net/stream.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>

namespace pbx::agi {

namespace {

constexpr std::size_t read_size = 8192;
constexpr std::size_t max_kept = static_cast<std::size_t>(max_backlog / frame_time);
constexpr unsigned rates[] = {8000, 12000, 16000, 24000, 32000, 44100, 48000, 96000, 192000};

}  // namespace

struct EagiAudio::Inside {
    using Moment = std::chrono::steady_clock::time_point;
    using Self = std::shared_ptr<Inside>;

    Inside(const Clock& its_clock, std::unique_ptr<net::Stream> its_stream, unsigned its_rate)
        : clock(its_clock),
          stream(std::move(its_stream)),
          rate(its_rate),
          frame(its_rate / (1000 / static_cast<unsigned>(frame_time.count()))),
          kept(max_kept * frame.size()),
          kept_arrived(max_kept) {}

    const Clock& clock;
    std::unique_ptr<net::Stream> stream;
    unsigned rate;
    std::vector<std::int16_t> frame;  // being filled
    std::size_t filled = 0;           // its bytes
    std::vector<std::int16_t> kept;   // a ring of frames
    std::vector<Moment> kept_arrived;
    std::size_t kept_first = 0, kept_count = 0;
    std::shared_ptr<Handler> handler;
    std::optional<Moment> last_arrival;
    AudioCounts counts;
    bool open = true;

    static net::Task<void> drain(Self self) {
        std::array<char, read_size> part{};
        while (self->open) {
            auto got = co_await self->stream->read_some(part, net::no_deadline);
            if (!got || *got == 0) {
                self->open = false;
                break;
            }
            ++self->counts.reads;
            self->last_arrival = self->clock.now();
            self->take(self, {part.data(), *got});
        }
    }

    // Frames of any size in, whole frames out; a sample may be torn as well.
    void take(const Self& self, std::span<const char> bytes) {
        const std::size_t whole = frame.size() * sizeof(std::int16_t);
        while (!bytes.empty() && self->open) {
            const auto count = std::min(whole - filled, bytes.size());
            std::memcpy(reinterpret_cast<char*>(frame.data()) + filled, bytes.data(), count);
            filled += count;
            bytes = bytes.subspan(count);
            if (filled < whole) return;
            filled = 0;
            ++counts.frames;
            if (handler) {
                const auto now_listening = handler;  // it may be replaced while it runs
                (*now_listening)(AudioFrame{frame, *last_arrival});
            } else {
                keep();
            }
        }
    }

    void keep() {
        if (kept_count == max_kept) drop_oldest();
        const auto at = (kept_first + kept_count) % max_kept;
        std::copy(frame.begin(), frame.end(), kept.begin() + static_cast<std::ptrdiff_t>(at * frame.size()));
        kept_arrived[at] = *last_arrival;
        ++kept_count;
    }

    void drop_oldest() {
        kept_first = (kept_first + 1) % max_kept;
        --kept_count;
        ++counts.dropped;
    }

    void listen(Handler its_handler, std::chrono::milliseconds past) {
        handler = std::make_shared<Handler>(std::move(its_handler));
        const auto listening = handler;
        const auto oldest = clock.now() - past;
        std::vector<std::int16_t> one(frame.size());
        while (kept_count > 0 && handler == listening) {
            if (kept_arrived[kept_first] < oldest) {
                drop_oldest();
                continue;
            }
            const auto arrived = kept_arrived[kept_first];
            const auto from = kept.begin() + static_cast<std::ptrdiff_t>(kept_first * frame.size());
            std::copy_n(from, frame.size(), one.begin());
            kept_first = (kept_first + 1) % max_kept;
            --kept_count;
            (*listening)(AudioFrame{one, arrived});
        }
    }

    void forget() {
        counts.dropped += kept_count;
        kept_count = 0;
    }
};

EagiAudio::EagiAudio(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

EagiAudio::~EagiAudio() {
    inside_->open = false;
    inside_->handler.reset();
    inside_->stream->close();
}

Result<std::unique_ptr<EagiAudio>> EagiAudio::open(net::Loop& loop, const Clock& clock, int fd,
                                                   unsigned rate) {
    const auto where = fmt::format("fd {}", fd);
    if (std::find(std::begin(rates), std::end(rates), rate) == std::end(rates)) {
        return fail(Code::config, fmt::format("no slin format of {} Hz", rate), where);
    }
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        return fail(Code::no_input, "no audio", where, "call this by EAGI(), not AGI(), in the dialplan");
    }
    auto stream = net::open_fds(loop.executor(), fd, fd, where);
    if (!stream) return tl::unexpected(stream.error());
    auto inside = std::make_shared<Inside>(clock, std::move(*stream), rate);
    loop.spawn(Inside::drain(inside));
    return std::unique_ptr<EagiAudio>(new EagiAudio(std::move(inside)));
}

void EagiAudio::listen(Handler handler, std::chrono::milliseconds past) {
    inside_->listen(std::move(handler), past);
}

void EagiAudio::pause() {
    inside_->handler.reset();
}

void EagiAudio::forget() {
    inside_->forget();
}

unsigned EagiAudio::rate() const {
    return inside_->rate;
}

bool EagiAudio::is_open() const {
    return inside_->open;
}

std::optional<std::chrono::steady_clock::time_point> EagiAudio::last_arrival() const {
    return inside_->last_arrival;
}

const AudioCounts& EagiAudio::counts() const {
    return inside_->counts;
}

Result<unsigned> eagi_rate(const std::optional<std::string>& format) {
    constexpr std::string_view prefix = "slin";
    if (!format || format->empty() || *format == prefix) return rates[0];
    for (const unsigned rate : rates) {
        if (rate != rates[0] && *format == fmt::format("{}{}", prefix, rate / 1000)) return rate;
    }
    return fail(Code::config, "EAGI_AUDIO_FORMAT is " + *format, {},
                "set it to slin or slin16 in the dialplan, or leave it unset");
}

}  // namespace pbx::agi
