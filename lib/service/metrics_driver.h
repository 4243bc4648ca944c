/* The plain C border of the metrics driver (metrics.so): numbers in, Prometheus' text format out. */
#ifndef PBX_SERVICE_METRICS_DRIVER_H
#define PBX_SERVICE_METRICS_DRIVER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum pbx_metric_kind { PBX_METRIC_COUNTER = 0, PBX_METRIC_GAUGE, PBX_METRIC_HISTOGRAM };

struct pbx_metric {
    const char* name;
    const char* help;
    enum pbx_metric_kind kind;
    const char* const* labels; /* name, value, name, value, …; rows of one name stand together */
    size_t label_words;
    double value;                     /* of a counter or gauge; the sum of a histogram */
    const double* bounds;             /* upper bounds of the buckets, rising */
    const unsigned long long* counts; /* how many fell into each bucket; one more than bounds */
    size_t bounds_size;
};

struct pbx_metrics_table {
    void (*print)(const struct pbx_metric* rows, size_t size, void (*write)(void*, const char*, size_t),
                  void* user);
};

#ifdef __cplusplus
}
#endif
#endif
