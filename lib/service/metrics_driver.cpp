// Prometheus' text exposition format by prometheus-cpp, behind metrics_driver.h. A driver, because the
// library costs every command 3 ms at its start and only a service that is asked for /metrics needs it.
#include "service/metrics_driver.h"

#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace {

prometheus::MetricType type_of(pbx_metric_kind kind) {
    switch (kind) {
        case PBX_METRIC_COUNTER:
            return prometheus::MetricType::Counter;
        case PBX_METRIC_GAUGE:
            return prometheus::MetricType::Gauge;
        case PBX_METRIC_HISTOGRAM:
            return prometheus::MetricType::Histogram;
    }
    return prometheus::MetricType::Untyped;
}

// Prometheus' buckets are cumulative and end with +Inf.
void fill_histogram(prometheus::ClientMetric::Histogram& histogram, const pbx_metric& row) {
    std::uint64_t so_far = 0;
    for (std::size_t at = 0; at <= row.bounds_size; ++at) {
        so_far += row.counts[at];
        const double bound = at < row.bounds_size ? row.bounds[at] : std::numeric_limits<double>::infinity();
        histogram.bucket.push_back({so_far, bound});
    }
    histogram.sample_count = so_far;
    histogram.sample_sum = row.value;
}

prometheus::ClientMetric metric_of(const pbx_metric& row) {
    prometheus::ClientMetric metric;
    for (std::size_t at = 0; at + 1 < row.label_words; at += 2)
        metric.label.push_back({row.labels[at], row.labels[at + 1]});
    if (row.kind == PBX_METRIC_COUNTER) metric.counter.value = row.value;
    if (row.kind == PBX_METRIC_GAUGE) metric.gauge.value = row.value;
    if (row.kind == PBX_METRIC_HISTOGRAM) fill_histogram(metric.histogram, row);
    return metric;
}

void print(const pbx_metric* rows, std::size_t size, void (*write)(void*, const char*, std::size_t),
           void* user) {
    std::vector<prometheus::MetricFamily> families;
    for (std::size_t at = 0; at < size; ++at) {
        if (families.empty() || families.back().name != rows[at].name) {
            families.emplace_back();
            families.back().name = rows[at].name;
            families.back().help = rows[at].help;
            families.back().type = type_of(rows[at].kind);
        }
        families.back().metric.push_back(metric_of(rows[at]));
    }
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families);
    const auto text = out.str();
    write(user, text.data(), text.size());
}

constexpr pbx_metrics_table table{&print};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_metrics_driver() {
    return &table;
}
