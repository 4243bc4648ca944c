// .conf files from the disk: the FileReader for parse(), and a whole file parsed by its path.
#pragma once

#include "config/conf.hpp"

namespace pbx::config {

// The text of one regular file of at most `most` bytes. Code::no_input when it isn't there, refused without
// the right.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t most = max_file);

// Relative names are sought beside the including file; `*`, `?` and `[` make a pattern, matched in sorted
// order.
[[nodiscard]] FileReader disk_reader();

// Parses a file of the disk with its includes. An unreadable file is an Error; faults inside are
// Document::errors.
[[nodiscard]] Result<Document> parse_file(const std::string& path);

}  // namespace pbx::config
