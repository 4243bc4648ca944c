// A password or token: never printed, never logged, never compared by ==, but by is(), which takes as long
// wherever the texts differ; read() is the only way to its text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
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
    // Its time depends on `given`'s length alone.
    [[nodiscard]] bool is(std::string_view given) const {
        volatile std::size_t differs = given.size() ^ text_.size();
        for (std::size_t i = 0; i < given.size(); ++i) {
            const char own = text_.empty() ? '\0' : text_[i % text_.size()];
            differs = differs | static_cast<unsigned char>(own ^ given[i]);
        }
        return differs == 0;
    }

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
