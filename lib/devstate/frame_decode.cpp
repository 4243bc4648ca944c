#include "devstate/frame.hpp"
#include "devstate/json_reader.hpp"

namespace pbx::devstate {

namespace {
using nlohmann::json;
using Reader = JsonReader;

constexpr int max_depth = 4;  // {"nodes":[{"links":["b"]}]}

Node read_node(Reader& outer, const json& object) {
    Node out;
    if (!object.is_object()) {
        outer.refuse("a node is no object");
        return out;
    }
    Reader reader(object);
    out = {.server = reader.server("server"),
           .epoch = reader.number("e"),
           .revision = reader.number("r"),
           .instance = reader.number("instance"),
           .seq = reader.number("seq"),
           .up = reader.flag("up"),
           .stays = reader.flag("stays"),
           .leaving = reader.flag("leaving")};
    for (const auto& link : reader.list("links", max_servers)) {
        out.links.push_back(reader.text_of(link, "link", max_server_name));
        if (reader.ok() && !is_server_name(out.links.back())) reader.refuse("link is no server name");
    }
    if (!reader.ok()) outer.refuse(reader.fault());
    return out;
}

Nodes read_nodes(Reader& reader) {
    Nodes out;
    for (const auto& node : reader.list("nodes", max_servers)) {
        out.nodes.push_back(read_node(reader, node));
        if (!reader.ok()) break;
    }
    return out;
}

void read_value(Reader& reader, const json& value, Item& item) {
    if (value.is_null()) {
        item.gone = true;
    } else if (item.kind == Kind::presence) {
        item.presence = reader.text_of(value, "a presence", max_presence_text);
    } else if (const auto state =
                   value.is_string() ? state_of(value.get_ref<const std::string&>()) : std::nullopt) {
        item.state = *state;
    } else {
        reader.refuse("an item has no state of Asterisk's");
    }
}

Numbered read_item(Reader& reader, const json& list) {
    Numbered out;
    if (!list.is_array() || list.size() < 3 || list.size() > 4 || (list.size() == 4 && list[3] != 1)) {
        reader.refuse("an item is not [seq,name,value] or [seq,name,value,1]");
        return out;
    }
    out.seq = reader.number_of(list[0], "seq");
    out.item.kind = list.size() == 4 ? Kind::presence : Kind::lamp;
    out.item.name = reader.text_of(list[1], "name", max_item_name);
    if (reader.ok() && out.item.name.empty()) reader.refuse("an item has no name");
    read_value(reader, list[2], out.item);
    return out;
}

Items read_items(Reader& reader, const json& object) {
    Items out{.origin = reader.server("from"), .epoch = reader.number("e")};
    const auto hop = reader.number("h");
    if (hop < 1 || hop > max_hop) reader.refuse("h is not 1 to " + std::to_string(max_hop));
    out.hop = static_cast<unsigned>(hop);
    out.begin = reader.flag("begin");
    if (object.contains("upto")) out.upto = reader.number("upto");
    const auto& list = reader.list("items", max_frame_items);
    out.items.reserve(list.size());
    for (const auto& item : list) {
        out.items.push_back(read_item(reader, item));
        if (!reader.ok()) break;
    }
    return out;
}

Frame read_frame(Reader& reader, const json& object) {
    if (object.contains("items")) return read_items(reader, object);
    if (object.contains("nodes")) return read_nodes(reader);
    if (object.contains("again")) return Again{reader.server("again")};
    reader.refuse("neither nodes, items nor again");
    return Nodes{};
}
}  // namespace

Result<Frame> decode(std::string_view text) {
    if (text.size() > max_frame)
        return fail(Code::protocol, "frame longer than " + std::to_string(max_frame) + " bytes");
    bool too_deep = false;
    const auto object = parse_shallow(text, max_depth, too_deep);
    if (too_deep) return fail(Code::protocol, "frame nested too deep");
    if (!object.is_object()) return fail(Code::protocol, "frame is no JSON object");
    Reader reader(object);
    auto frame = read_frame(reader, object);
    if (!reader.ok()) return fail(Code::protocol, "frame: " + reader.fault());
    return frame;
}

}  // namespace pbx::devstate
