// Results on stdout in the form asked for: a table with a header on a terminal, tab-separated lines in a
// pipe, one JSON document with --json. Everything that is not a result goes to stderr by the log or as an
// Error.
#pragma once

#include "core/context.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace pbx::cmd {

enum class Paint { none, good, warn, bad, dim, bold };

struct Table {
    std::vector<std::string> columns;  // header on a terminal, keys with --json: lower case, no blanks
    std::vector<std::vector<std::string>> rows;
};

class Output {
  public:
    Output(Context& context, bool json, bool colour) : context_(context), json_(json), colour_(colour) {}

    [[nodiscard]] bool json() const { return json_; }
    [[nodiscard]] bool colour() const { return colour_; }
    [[nodiscard]] bool terminal() const { return context_.out_is_tty; }

    void line(std::string_view text);  // one line of text; not to be mixed with --json
    void table(const Table& table);    // in the form asked for, --json included (objects of strings)
    void document(const nlohmann::ordered_json& value);  // --json: one document, indented on a terminal
    void event(const nlohmann::ordered_json& value);     // --json of a stream: one line, flushed
    [[nodiscard]] std::string painted(Paint paint, std::string_view text) const;

  private:
    Context& context_;
    bool json_, colour_;
};

// When an event was: "2026-11-23T06:43:31.187Z".
[[nodiscard]] std::string stamp(std::chrono::system_clock::time_point time);

// A JSON string literal with its quotes, for the few places that write JSON by hand.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace pbx::cmd
