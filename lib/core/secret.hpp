// A password or token: never printed, never logged, never compared by ==; read() is the only way to its text.
#pragma once

#include <string>
#include <utility>

namespace pbx {

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret&&) noexcept = default;
    ~Secret() { wipe(); }

    [[nodiscard]] const std::string& read() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

  private:
    // volatile, so that the compiler may not drop the writes to memory about to be freed
    void wipe() {
        for (volatile char* at = text_.data(); char& c : text_) {
            static_cast<void>(c);
            *at++ = 0;
        }
    }
    std::string text_;
};

}  // namespace pbx
