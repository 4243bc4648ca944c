#include "devstate/settable.hpp"

#include "core/text.hpp"
#include "devstate/state.hpp"
#include "net/websocket_codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace pbx::devstate {

namespace {
constexpr std::string_view device_head = "Custom:", presence_head = "CustomPresence:";
// ast_devstate_changed() cuts "Custom:NAME" to AST_MAX_EXTENSION, 80 with its NUL: seen on 22.10 and 16.28.
constexpr std::size_t longest_name = 72;
constexpr std::size_t longest_value = 256;
constexpr std::size_t longest_text = 186;  // 248 octets of base64: presence_write() decodes into 255
// include/asterisk/presencestate.h
constexpr std::array<std::string_view, 7> presences{"not_set", "unavailable", "available", "away",
                                                    "xa",      "chat",        "dnd"};

bool has_head(std::string_view device, std::string_view head) {
    return device.size() >= head.size() && text::iequal_ascii(device.substr(0, head.size()), head);
}

Result<void> check_name(std::string_view device, std::string_view name) {
    const std::string where(device);
    if (name.empty()) return fail(Code::data, "the name is empty", where);
    if (!text::is_plain_line(name)) return fail(Code::data, "a control byte in the name", "DEVICE");
    if (name.find('/') != std::string_view::npos)
        return fail(Code::data, "a / in the name", where,
                    "Asterisk cuts what stands before it when it restarts (func_devstate.c)");
    if (name.size() > longest_name)
        return fail(Code::data,
                    fmt::format("the name is longer than {} bytes: Asterisk would cut it", longest_name),
                    where);
    return {};
}

Result<Setting> set_device(std::string_view device, std::string_view state) {
    const auto name = device.substr(device_head.size());
    if (auto checked = check_name(device, name); !checked) return tl::unexpected(checked.error());
    const auto known = state_of(state);
    constexpr auto hint = "NOT_INUSE INUSE BUSY INVALID UNAVAILABLE RINGING RINGINUSE ONHOLD";
    if (!known) return fail(Code::data, fmt::format("'{}' is no state", state), std::string(device), hint);
    if (*known == State::unknown)
        return fail(Code::data, "Asterisk does not take UNKNOWN", std::string(device),
                    "UNAVAILABLE is near it");
    return Setting{fmt::format("DEVICE_STATE({}{})", device_head, name), std::string(name_of(*known))};
}

Result<Setting> set_presence(std::string_view device, std::string_view value) {
    const auto name = device.substr(presence_head.size());
    if (auto checked = check_name(device, name); !checked) return tl::unexpected(checked.error());
    const auto state = text::lower_ascii(value.substr(0, value.find(',')));
    if (std::find(presences.begin(), presences.end(), state) == presences.end())
        return fail(Code::data, fmt::format("'{}' is no presence", state), std::string(device),
                    "not_set unavailable available away xa chat dnd, then ,SUBTYPE,MESSAGE if you like");
    if (!text::is_plain_line(value) || value.size() > longest_value)
        return fail(Code::data, fmt::format("a control byte, or longer than {} bytes", longest_value),
                    "STATE");
    auto written = presence_value(value);
    if (!written) return within(device, written.error());
    return Setting{fmt::format("PRESENCE_STATE({}{})", presence_head, name), std::move(*written)};
}
}  // namespace

Result<std::string> presence_value(std::string_view value) {
    const auto first = value.find(',');
    if (first == std::string_view::npos) return std::string(value);
    const auto second = value.find(',', first + 1);
    if (second == std::string_view::npos || value.find(',', second + 1) == std::string_view::npos)
        return std::string(value);
    const auto subtype = value.substr(first + 1, second - first - 1), message = value.substr(second + 1);
    if (message.size() > longest_text || subtype.size() > longest_text)
        return fail(Code::data, fmt::format("a message with a comma of more than {} bytes", longest_text));
    return fmt::format("{},{},{},e", value.substr(0, first), net::websocket::base64(subtype),
                       net::websocket::base64(message));
}

Result<Setting> setting_of(std::string_view device, std::string_view state) {
    if (has_head(device, presence_head)) return set_presence(device, state);
    if (has_head(device, device_head)) return set_device(device, state);
    return fail(Code::data, "Asterisk lets nobody set it: only Custom: and CustomPresence: can be set",
                std::string(device.substr(0, 100)),
                "a hint can join both: exten => 101,hint,PJSIP/101&Custom:101");
}

}  // namespace pbx::devstate
