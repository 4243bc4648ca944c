// Numbers of a running service for Prometheus. Counting is one atomic add, from any thread; the text is made
// by the metrics driver when somebody asks for it. A metric lives as long as its Metrics.
#pragma once

#include "core/result.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pbx::service {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
  public:
    void add(std::uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_ = 0;
};

class Gauge {
  public:
    void set(double value) { value_.store(value, std::memory_order_relaxed); }
    void add(double more) { value_.fetch_add(more, std::memory_order_relaxed); }
    [[nodiscard]] double value() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<double> value_ = 0;
};

class Histogram {
  public:
    explicit Histogram(std::vector<double> bounds)
        : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}
    void observe(double value);
    [[nodiscard]] std::span<const double> bounds() const { return bounds_; }
    [[nodiscard]] std::vector<unsigned long long> counts() const;
    [[nodiscard]] double sum() const { return sum_.load(std::memory_order_relaxed); }

  private:
    std::vector<double> bounds_;
    std::vector<std::atomic<unsigned long long>> counts_;
    std::atomic<double> sum_ = 0;
};

constexpr std::size_t most_series = 1000;  // name and labels; further ones share one that is never shown

class Metrics {
  public:
    // The same name and labels give the same metric. Names by Prometheus' rules: pbxctl_calls_total,
    // pbxctl_turn_seconds.
    Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
    Histogram& histogram(const std::string& name, const std::string& help, std::vector<double> bounds,
                         const Labels& labels = {});

    // In Prometheus' text format 0.0.4. Errors: unavailable (no driver).
    [[nodiscard]] Result<std::string> text() const;
    static constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

  private:
    struct Series {
        std::string name, help;
        Labels labels;
        std::unique_ptr<Counter> counter;
        std::unique_ptr<Gauge> gauge;
        std::unique_ptr<Histogram> histogram;
    };
    Series& find(const std::string& name, const std::string& help, const Labels& labels);

    mutable std::mutex mutex_;
    std::deque<Series> series_;  // in the order of their making
    Series surplus_;
};

}  // namespace pbx::service
