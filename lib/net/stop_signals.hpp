// INT and TERM as something to poll, for a loop that is none of Asio's (signals.hpp is for that one). While
// it lives they do not end the process.
#pragma once

#include "core/descriptor.hpp"
#include "core/result.hpp"

#include <csignal>

namespace pbx::net {

class StopSignals {
  public:
    StopSignals() = default;
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    [[nodiscard]] Result<void> open();
    [[nodiscard]] int descriptor() const { return fd_.get(); }  // readable: take()
    [[nodiscard]] int take() const;                             // 0: none is there

  private:
    Descriptor fd_;
    sigset_t before_{};
};

}  // namespace pbx::net
