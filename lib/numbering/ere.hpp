// From a POSIX extended regular expression to what RE2 reads the same way, and small enough that nobody has
// to fear it. Inside regexp only.
#pragma once

#include "numbering/regexp.hpp"

#include <string>

namespace pbx::numbering {

struct Translated {
    Fault fault{};
    std::string text{};
};
[[nodiscard]] Translated translate(const Expression& expression);

}  // namespace pbx::numbering
