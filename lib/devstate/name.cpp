#include "devstate/name.hpp"

#include "core/text.hpp"
#include "devstate/frame.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {
constexpr std::string_view name_word = "{name}", server_word = "{server}";

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool goes_as_it_is(char c) {
    return is_letter_or_digit(c) || std::string_view("._+-@#").find(c) != std::string_view::npos;
}

bool fits_template(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter_or_digit(c) || std::string_view("._+-*").find(c) != std::string_view::npos;
    });
}

std::string escaped(std::string_view name) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : name) {
        if (goes_as_it_is(c)) {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('~');
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 15U]);
    }
    return out;
}

std::optional<unsigned> hex_of(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (goes_as_it_is(text[i])) {
            out.push_back(text[i]);
            continue;
        }
        if (text[i] != '~' || i + 2 >= text.size()) return std::nullopt;
        const auto high = hex_of(text[i + 1]), low = hex_of(text[i + 2]);
        if (!high || !low) return std::nullopt;
        const auto byte = static_cast<char>(*high * 16 + *low);
        if (goes_as_it_is(byte)) return std::nullopt;  // one spelling each
        out.push_back(byte);
        i += 2;
    }
    return out;
}
}  // namespace

std::string fault_of_name(std::string_view name) {
    if (name.empty()) return "an empty name";
    if (name.size() > max_item_name) return "a name longer than " + std::to_string(max_item_name) + " bytes";
    if (!text::is_plain_line(name)) return "a control byte in the name";
    if (!text::is_utf8(name)) return "a name that is not UTF-8";
    return {};
}

NameTemplate::NameTemplate() = default;

Result<NameTemplate> NameTemplate::parse(std::string_view text) {
    const auto bad = [&text](std::string why) {
        return fail(Code::config, "template " + std::string(text) + ": " + std::move(why), {},
                    "the usual one is {name}*{server}");
    };
    const auto name = text.find(name_word), server = text.find(server_word);
    if (name == std::string_view::npos || server == std::string_view::npos)
        return bad("{name} and {server} must be in it");
    NameTemplate out;
    out.name_first_ = name < server;
    const auto first = std::min(name, server), second = std::max(name, server);
    const auto first_size = out.name_first_ ? name_word.size() : server_word.size();
    const auto second_size = out.name_first_ ? server_word.size() : name_word.size();
    out.before_ = text.substr(0, first);
    out.between_ = text.substr(first + first_size, second - first - first_size);
    out.after_ = text.substr(second + second_size);
    const auto literal = out.before_ + out.between_ + out.after_;
    if (std::count(literal.begin(), literal.end(), '*') != 1 || out.between_.find('*') == std::string::npos)
        return bad("between {name} and {server} there must be the only *");
    if (!fits_template(literal)) return bad("besides these only letters, digits and . _ + - may be in it");
    return out;
}

std::string NameTemplate::with(std::string_view name, std::string_view server) const {
    std::string out = before_;
    out.append(name_first_ ? name : server).append(between_).append(name_first_ ? server : name);
    return out.append(after_);
}

std::string NameTemplate::text() const {
    return with(name_word, server_word);
}

Result<std::string> NameTemplate::encode(std::string_view name, std::string_view server) const {
    if (auto fault = fault_of_name(name); !fault.empty()) return fail(Code::data, std::move(fault));
    if (!is_server_name(server)) return fail(Code::data, "no server name: " + std::string(server));
    auto out = with(escaped(name), server);
    if (out.size() > max_extension)
        return fail(Code::data, "an extension of " + std::to_string(out.size()) + " bytes; Asterisk takes " +
                                    std::to_string(max_extension));
    return out;
}

// The template's only * is in between_, and neither an escaped name nor a server has one.
std::optional<RemoteName> NameTemplate::decode(std::string_view extension) const {
    if (!extension.starts_with(before_) || !extension.ends_with(after_) ||
        extension.size() < before_.size() + between_.size() + after_.size())
        return std::nullopt;
    const auto inner = extension.substr(before_.size(), extension.size() - before_.size() - after_.size());
    const auto star = inner.find('*'), offset = between_.find('*');
    if (star == std::string_view::npos || star < offset) return std::nullopt;
    const auto at = star - offset;
    if (inner.substr(at, between_.size()) != between_) return std::nullopt;
    const auto left = inner.substr(0, at), right = inner.substr(at + between_.size());
    auto name = unescaped(name_first_ ? left : right);
    const auto server = name_first_ ? right : left;
    if (!name || !fault_of_name(*name).empty() || !is_server_name(server)) return std::nullopt;
    return RemoteName{.name = std::move(*name), .server = std::string(server)};
}

}  // namespace pbx::devstate
