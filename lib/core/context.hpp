// What a command may know of the outside: time, environment, streams. lib never calls getenv, std::cout or
// now() itself, so a test gives its own.
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace pbx {

struct Clock {
    virtual ~Clock() = default;
    [[nodiscard]] virtual std::chrono::steady_clock::time_point now() const = 0;
    [[nodiscard]] virtual std::chrono::system_clock::time_point wall() const = 0;
};

struct SystemClock final : Clock {
    [[nodiscard]] std::chrono::steady_clock::time_point now() const override {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::now();
    }
};

// A variable of the environment, nothing when unset.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

struct Context {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    Environment environment;
    const Clock& clock;
    bool out_is_tty = false;
    bool err_is_tty = false;
};

}  // namespace pbx
