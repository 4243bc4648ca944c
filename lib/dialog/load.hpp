// A dialog file read into a Dialog. Every fault is found in one go, each with its place and what to write
// instead. What reads well may still be a bad dialog: that is check's business.
#pragma once

#include "config/conf.hpp"
#include "core/result.hpp"
#include "dialog/dialog.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

// Limits; over them is a fault.
constexpr std::size_t max_steps = 10'000;
constexpr std::size_t max_branches = 1'000;  // hear and key lines of one step; alternatives of one line
constexpr std::size_t max_list_entries = 10'000;

struct Loaded {
    Dialog dialog;                // what could be read
    std::vector<Finding> faults;  // in the order of the file; empty: the dialog may run

    [[nodiscard]] bool ok() const { return faults.empty(); }
    // The dialog, or the first fault and how many more there are.
    [[nodiscard]] Result<Dialog> take() &&;
};

[[nodiscard]] Loaded read(const config::Document& document);
// From text; `reader` brings what it includes.
[[nodiscard]] Loaded read(std::string_view text, const std::string& name,
                          const config::FileReader& reader = {});
// From the disk. An Error only when the file itself can't be read.
[[nodiscard]] Result<Loaded> load(const std::string& path);

}  // namespace pbx::dialog
