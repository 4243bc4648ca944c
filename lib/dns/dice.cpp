#include "dns/dice.hpp"

#include <cstring>

#include <sys/random.h>

namespace pbx::dns {

const std::uint8_t* Dice::take(std::size_t octets) {
    if (size_ - used_ < octets) {
        size_ = size_ == 0 ? first_lot : lot_.size();
        source_(std::span(lot_).first(size_));
        used_ = 0;
    }
    used_ += octets;
    return lot_.data() + used_ - octets;
}

std::uint16_t Dice::next16() {
    std::uint16_t out = 0;
    std::memcpy(&out, take(sizeof(out)), sizeof(out));
    return out;
}

std::uint64_t Dice::next64() {
    std::uint64_t out = 0;
    std::memcpy(&out, take(sizeof(out)), sizeof(out));
    return out;
}

Dice::Source kernel_random() {
    return [](std::span<std::uint8_t> into) {
        while (!into.empty()) {
            const auto got =
                ::getrandom(into.data(), into.size(), 0);  // lots over 256 octets may come in parts
            if (got > 0) into = into.subspan(static_cast<std::size_t>(got));
        }
    };
}

}  // namespace pbx::dns
