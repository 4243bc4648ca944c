// A finished lookup beside what was wanted of it: the N-th URI, how it is dialled, why there is none.
#pragma once

#include "numbering/lookup_settings.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::numbering {

struct Found {
    const Outcome& outcome;
    const LookupSettings& settings;
    const std::optional<DialForm>& form;
    std::string_view number;
    std::size_t record = 1;  // the how-manieth URI, from 1

    [[nodiscard]] std::string_view uri() const;  // empty: there is none
    // Of the first from there on that can be dialled that way; empty: none.
    [[nodiscard]] std::string dial() const;
    [[nodiscard]] Status status() const;
    [[nodiscard]] Error error() const;  // when status() is not ok
};

}  // namespace pbx::numbering
