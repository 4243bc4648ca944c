#include "devstate/link_door.hpp"

#include "core/text.hpp"
#include "devstate/frame.hpp"

#include <algorithm>
#include <array>

#include <sys/random.h>

namespace pbx::devstate {

namespace {

constexpr std::size_t instance_size = 32;
constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_instance(std::string_view text) {
    return text.size() == instance_size && text.find_first_not_of(hex_digits) == std::string_view::npos;
}

bool shows_token(const Secret& token, std::string_view authorization) {
    constexpr std::string_view scheme = "bearer ";
    if (!text::iequal_ascii(authorization.substr(0, scheme.size()), scheme)) return token.is({});
    return token.is(text::trim(authorization.substr(scheme.size())));
}

bool offers_protocol(std::string_view offered) {
    const auto words = text::split(offered, ',');
    return std::any_of(words.begin(), words.end(),
                       [](std::string_view word) { return text::trim(word) == link_protocol; });
}

DoorAnswer no(unsigned status, std::string why) {
    return {.answer = {.status = status, .body = std::move(why) + "\n"}};
}

}  // namespace

std::string new_instance() {
    std::array<unsigned char, instance_size / 2> bytes{};
    const auto got = ::getrandom(bytes.data(), bytes.size(), 0);
    static_cast<void>(got);  // of 16 bytes it gives all (getrandom(2))
    std::string out;
    for (const auto byte : bytes) {
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 0x0f];
    }
    return out;
}

net::HttpHeaders headers_of(const LinkName& own) {
    return {{std::string(server_header), own.server}, {std::string(instance_header), own.instance}};
}

LinkName name_of(std::string_view server, std::string_view instance) {
    if (!is_server_name(server) || !is_instance(instance)) return {};
    return {.server = std::string(server), .instance = std::string(instance)};
}

DoorAnswer judge(const DoorRules& rules, const net::HttpRequest& request) {
    if (!rules.token.empty() && !shows_token(rules.token, request.header("Authorization")))
        return no(401, "wrong token");
    if (request.path != rules.path) return no(404, "not here");
    if (!offers_protocol(request.header("Sec-WebSocket-Protocol")))
        return no(426, "speak " + std::string(link_protocol));
    DoorAnswer out{.answer = {.protocol = std::string(link_protocol)},
                   .name = name_of(request.header(server_header), request.header(instance_header))};
    if (out.name.server.empty()) return no(400, "no server name");
    return out;
}

}  // namespace pbx::devstate
