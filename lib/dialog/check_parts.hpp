// The parts of check, one file each. Not for others to include.
#pragma once

#include "dialog/check.hpp"
#include "dialog/check_graph.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog::checking {

class Findings {
  public:
    explicit Findings(const Dialog& dialog) : dialog_(dialog) {}
    void add(Fault kind, Place at, std::string what, std::string hint = {});
    [[nodiscard]] std::vector<Finding> in_order() &&;

  private:
    struct Placed {
        Place place;
        Finding finding;
    };
    const Dialog& dialog_;
    std::vector<Placed> found_;
};

void check_arrows(const Dialog& dialog, const Graph& graph, Findings& findings);   // check_arrows.cpp
void check_circles(const Dialog& dialog, const Graph& graph, Findings& findings);  // check_circles.cpp
void check_questions(const Dialog& dialog, Ear ear, Findings& findings);           // check_questions.cpp
void check_claims(const Dialog& dialog, Findings& findings);                       // check_claims.cpp
void check_ear(const Dialog& dialog, Ear ear, Findings& findings);                 // check_ear.cpp
void check_prompts(const Dialog& dialog, const CheckOptions& options,
                   Findings& findings);                                              // check_prompts.cpp
void check_echo(const Dialog& dialog, Findings& findings);                           // check_prompts.cpp
void check_variables(const Dialog& dialog, const Graph& graph, Findings& findings);  // check_variables.cpp

// "«hello» → «sales»": names of steps as a way
[[nodiscard]] std::string way(const Dialog& dialog, std::span<const std::size_t> steps);
[[nodiscard]] std::string quoted(std::string_view word);

}  // namespace pbx::dialog::checking
