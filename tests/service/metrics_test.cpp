#include "service/metrics.hpp"

#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::service;

TEST_CASE("metrics: the text is Prometheus' own") {
    Metrics metrics;
    metrics.counter("pbxctl_calls_total", "calls taken", {{"dialog", "taxi \"1\"\n"}}).add(3);
    metrics.gauge("pbxctl_calls_now", "calls going on").set(2.5);
    metrics.counter("pbxctl_calls_total", "calls taken", {{"dialog", "secretary"}}).add();
    auto& turns = metrics.histogram("pbxctl_turn_seconds", "from word to word", {0.25, 1});
    for (double seconds : {0.125, 0.25, 0.5, 4.0})
        turns.observe(seconds);
    auto text = metrics.text();
    REQUIRE(text);
    CHECK(*text ==
          "# HELP pbxctl_calls_total calls taken\n"
          "# TYPE pbxctl_calls_total counter\n"
          "pbxctl_calls_total{dialog=\"taxi \\\"1\\\"\\n\"} 3\n"
          "pbxctl_calls_total{dialog=\"secretary\"} 1\n"
          "# HELP pbxctl_calls_now calls going on\n"
          "# TYPE pbxctl_calls_now gauge\n"
          "pbxctl_calls_now 2.5\n"
          "# HELP pbxctl_turn_seconds from word to word\n"
          "# TYPE pbxctl_turn_seconds histogram\n"
          "pbxctl_turn_seconds_count 4\n"
          "pbxctl_turn_seconds_sum 4.875\n"
          "pbxctl_turn_seconds_bucket{le=\"0.25\"} 2\n"
          "pbxctl_turn_seconds_bucket{le=\"1\"} 3\n"
          "pbxctl_turn_seconds_bucket{le=\"+Inf\"} 4\n");
}

TEST_CASE("metrics: the same name and labels are one number, from any thread") {
    Metrics metrics;
    std::vector<std::thread> threads;
    for (int n = 0; n < 4; ++n)
        threads.emplace_back([&] {
            for (int turn = 0; turn < 1000; ++turn) {
                metrics.counter("a_total", "a", {{"n", std::to_string(turn % 3)}}).add();
                metrics.gauge("b", "b").add(0.5);
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(metrics.counter("a_total", "a", {{"n", "0"}}).value() == 4 * 334);
    CHECK(metrics.gauge("b", "b").value() == 2000);
}

TEST_CASE("metrics: there are so many series and no more") {
    Metrics metrics;
    for (std::size_t n = 0; n < most_series + 10; ++n)
        metrics.counter("a_total", "a", {{"n", std::to_string(n)}}).add();
    auto text = metrics.text();
    REQUIRE(text);
    CHECK(text->find("{n=\"999\"} 1\n") != std::string::npos);
    CHECK(text->find("{n=\"1000\"}") == std::string::npos);
}
