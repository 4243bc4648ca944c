// Reads members of one JSON object from outside; the first fault stays and says what is wrong. For the
// codecs' .cpp files alone: it includes all of nlohmann/json.
#pragma once

#include "core/text.hpp"
#include "devstate/frame.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace pbx::devstate {

// What is nested deeper than `most` is dropped while it is read, so it costs no memory.
[[nodiscard]] inline nlohmann::json parse_shallow(std::string_view text, int most, bool& too_deep) {
    const auto shallow = [&too_deep, most](int depth, nlohmann::json::parse_event_t, const nlohmann::json&) {
        too_deep = too_deep || depth > most;
        return !too_deep;
    };
    return nlohmann::json::parse(text, shallow, false);
}

class JsonReader {
  public:
    explicit JsonReader(const nlohmann::json& object) : object_(object) {}

    [[nodiscard]] bool ok() const { return fault_.empty(); }
    [[nodiscard]] const std::string& fault() const { return fault_; }
    void refuse(std::string what) {
        if (ok()) fault_ = std::move(what);
    }

    const nlohmann::json* find(const char* name) {
        const auto found = object_.find(name);
        if (found == object_.end()) refuse(std::string(name) + " is missing");
        return found == object_.end() ? nullptr : &*found;
    }
    std::string text(const char* name, std::size_t most) {
        const auto* value = find(name);
        if (value == nullptr) return {};
        return text_of(*value, name, most);
    }
    std::string server(const char* name) {
        auto out = text(name, max_server_name);
        if (ok() && !is_server_name(out)) refuse(std::string(name) + " is no server name");
        return out;
    }
    std::uint64_t number(const char* name) {
        const auto* value = find(name);
        return value == nullptr ? 0 : number_of(*value, name);
    }
    bool flag(const char* name) {  // false when missing
        const auto found = object_.find(name);
        if (found == object_.end()) return false;
        if (!found->is_boolean()) refuse(std::string(name) + " is neither true nor false");
        return ok() && found->get<bool>();
    }
    const nlohmann::json& list(const char* name, std::size_t most) {
        static const nlohmann::json none = nlohmann::json::array();
        const auto* value = find(name);
        if (value == nullptr) return none;
        if (!value->is_array()) refuse(std::string(name) + " is no list");
        if (ok() && value->size() > most) refuse("more than " + std::to_string(most) + " " + name);
        return ok() ? *value : none;
    }

    std::string text_of(const nlohmann::json& value, const char* name, std::size_t most) {
        if (!value.is_string()) {
            refuse(std::string(name) + " is no text");
            return {};
        }
        const auto& out = value.get_ref<const std::string&>();
        if (out.size() > most) refuse(std::string(name) + " is longer than " + std::to_string(most));
        if (!text::is_plain_line(out)) refuse(std::string(name) + " has a control byte");
        return ok() ? out : std::string();
    }
    std::uint64_t number_of(const nlohmann::json& value, const char* name) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max_number) {
            refuse(std::string(name) + " is no number up to 2^53");
            return 0;
        }
        return value.get<std::uint64_t>();
    }

  private:
    const nlohmann::json& object_;
    std::string fault_;
};

}  // namespace pbx::devstate
