// The life of a service that stays in the foreground: ready, watchdog, reload by HUP, stop by INT or TERM.
// What the service does is its own; this only tells it when. One per process, on the loop's thread.
#pragma once

#include "core/context.hpp"
#include "core/result.hpp"
#include "net/loop.hpp"
#include "service/notify.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace pbx::service {

struct Hooks {
    // HUP: read and check aside, swap if good. An error keeps the old settings and is logged.
    std::function<Result<void>()> reload{};
    // INT, TERM: take no new work, finish what there is, then call Life::finished().
    std::function<void()> stop{};
};

class Life {
  public:
    static constexpr std::chrono::milliseconds most_to_finish{5000};

    // From here on INT, TERM and HUP are events. Without a watchdog in the environment none is fed.
    [[nodiscard]] static Result<std::unique_ptr<Life>> begin(
        net::Loop& loop, const Context& context, Hooks hooks,
        std::chrono::milliseconds to_finish = most_to_finish);
    ~Life();
    Life(const Life&) = delete;
    Life& operator=(const Life&) = delete;

    void ready();  // after the first login, when everything listens; the watchdog starts here
    void status(std::string_view text);
    void finished();  // the loop stops; to be called on the loop's thread
    [[nodiscard]] bool stopping() const;
    [[nodiscard]] int exit_status() const;  // 0, or 130 and 143 when INT or TERM ended it

  private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
    explicit Life(std::shared_ptr<Inside> inside);
};

}  // namespace pbx::service
