#include "audio/resample.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>
#include <speex/speex_resampler.h>

namespace pbx::audio {

namespace {
constexpr int quality = 8;  // of 10: -80 dB outside the band; a prompt of 5 s takes 2 ms
constexpr unsigned lowest_rate = 4000, highest_rate = 192'000;

struct Destroy {
    void operator()(SpeexResamplerState* state) const { speex_resampler_destroy(state); }
};
using State = std::unique_ptr<SpeexResamplerState, Destroy>;

// Appends what `input` gives to `out`, up to `most` samples in all.
void run(SpeexResamplerState& state, std::span<const Sample> input, Samples& out, std::size_t most) {
    std::array<Sample, 4096> buffer{};
    while (!input.empty() && out.size() < most) {
        auto taken = static_cast<spx_uint32_t>(std::min<std::size_t>(input.size(), 65536));
        auto made = static_cast<spx_uint32_t>(std::min(buffer.size(), most - out.size()));
        speex_resampler_process_int(&state, 0, input.data(), &taken, buffer.data(), &made);
        out.insert(out.end(), buffer.begin(), buffer.begin() + made);
        if (taken == 0 && made == 0) return;
        input = input.subspan(taken);
    }
}
}  // namespace

Result<Samples> resample(std::span<const Sample> samples, unsigned from, unsigned to) {
    auto good = [](unsigned rate) { return rate >= lowest_rate && rate <= highest_rate; };
    if (!good(from) || !good(to))
        return fail(Code::data, fmt::format("cannot change {} Hz to {} Hz", from, to), {},
                    fmt::format("{} to {} Hz", lowest_rate, highest_rate));
    if (from == to) return Samples(samples.begin(), samples.end());
    int error = 0;
    State state(speex_resampler_init(1, from, to, quality, &error));
    if (state == nullptr) return fail(Code::bug, speex_resampler_strerror(error), "resampler");
    speex_resampler_skip_zeros(
        state.get());  // the filter's delay, at the start; its tail needs as many zeros
    auto most = (samples.size() * to + from / 2) / from;
    Samples out;
    out.reserve(most);
    run(*state, samples, out, most);
    const Samples tail(static_cast<std::size_t>(speex_resampler_get_input_latency(state.get())) * 2 + 64);
    run(*state, tail, out, most);
    out.resize(most);
    return out;
}

}  // namespace pbx::audio
