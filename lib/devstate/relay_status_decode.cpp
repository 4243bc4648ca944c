#include "devstate/json_reader.hpp"
#include "devstate/relay_status.hpp"
#include "devstate/relay_status_rows.hpp"

#include <cmath>

namespace pbx::devstate {

namespace {
using nlohmann::json;

constexpr int max_depth = 5;  // {"servers":[{"states":{"INUSE":3}}]}
constexpr std::size_t max_bounds = 64;

// A member's own members; the fault of the inner is the outer's.
template <class Read>
void inside(JsonReader& outer, const json* value, const char* name, Read read) {
    if (value == nullptr || !outer.ok()) return;
    if (!value->is_object()) return outer.refuse(std::string(name) + " is no object");
    JsonReader reader(*value);
    read(reader, *value);
    if (!reader.ok()) outer.refuse(std::string(name) + ": " + reader.fault());
}

std::uint64_t number(JsonReader& reader, const json& object, const char* name) {
    return object.contains(name) ? reader.number(name) : 0;
}

std::size_t size(JsonReader& reader, const json& object, const char* name) {
    return static_cast<std::size_t>(number(reader, object, name));
}

// Text that is only shown: cut and made harmless rather than refused.
std::string shown_text(JsonReader& reader, const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) return {};
    if (!found->is_string()) {
        reader.refuse(std::string(name) + " is no text");
        return {};
    }
    return text::printable(std::string_view(found->get_ref<const std::string&>()).substr(0, max_status_text));
}

std::string server_or_none(JsonReader& reader, const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || *found == "") return {};
    return reader.server(name);
}

Tally read_tally(JsonReader& outer, const json& object) {
    Tally out{.presences = size(outer, object, "presences")};
    inside(outer, outer.find("states"), "states", [&out](JsonReader& reader, const json& states) {
        for (const auto& [name, count] : states.items()) {
            const auto state = state_of(name);
            const auto lamps = reader.number_of(count, "a state");
            if (state) out.lamps.at(static_cast<std::size_t>(*state)) = static_cast<std::size_t>(lamps);
        }
    });
    return out;
}

ServerStatus read_server(JsonReader& reader, const json& object) {
    const auto distance = number(reader, object, "distance");
    if (distance > max_servers) reader.refuse("distance is over " + std::to_string(max_servers));
    return {.view = {.server = reader.server("server"),
                     .known_up = reader.flag("up"),
                     .dark = reader.flag("dark"),
                     .distance = reader.ok() ? static_cast<unsigned>(distance) : 0,
                     .items = size(reader, object, "items")},
            .tally = read_tally(reader, object)};
}

PeerStatus read_peer(JsonReader& reader, const json& object) {
    PeerStatus out{.server = server_or_none(reader, object, "server"),
                   .address = shown_text(reader, object, "address"),
                   .broker = reader.text("kind", max_server_name) == "broker",
                   .dialled = reader.flag("dialled"),
                   .up = reader.flag("up"),
                   .trouble = shown_text(reader, object, "trouble")};
    if (const auto found = object.find("round_trip_us"); found != object.end() && !found->is_null())
        out.round_trip = std::chrono::microseconds(reader.number("round_trip_us"));
    for (const auto& [name, member] : peer_rows)
        out.*member = number(reader, object, name);
    return out;
}

Lag read_lag(JsonReader& reader, const json& object) {
    Lag out;
    for (const auto& bound : reader.list("bounds_s", max_bounds)) {
        const auto value = bound.is_number() ? bound.get<double>() : -1;
        if (!std::isfinite(value) || value <= (out.bounds.empty() ? 0 : out.bounds.back()))
            reader.refuse("bounds don't rise");
        out.bounds.push_back(value);
    }
    for (const auto& count : reader.list("counts", max_bounds + 1))
        out.counts.push_back(reader.number_of(count, "a count"));
    if (out.counts.size() != (out.bounds.empty() ? 0 : out.bounds.size() + 1) && reader.ok())
        reader.refuse("not a count for each bound");
    const auto sum = object.find("sum_s");
    if (sum != object.end() && sum->is_number()) out.sum = sum->get<double>();
    if (!std::isfinite(out.sum) || out.sum < 0) reader.refuse("sum_s is no number of seconds");
    return out;
}

template <class T, class Read>
std::vector<T> read_list(JsonReader& outer, const char* name, std::size_t most, Read read) {
    std::vector<T> out;
    for (const auto& one : outer.list(name, most)) {
        inside(outer, &one, name,
               [&](JsonReader& reader, const json& object) { out.push_back(read(reader, object)); });
        if (!outer.ok()) break;
    }
    return out;
}

RelayStatus read_status(JsonReader& reader, const json& object) {
    RelayStatus out{.server = server_or_none(reader, object, "server"),
                    .instance = number(reader, object, "instance"),
                    .uptime = std::chrono::milliseconds(number(reader, object, "uptime_ms")),
                    .trouble = shown_text(reader, object, "trouble"),
                    .asterisk_up = reader.flag("asterisk_up")};
    inside(reader, reader.find("own"), "own", [&out](JsonReader& inner, const json& own) {
        out.own_items = size(inner, own, "items");
        out.own = read_tally(inner, own);
    });
    inside(reader, reader.find("shown"), "shown", [&out](JsonReader& inner, const json& shown) {
        out.lamps = size(inner, shown, "lamps");
        out.pending = size(inner, shown, "pending");
        out.refused_names = size(inner, shown, "refused_names");
        out.shown = read_tally(inner, shown);
    });
    out.servers = read_list<ServerStatus>(reader, "servers", max_servers, read_server);
    out.peers = read_list<PeerStatus>(reader, "links", max_status_peers, read_peer);
    inside(reader, reader.find("counts"), "counts", [&out](JsonReader& inner, const json& counts) {
        for (const auto& [name, member] : count_rows)
            out.counts.*member = number(inner, counts, name);
    });
    inside(reader, reader.find("lag"), "lag",
           [&out](JsonReader& inner, const json& lag) { out.lag = read_lag(inner, lag); });
    return out;
}
}  // namespace

Result<RelayStatus> decode_status(std::string_view text) {
    if (text.size() > max_status)
        return fail(Code::protocol, "status longer than " + std::to_string(max_status) + " bytes");
    bool too_deep = false;
    const auto object = parse_shallow(text, max_depth, too_deep);
    if (too_deep) return fail(Code::protocol, "status nested too deep");
    if (!object.is_object() || !object.contains("type") || object["type"] != "status")
        return fail(Code::protocol, "no status of a relay");
    if (!object.contains("v") || object["v"] != 1)
        return fail(Code::protocol, "status of another version than 1", {},
                    "use one version of pbxctl on both sides");
    JsonReader reader(object);
    auto status = read_status(reader, object);
    if (!reader.ok()) return fail(Code::protocol, "status: " + reader.fault());
    return status;
}

}  // namespace pbx::devstate
