// `pbxctl enum lookup -`: the numbers of a list on stdin, one after the other. The work is
// numbering/bulk_run's.
#pragma once

#include "cmd/command.hpp"
#include "numbering/bulk_run.hpp"

#include <cstddef>
#include <cstdint>

namespace pbx::cmd {

// Options that only a list takes: with a NUMBER they are a mistake.
[[nodiscard]] Result<void> refuse_list_options(const Given& given);

// `record`: the how-manieth URI is wanted, from 1.
[[nodiscard]] Result<int> look_up_list(Frame& frame, const numbering::LookupSettings& settings,
                                       std::size_t record);

// What else goes through lists, too.
[[nodiscard]] Result<std::uint64_t> list_rate(const Given& given);  // --rate; 0: none
// What is asked for is done or refused: rows that nobody verified must not look as if somebody had.
[[nodiscard]] Result<void> refuse_verifying(Frame& frame, const numbering::LookupSettings& settings);
// `otherwise`: when it came to its end.
[[nodiscard]] int exit_status(const numbering::BulkEnd& end, int otherwise);

}  // namespace pbx::cmd
