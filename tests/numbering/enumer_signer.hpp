// Signs as Emercoin's signmessage does, with keys that are no secret: the numbers 1, 2, 3...
#pragma once

#include "numbering/enumer_signature.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace pbx::test {

class EnumerSigner {
  public:
    explicit EnumerSigner(std::uint8_t secret, bool compressed = true);

    [[nodiscard]] std::string address() const;
    [[nodiscard]] std::string sign(std::string_view text,
                                   std::string_view magic = numbering::emercoin_magic) const;
    [[nodiscard]] const numbering::KeyId& key() const { return key_; }

  private:
    std::array<std::uint8_t, 32> secret_{};
    bool compressed_;
    numbering::KeyId key_{};
};

}  // namespace pbx::test
