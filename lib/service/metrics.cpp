#include "service/metrics.hpp"

#include "core/driver.hpp"
#include "service/metrics_driver.h"

#include <algorithm>

namespace pbx::service {

void Histogram::observe(double value) {
    const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

std::vector<unsigned long long> Histogram::counts() const {
    std::vector<unsigned long long> counts;
    for (const auto& count : counts_)
        counts.push_back(count.load(std::memory_order_relaxed));
    return counts;
}

Metrics::Series& Metrics::find(const std::string& name, const std::string& help, const Labels& labels) {
    for (auto& series : series_)
        if (series.name == name && series.labels == labels) return series;
    if (series_.size() >= most_series) return surplus_;
    // beside its family, as the text format wants it
    auto after =
        std::find_if(series_.rbegin(), series_.rend(), [&](const auto& one) { return one.name == name; });
    auto place = after == series_.rend() ? series_.end() : after.base();
    return *series_.insert(place, Series{name, help, labels, {}, {}, {}});
}

Counter& Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
    std::lock_guard lock(mutex_);
    auto& series = find(name, help, labels);
    if (!series.counter) series.counter = std::make_unique<Counter>();
    return *series.counter;
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
    std::lock_guard lock(mutex_);
    auto& series = find(name, help, labels);
    if (!series.gauge) series.gauge = std::make_unique<Gauge>();
    return *series.gauge;
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help, std::vector<double> bounds,
                              const Labels& labels) {
    std::lock_guard lock(mutex_);
    auto& series = find(name, help, labels);
    if (!series.histogram) series.histogram = std::make_unique<Histogram>(std::move(bounds));
    return *series.histogram;
}

Result<std::string> Metrics::text() const {
    auto driver = load_driver_as<pbx_metrics_table>("metrics", "libprometheus-cpp-core1.0");
    if (!driver) return tl::unexpected(driver.error());
    std::lock_guard lock(mutex_);
    std::vector<pbx_metric> rows;
    std::deque<std::vector<const char*>> words;
    std::deque<std::vector<unsigned long long>> counts;
    for (const auto& series : series_) {
        auto& labels = words.emplace_back();
        for (const auto& [name, value] : series.labels)
            labels.insert(labels.end(), {name.c_str(), value.c_str()});
        pbx_metric row{.name = series.name.c_str(),
                       .help = series.help.c_str(),
                       .kind = PBX_METRIC_COUNTER,
                       .labels = labels.data(),
                       .label_words = labels.size(),
                       .value = 0,
                       .bounds = nullptr,
                       .counts = nullptr,
                       .bounds_size = 0};
        if (series.counter) row.value = static_cast<double>(series.counter->value());
        if (series.gauge) row.kind = PBX_METRIC_GAUGE, row.value = series.gauge->value();
        if (series.histogram) {
            row.kind = PBX_METRIC_HISTOGRAM;
            row.value = series.histogram->sum();
            row.bounds = series.histogram->bounds().data();
            row.bounds_size = series.histogram->bounds().size();
            row.counts = counts.emplace_back(series.histogram->counts()).data();
        }
        rows.push_back(row);
    }
    std::string text;
    auto write = [](void* user, const char* bytes, std::size_t size) {
        static_cast<std::string*>(user)->append(bytes, size);
    };
    (*driver)->print(rows.data(), rows.size(), write, &text);
    return text;
}

}  // namespace pbx::service
