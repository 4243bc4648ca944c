// One AMI message as values: a response or an event that Asterisk sent, an action for it. Bytes are
// ami/codec's business, and what a header means is its reader's.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::ami {

struct Header {
    std::string_view name, value;  // as they came; live as long as their message does
};

// Headers in order in one piece of memory: events come by the ten thousand a second.
class Message {
  public:
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] Header operator[](std::size_t index) const;
    // The first header of this name, ASCII case ignored ("Uniqueid" is "UniqueID" in other versions).
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::string_view get(std::string_view name) const;  // "" when missing
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;

    [[nodiscard]] std::string_view event() const { return get("Event"); }  // "" for a response
    [[nodiscard]] std::string_view response() const { return get("Response"); }
    [[nodiscard]] bool is_error() const;  // Response: Error

    void add(std::string_view name, std::string_view value);

  private:
    struct Place {
        std::uint32_t at, name, value;  // the name begins at `at`, the value right after it
    };
    std::string text_;
    std::vector<Place> places_;
};

// An action as it will be written, without its ActionID, which is the client's. The first value that AMI
// can't carry is kept as the fault, and sending such an action is refused with it.
class Action {
  public:
    explicit Action(std::string_view name);
    Action& with(std::string_view name, std::string_view value) &;
    Action with(std::string_view name, std::string_view value) &&;

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& lines() const { return lines_; }
    [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }

  private:
    void add(std::string_view name, std::string_view value);
    std::string name_;
    std::string lines_;
    std::size_t headers_ = 0;
    std::optional<Error> fault_;
};

}  // namespace pbx::ami
