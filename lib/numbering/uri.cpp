#include "numbering/uri.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
using text::iequal_ascii;

bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

Fault wrong(std::size_t octet, std::string_view why) {
    return {Status::bad_uri, Field::uri, octet, why};
}

// Why an octet has no place in a URI that is dialled; nothing when it is welcome.
// ',' parts arguments and '&' parts devices in Dial(); '$', '`', quotes, brackets and '|' are a shell's, "${"
// the dialplan's; '!' parts a SIP device from its To header in chan_sip.
std::string_view refusal(char c) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "a control octet";
    if (static_cast<unsigned char>(c) >= 0x80) return "not ASCII: a URI writes it as %XX";
    if (is_alpha(c) || is_digit(c)) return {};
    constexpr std::string_view welcome = "-._~:/?#[]@*+;=%";
    if (welcome.find(c) != welcome.npos) return {};
    constexpr std::string_view reserved = ",&$!'()";
    if (reserved.find(c) != reserved.npos) return "would break out of Dial() or a shell";
    return "not of a URI";
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// %XX; a control octet in it becomes a header of its own wherever it is decoded.
std::string_view wrong_escape(std::string_view rest) {
    if (rest.size() < 3 || hex_value(rest[1]) < 0 || hex_value(rest[2]) < 0)
        return "% without two hex digits";
    const int octet = hex_value(rest[1]) * 16 + hex_value(rest[2]);
    if (octet < 0x20 || octet == 0x7f) return "a control octet, escaped";
    return {};
}

bool is_dialled(std::string_view scheme) {
    constexpr std::array dialled{"sip", "sips", "tel", "iax", "iax2", "h323"};
    return std::any_of(dialled.begin(), dialled.end(), [&](auto name) { return iequal_ascii(scheme, name); });
}

bool is_sip(std::string_view scheme) {
    return iequal_ascii(scheme, "sip") || iequal_ascii(scheme, "sips");
}

bool is_iax(std::string_view scheme) {
    return iequal_ascii(scheme, "iax") || iequal_ascii(scheme, "iax2");
}

// "alice@example.com" of "sip:alice@example.com;transport=tcp?subject=x"
std::string_view address_of(std::string_view uri) {
    const auto rest = uri.substr(std::min(uri.size(), scheme_of(uri).size() + 1));
    return rest.substr(0, rest.find_first_of(";?"));
}

bool is_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
    });
}
}  // namespace

std::string_view scheme_of(std::string_view uri) {
    const auto colon = uri.find(':');
    if (colon == uri.npos || colon == 0 || !is_alpha(uri[0])) return {};
    const auto scheme = uri.substr(0, colon);
    const bool good = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
    return good ? scheme : std::string_view{};
}

Fault check_uri(std::string_view uri) {
    if (uri.empty()) return wrong(0, "empty");
    const auto scheme = scheme_of(uri);
    for (std::size_t i = 0; i < uri.size(); ++i) {
        if (const auto why = refusal(uri[i]); !why.empty()) return wrong(i + 1, why);
        if (uri[i] != '%') continue;
        if (const auto why = wrong_escape(uri.substr(i)); !why.empty()) return wrong(i + 1, why);
    }
    if (scheme.empty()) return wrong(1, "no scheme: not an absolute URI");
    if (scheme.size() + 1 == uri.size()) return wrong(uri.size(), "nothing behind its scheme");
    const auto slash = uri.find('/');  // IAX2/host/number is that channel's own form
    if (is_dialled(scheme) && !is_iax(scheme) && slash != uri.npos)
        return wrong(slash + 1, "would break out of Dial() or a shell");
    return {};
}

Result<DialForm> parse_dial_form(std::string_view text) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto kind = text.substr(0, colon);
    const auto name = text.substr(std::min(colon + 1, text.size()));
    const auto needs_name = [&](DialForm::Kind with) -> Result<DialForm> {
        if (is_name(name)) return DialForm{with, std::string(name)};
        return fail(Code::usage, fmt::format("\"{}\" names no trunk or context", text), "--dial",
                    fmt::format("{}:NAME, letters, digits, '-', '_' and '.'", kind));
    };
    if (iequal_ascii(kind, "pjsip")) return needs_name(DialForm::Kind::pjsip);
    if (iequal_ascii(kind, "local")) return needs_name(DialForm::Kind::local);
    if (iequal_ascii(text, "sip")) return DialForm{DialForm::Kind::sip};
    if (iequal_ascii(text, "iax2")) return DialForm{DialForm::Kind::iax2};
    return fail(Code::usage, fmt::format("\"{}\" is no way to dial", text), "--dial",
                "pjsip:TRUNK, sip, iax2 or local:CONTEXT");
}

std::string dial_string(const DialForm& form, std::string_view uri) {
    const auto scheme = scheme_of(uri);
    const auto address = address_of(uri);
    switch (form.kind) {
        case DialForm::Kind::pjsip:
            return is_sip(scheme) ? fmt::format("PJSIP/{}/{}", form.name, uri) : "";
        case DialForm::Kind::sip:
            return is_sip(scheme) ? fmt::format("SIP/{}", address) : "";
        case DialForm::Kind::iax2:
            return is_iax(scheme) ? fmt::format("IAX2/{}", address) : "";
        case DialForm::Kind::local:
            if (!is_dialled(scheme) || is_iax(scheme)) return "";
            return fmt::format("Local/{}@{}", address.substr(0, address.find('@')), form.name);
    }
    return "";
}

}  // namespace pbx::numbering
