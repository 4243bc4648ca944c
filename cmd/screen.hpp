// A terminal that is drawn over again and again, as top(1) does: its other page, without a cursor, until this
// ends; then it is as it was before. What is drawn must be fit for a terminal.
#pragma once

#include "core/context.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace pbx::cmd {

class Screen {
  public:
    explicit Screen(Context& context) : context_(context) {}
    ~Screen() { leave(); }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    // Stdout is a terminal that knows how to move its cursor.
    [[nodiscard]] static bool is_possible(const Context& context);

    void enter();
    void leave();
    [[nodiscard]] bool is_entered() const { return entered_; }
    // From the upper left corner; whatever was there is gone. No more lines than size() has.
    void draw(std::span<const std::string> lines);

    struct Size {
        std::size_t width = 80, height = 24;
    };
    [[nodiscard]] Size size() const;  // as it is now

  private:
    Context& context_;
    bool entered_ = false;
};

}  // namespace pbx::cmd
