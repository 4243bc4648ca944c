// A lookup in ENUMER held against the store its records come from: what no trusted verifier signed is taken
// out of the outcome.
#pragma once

#include "config/settings.hpp"
#include "core/context.hpp"
#include "core/result.hpp"
#include "numbering/enumer_verify.hpp"
#include "numbering/lookup.hpp"

#include <chrono>
#include <string_view>

namespace pbx::numbering {

// Records without a good signature become Status::bogus, and the outcome too when no URI is left. Errors are
// the reader's: then nothing is known.
[[nodiscard]] Result<void> keep_signed(Outcome& outcome, std::string_view digits, EnumerCheck& check);
// By the node and the verifiers of [enumer], try_again after `deadline`.
[[nodiscard]] Result<void> keep_signed(Outcome& outcome, std::string_view digits,
                                       const config::Settings& settings, const Clock& clock,
                                       std::chrono::steady_clock::time_point deadline);

}  // namespace pbx::numbering
