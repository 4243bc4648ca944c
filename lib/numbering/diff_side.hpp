// A side of a comparison as it is typed: SUFFIX@SERVER, where either part may be missing.
#pragma once

#include "numbering/lookup_settings.hpp"

#include <string_view>

namespace pbx::numbering {

// "e164.arpa", "e164.example@192.0.2.1:5353", "@[2001:db8::1]", "a.example,b.example@192.0.2.1,192.0.2.2":
// what is missing stays as in `usual`. Code::usage names the part that is none.
[[nodiscard]] Result<LookupSettings> side_settings(LookupSettings usual, std::string_view typed);

// Whether both would ask the same servers for the same names.
[[nodiscard]] bool ask_the_same(const LookupSettings& a, const LookupSettings& b);

}  // namespace pbx::numbering
