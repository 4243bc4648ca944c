// Two sides' answers to the same numbers held against each other: what a zone's move would change. Pure: rows
// of both sides go in (RowForm::side), lines about the numbers that differ come out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace pbx::numbering {

enum class Change {
    same,        // the same URIs in the same order; or none on both sides, for whatever reason
    added,       // the first side has no URI
    removed,     // the second has none
    changed,     // other URIs
    service,     // the same URIs for other services
    order,       // the same URIs, tried in another order
    unknown,     // a side could not be asked: nobody can say
    bad_number,  // nothing was asked
};
inline constexpr std::size_t change_count = 8;
[[nodiscard]] std::string_view name_of(Change change);

enum class DiffForm { tsv, screen, json };

class Diff {
  public:
    explicit Diff(DiffForm form) : form_(form) {}

    // Takes whole rows from the front of both, as many as both have. They are rows of the same list.
    void join(std::string& first, std::string& second, std::string& out);

    [[nodiscard]] std::uint64_t rows() const;
    [[nodiscard]] std::uint64_t count(Change change) const {
        return counts_[static_cast<std::size_t>(change)];
    }
    [[nodiscard]] std::uint64_t differing() const;
    // 0: all the same; 1: some differ; 65: some are no numbers; 75: some could not be asked
    [[nodiscard]] int exit_status() const;

  private:
    void append_row(std::string_view number, Change change, std::string_view before, std::string_view after,
                    std::string& out);
    void compare(std::string_view first, std::string_view second, std::string& out);

    DiffForm form_;
    bool headed_ = false;  // a screen's header, above the first row
    std::array<std::uint64_t, change_count> counts_{};
};

}  // namespace pbx::numbering
