// Under what extension a server shows an item of another: "101*b.example.com" by the template
// {name}*{server}. Both ways without loss, or refused with a reason. Which items are shown is not known here.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::devstate {

// AST_MAX_EXTENSION, 80 with its NUL, less "Custom:": ast_devstate_changed() cuts longer device names (seen
// on 22.10 and 16.28).
constexpr std::size_t max_extension = 72;

struct RemoteName {
    std::string name{}, server{};
    friend bool operator==(const RemoteName&, const RemoteName&) = default;
};

class NameTemplate {
  public:
    // {name} and {server} once each with exactly one * between them; around and between besides only
    // letters, digits and . _ + -. Errors: config.
    [[nodiscard]] static Result<NameTemplate> parse(std::string_view text);
    NameTemplate();  // {name}*{server}

    // Bytes of the name outside [A-Za-z0-9._+@#-] become ~XX: func_devstate cuts a name at / after a restart,
    // and * parts name and server. Errors: data, with the reason; decode() gives back exactly what went in.
    [[nodiscard]] Result<std::string> encode(std::string_view name, std::string_view server) const;
    // Nothing when it isn't one of this template's.
    [[nodiscard]] std::optional<RemoteName> decode(std::string_view extension) const;

    [[nodiscard]] std::string text() const;
    // The same with these in place of {name} and {server}, as they are: for patterns of a dialplan.
    [[nodiscard]] std::string with(std::string_view name, std::string_view server) const;

  private:
    std::string before_, between_ = "*", after_;
    bool name_first_ = true;
};

// Why the name can't be carried to other servers; empty: it can.
[[nodiscard]] std::string fault_of_name(std::string_view name);

}  // namespace pbx::devstate
