#include "devstate/broker_codec.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

namespace pbx::devstate {

namespace {

using nlohmann::json;

constexpr std::size_t max_payload = 2'048;
constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::pair<TopicKind, std::string_view> kinds[] = {
    {TopicKind::lamp, "ds"},   {TopicKind::presence, "ps"}, {TopicKind::status, "status"},
    {TopicKind::beat, "beat"}, {TopicKind::mark, "mark"},
};

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_plain(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '~';
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 0x0f];
    }
    return out;
}

// Only what escaped() makes: one spelling for each name.
std::optional<std::string> unescaped(std::string_view text, std::size_t most) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (out.size() == most) return std::nullopt;
        if (is_plain(text[i])) {
            out += text[i];
            continue;
        }
        if (text[i] != '~' || i + 2 >= text.size()) return std::nullopt;
        const auto high = hex_digits.find(text[i + 1]), low = hex_digits.find(text[i + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        const auto byte = static_cast<char>(high << 4 | low);
        if (is_plain(byte)) return std::nullopt;
        out += byte;
        i += 2;
    }
    if (out.empty()) return std::nullopt;
    return out;
}

std::string_view word_of(TopicKind kind) {
    return std::find_if(std::begin(kinds), std::end(kinds),
                        [&](const auto& row) { return row.first == kind; })
        ->second;
}

bool has_name(TopicKind kind) {
    return kind == TopicKind::lamp || kind == TopicKind::presence;
}

std::optional<json> object_of(std::string_view payload) {
    if (payload.size() > max_payload) return std::nullopt;
    auto out = json::parse(payload, nullptr, false);
    if (!out.is_object()) return std::nullopt;
    return out;
}

std::optional<std::uint64_t> number(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
    const auto out = found->get<std::uint64_t>();
    if (out > max_number) return std::nullopt;
    return out;
}

std::optional<bool> flag(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_boolean()) return std::nullopt;
    return found->get<bool>();
}

bool set_value(Item& item, const json& object) {
    const auto found = object.find("s");
    if (found == object.end()) return false;
    if (found->is_null()) {
        item.gone = true;
        return true;
    }
    if (!found->is_string()) return false;
    const auto& value = found->get_ref<const std::string&>();
    if (item.kind == Kind::presence) {
        item.presence = value;
        return value.size() <= max_presence_text && text::is_plain_line(value);
    }
    const auto state = state_of(value);
    if (!state) return false;
    item.state = *state;
    return true;
}

}  // namespace

bool is_prefix(std::string_view prefix) {
    if (prefix.empty() || prefix.size() > 100) return false;
    const auto parts = text::split(prefix, '/');
    return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(), is_plain);
    });
}

std::string subtree_of(std::string_view prefix, std::string_view server) {
    return std::string(prefix) + "/" + escaped(server) + "/";
}

std::string encode_topic(std::string_view prefix, const Topic& topic) {
    auto out = subtree_of(prefix, topic.server).append(word_of(topic.kind));
    if (has_name(topic.kind)) out += "/" + escaped(topic.name);
    return out;
}

std::optional<Topic> decode_topic(std::string_view prefix, std::string_view topic) {
    if (topic.size() <= prefix.size() || !topic.starts_with(prefix) || topic[prefix.size()] != '/')
        return std::nullopt;
    const auto parts = text::split(topic.substr(prefix.size() + 1), '/');
    if (parts.size() < 2) return std::nullopt;
    const auto kind = std::find_if(std::begin(kinds), std::end(kinds),
                                   [&](const auto& row) { return row.second == parts[1]; });
    if (kind == std::end(kinds) || parts.size() != (has_name(kind->first) ? 3U : 2U)) return std::nullopt;
    auto server = unescaped(parts[0], max_server_name);
    if (!server || !is_server_name(*server)) return std::nullopt;
    Topic out{.kind = kind->first, .server = std::move(*server)};
    if (parts.size() == 2) return out;
    auto name = unescaped(parts[2], max_item_name);
    if (!name || !text::is_plain_line(*name)) return std::nullopt;
    out.name = std::move(*name);
    return out;
}

std::string encode(const Published& value) {
    const auto& item = value.item.item;
    json out{{"c", value.count}, {"e", value.epoch}, {"n", value.item.seq}};
    if (item.gone) {
        out["s"] = nullptr;
    } else {
        out["s"] = item.kind == Kind::lamp ? std::string(name_of(item.state)) : item.presence;
    }
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<Published> decode_published(const Topic& topic, std::string_view payload) {
    const auto object = object_of(payload);
    if (!object) return std::nullopt;
    const auto count = number(*object, "c"), epoch = number(*object, "e"), seq = number(*object, "n");
    if (!count || !epoch || !seq) return std::nullopt;
    Published out{.epoch = *epoch, .count = *count, .item = {.seq = *seq}};
    out.item.item.kind = topic.kind == TopicKind::presence ? Kind::presence : Kind::lamp;
    out.item.item.name = topic.name;
    if (!set_value(out.item.item, *object)) return std::nullopt;
    return out;
}

std::string encode(const Standing& standing) {
    return json{
        {"a", standing.asterisk}, {"e", standing.epoch}, {"i", standing.instance}, {"r", standing.relay}}
        .dump();
}

std::optional<Standing> decode_standing(std::string_view payload) {
    const auto object = object_of(payload);
    if (!object) return std::nullopt;
    const auto asterisk = flag(*object, "a"), relay = flag(*object, "r");
    const auto epoch = number(*object, "e"), instance = number(*object, "i");
    if (!asterisk || !relay || !epoch || !instance) return std::nullopt;
    return Standing{.relay = *relay, .asterisk = *asterisk, .epoch = *epoch, .instance = *instance};
}

std::string encode(const Beat& beat) {
    return json{{"c", beat.count}, {"e", beat.epoch}, {"i", beat.instance}, {"t", beat.time}}.dump();
}

std::optional<Beat> decode_beat(std::string_view payload) {
    const auto object = object_of(payload);
    if (!object) return std::nullopt;
    const auto count = number(*object, "c"), epoch = number(*object, "e");
    const auto instance = number(*object, "i"), time = number(*object, "t");
    if (!count || !epoch || !instance || !time) return std::nullopt;
    return Beat{.epoch = *epoch, .instance = *instance, .count = *count, .time = *time};
}

}  // namespace pbx::devstate
