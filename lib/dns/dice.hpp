// Octets nobody can foretell, drawn from the kernel in lots: ids and letter case of queries (RFC 5452 4).
// OpenSSL's generator, which ldns uses, costs 3 ms at its first number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace pbx::dns {

class Dice {
  public:
    using Source = std::function<void(std::span<std::uint8_t>)>;
    explicit Dice(Source source) : source_(std::move(source)) {}

    [[nodiscard]] std::uint16_t next16();
    [[nodiscard]] std::uint64_t next64();

  private:
    static constexpr std::size_t first_lot = 32;  // one question needs 10 octets: no more are made for it
    [[nodiscard]] const std::uint8_t* take(std::size_t octets);

    Source source_;
    std::array<std::uint8_t, 2048> lot_{};
    std::size_t size_ = 0, used_ = 0;
};

[[nodiscard]] Dice::Source kernel_random();  // getrandom(2)

}  // namespace pbx::dns
