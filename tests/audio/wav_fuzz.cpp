// Any bytes are a WAV or an error; what was read is written and read again the same.
#include "audio/wav.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto wav = pbx::audio::decode_wav({reinterpret_cast<const std::byte*>(data), size});
    if (!wav) return 0;
    if (wav->samples.size() > size) std::abort();
    auto again = pbx::audio::decode_wav(pbx::audio::encode_wav(wav->samples, wav->format.rate));
    if (!again || again->samples != wav->samples) std::abort();
    return 0;
}
