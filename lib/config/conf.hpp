// Asterisk's .conf dialect as an ordered document in which every key, value and section knows its place:
// sections, repeated keys, `=` kept apart from `=>`, key-only lines, `+=`, comments, templates, includes.
// Pure: text of included files comes from a FileReader (config/files.hpp has the one that reads the disk).
// What a key means is not known here.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::config {

// Limits; what is over them is an error, never cut in silence.
constexpr std::size_t max_line = 8191;               // main/config.c: char buf[8192]
constexpr std::size_t max_file = 4 * 1024 * 1024;    // one file
constexpr std::size_t max_total = 16 * 1024 * 1024;  // with everything it includes
constexpr std::size_t max_depth = 10;                // include in include; MAX_INCLUDE_LEVEL of main/config.c
constexpr std::size_t max_nested_comments = 128;     // MAX_NESTED_COMMENTS of main/config.c
constexpr std::size_t max_entries = 200'000;         // templates can multiply lines
constexpr std::size_t max_errors = 100;              // after these the rest of the text is not looked at

struct Position {
    std::uint32_t file = 0;    // index in Document::files
    std::uint32_t line = 0;    // from 1
    std::uint32_t column = 0;  // from 1, in characters (code points)
    friend bool operator==(const Position&, const Position&) = default;
};

enum class Operator : std::uint8_t {
    none,    // hangup
    assign,  // key = value
    arrow,   // key => value, or => value with an empty key
};

struct Entry {
    std::string key{};  // as written, trimmed
    Operator op = Operator::none;
    std::string value{};     // trimmed, comments gone, `\;` is `;`
    Position at{};           // of the key (of the arrow when there is no key)
    Position value_at{};     // of the value's first character
    bool inherited = false;  // came from a template
};

struct Section {
    std::string name{};
    Position at{};  // of the name
    bool is_template = false;
    std::vector<std::string> bases{};  // [x](a,b): a, b; their entries stand before its own
    std::vector<Entry> entries{};

    // The last entry of this key (ASCII case ignored, as Asterisk does): a later line wins over an inherited
    // one.
    [[nodiscard]] const Entry* last(std::string_view key) const;
    [[nodiscard]] std::vector<const Entry*> all(std::string_view key) const;
};

struct Document {
    std::vector<std::string> files;  // [0] is the one parsed, the others were included
    std::vector<Section> sections;   // in order, templates too, repeated names kept apart
    std::vector<Error> errors;       // in order; what could be read is there all the same

    [[nodiscard]] bool ok() const { return errors.empty(); }
    // The first section of this name that is not a template (ASCII case ignored).
    [[nodiscard]] const Section* find(std::string_view name) const;
    // "file:line:column" for an Error's where.
    [[nodiscard]] std::string where(Position at) const;
    // The same for the byte `offset` inside an entry's value. Exact unless a comment or `\;` stands before it
    // in the value.
    [[nodiscard]] std::string where(const Entry& entry, std::size_t offset) const;
};

struct IncludedFile {
    std::string name;  // as it shall stand in errors; equal names are the same file
    std::string text;
};
// `wanted` as written after #include (may be a pattern: many files), `from` the including file's name. No
// file: an empty list. An error means the file is there and cannot be read.
using FileReader =
    std::function<Result<std::vector<IncludedFile>>(const std::string& wanted, const std::string& from)>;

// Errors have Code::data and a where of "file:line:column". Without a reader an #include is an error.
[[nodiscard]] Document parse(std::string_view text, std::string name, const FileReader& reader = {});

}  // namespace pbx::config
