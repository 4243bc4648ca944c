// A verifier's list of signatures it has taken back: `SRL=<bits>|<template>` in the value of its name, as in
// `SRL=5|srl:enum-%02x`. The template names buckets, and a record whose name stands in its bucket is revoked
// (emcdns.cpp, CheckEnumSig).
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::numbering {

class Revocation {
  public:
    // The first SRL line that names buckets; nothing when there is none. Code::data: the node refuses every
    // signature of this verifier (over 16 bits, a template of 256 octets and more), or the template is none
    // and it passes the line over, which hides what was revoked.
    [[nodiscard]] static Result<std::optional<Revocation>> parse(std::string_view verifier_value);

    // The name of the bucket of a record.
    [[nodiscard]] std::string bucket(std::string_view record_name) const;

  private:
    std::string before_, after_;
    char conversion_ = 0;  // d, o, x, X; 0: one bucket for all
    std::size_t width_ = 0;
    std::uint32_t mask_ = 0;
};

// The node looks for the name anywhere in the bucket, so that enum:1234:10 revokes enum:1234:1, too.
[[nodiscard]] bool is_revoked(std::string_view record_name, std::string_view bucket_value);

}  // namespace pbx::numbering
