#include "devstate/frame.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::devstate {

namespace {
using Buffer = fmt::memory_buffer;

void put(Buffer& out, std::string_view text) {
    out.append(text.data(), text.data() + text.size());
}

// Our own text is UTF-8 without control bytes; should one come all the same it stays one JSON string.
void put_string(Buffer& out, std::string_view text) {
    out.push_back('"');
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out.push_back('\\');
        if (byte < 0x20)
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        else
            out.push_back(c);
    }
    out.push_back('"');
}

void put_member(Buffer& out, std::string_view name, std::uint64_t number) {
    fmt::format_to(std::back_inserter(out), ",\"{}\":{}", name, number);
}

void write(Buffer& out, const Node& node) {
    put(out, "{\"server\":");
    put_string(out, node.server);
    put_member(out, "e", node.epoch);
    put_member(out, "r", node.revision);
    put_member(out, "instance", node.instance);
    put_member(out, "seq", node.seq);
    if (node.up) put(out, ",\"up\":true");
    if (node.stays) put(out, ",\"stays\":true");
    if (node.leaving) put(out, ",\"leaving\":true");
    put(out, ",\"links\":[");
    for (std::size_t i = 0; i < node.links.size(); ++i) {
        if (i != 0) out.push_back(',');
        put_string(out, node.links[i]);
    }
    put(out, "]}");
}

void write(Buffer& out, const Nodes& nodes) {
    put(out, "{\"nodes\":[");
    for (std::size_t i = 0; i < nodes.nodes.size(); ++i) {
        if (i != 0) out.push_back(',');
        write(out, nodes.nodes[i]);
    }
    put(out, "]}");
}

// [seq,"name","INUSE"], [seq,"name","dnd,,",1] a presence; null in place of the value: gone
void write(Buffer& out, const Numbered& numbered) {
    const auto& item = numbered.item;
    fmt::format_to(std::back_inserter(out), "[{},", numbered.seq);
    put_string(out, item.name);
    out.push_back(',');
    if (item.gone)
        put(out, "null");
    else
        put_string(out, item.kind == Kind::lamp ? name_of(item.state) : std::string_view(item.presence));
    put(out, item.kind == Kind::lamp ? "]" : ",1]");
}

void write(Buffer& out, const Items& items) {
    put(out, "{\"from\":");
    put_string(out, items.origin);
    put_member(out, "e", items.epoch);
    put_member(out, "h", items.hop);
    if (items.begin) put(out, ",\"begin\":true");
    if (items.upto) put_member(out, "upto", *items.upto);
    put(out, ",\"items\":[");
    for (std::size_t i = 0; i < items.items.size(); ++i) {
        if (i != 0) out.push_back(',');
        write(out, items.items[i]);
    }
    put(out, "]}");
}

void write(Buffer& out, const Again& again) {
    put(out, "{\"again\":");
    put_string(out, again.origin);
    out.push_back('}');
}

// Quotes and backslashes double, control bytes would take six.
std::size_t string_size(std::string_view text) {
    std::size_t size = 2 + text.size();
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20)
            size += 5;
        else if (c == '"' || c == '\\')
            ++size;
    }
    return size;
}

constexpr std::size_t number_size = 20;  // digits of the greatest uint64
}  // namespace

std::string encode(const Frame& frame) {
    Buffer out;
    std::visit([&out](const auto& one) { write(out, one); }, frame);
    return fmt::to_string(out);
}

std::size_t encoded_size(const Item& item) {
    constexpr std::size_t around = 10;  // [,,"RINGINUSE",1],
    const std::size_t value = item.kind == Kind::lamp ? 12 : string_size(item.presence);
    return number_size + string_size(item.name) + value + around;
}

std::size_t encoded_size(const Node& node) {
    constexpr std::size_t around = 120;  // the members' names and braces
    std::size_t size = around + 4 * number_size + string_size(node.server);
    for (const auto& link : node.links)
        size += string_size(link) + 1;
    return size;
}

bool is_server_name(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= max_server_name && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace pbx::devstate
