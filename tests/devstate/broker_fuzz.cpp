// What a broker brings: a topic, a line end, a payload. What is read encodes to what reads the same.
#include "devstate/broker_codec.hpp"

#include <cstdlib>

using namespace pbx::devstate;

namespace {

template <class T>
void same(const std::optional<T>& read, const std::optional<T>& again) {
    if (read && read != again) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const auto end = all.find('\n');
    const auto payload = end == std::string_view::npos ? std::string_view() : all.substr(end + 1);
    const auto topic = decode_topic("p", all.substr(0, end));
    if (topic && encode_topic("p", *topic) != all.substr(0, end)) std::abort();
    if (const auto standing = decode_standing(payload)) same(standing, decode_standing(encode(*standing)));
    if (const auto beat = decode_beat(payload)) same(beat, decode_beat(encode(*beat)));
    if (!topic || (topic->kind != TopicKind::lamp && topic->kind != TopicKind::presence)) return 0;
    if (const auto value = decode_published(*topic, payload))
        same(value, decode_published(*topic, encode(*value)));
    return 0;
}
