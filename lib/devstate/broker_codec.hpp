// Topics and payloads of device states at an MQTT broker, both ways. Whatever a broker brings is hostile:
// what is not of this shape is nothing. Pure.
//
//     PREFIX/SERVER/ds/NAME    retained  {"c":7,"e":1700000000000000,"n":12,"s":"INUSE"}
//     PREFIX/SERVER/ps/NAME    retained  the same with "s":"dnd,subtype,message"
//     PREFIX/SERVER/status     retained  {"a":true,"e":…,"i":…,"r":true}
//     PREFIX/SERVER/beat       each second  {"c":7,"e":…,"i":…,"t":…}
//     PREFIX/SERVER/mark       to oneself: what was asked for before has come
//
// "c" counts what a server publishes of its items, so that a listener knows when it missed one. SERVER and
// NAME are [A-Za-z0-9_-], other bytes as ~XX: '.' is no byte of a topic to every broker.
#pragma once

#include "devstate/frame.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace pbx::devstate {

enum class TopicKind : std::uint8_t { lamp, presence, status, beat, mark };

struct Topic {
    TopicKind kind = TopicKind::lamp;
    std::string server{};
    std::string name{};  // of lamp and presence
    friend bool operator==(const Topic&, const Topic&) = default;
};

[[nodiscard]] std::string encode_topic(std::string_view prefix, const Topic& topic);
[[nodiscard]] std::optional<Topic> decode_topic(std::string_view prefix, std::string_view topic);
// "PREFIX/SERVER/": of everything one server writes.
[[nodiscard]] std::string subtree_of(std::string_view prefix, std::string_view server);
[[nodiscard]] bool is_prefix(std::string_view prefix);

struct Published {
    std::uint64_t epoch = 0;
    std::uint64_t count = 0;
    Numbered item{};
    friend bool operator==(const Published&, const Published&) = default;
};
[[nodiscard]] std::string encode(const Published& value);
// The item's name and kind are the topic's.
[[nodiscard]] std::optional<Published> decode_published(const Topic& topic, std::string_view payload);

struct Standing {  // PREFIX/SERVER/status
    bool relay = false, asterisk = false;
    std::uint64_t epoch = 0, instance = 0;
    friend bool operator==(const Standing&, const Standing&) = default;
};
[[nodiscard]] std::string encode(const Standing& standing);
[[nodiscard]] std::optional<Standing> decode_standing(std::string_view payload);

struct Beat {
    std::uint64_t epoch = 0, instance = 0, count = 0;
    std::uint64_t time = 0;  // the sender's own clock, in µs, for itself
    friend bool operator==(const Beat&, const Beat&) = default;
};
[[nodiscard]] std::string encode(const Beat& beat);
[[nodiscard]] std::optional<Beat> decode_beat(std::string_view payload);

}  // namespace pbx::devstate
