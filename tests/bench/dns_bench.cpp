// Measures lib/dns by itself; prints "figure value unit" lines.
//   dns_bench codec                            reading and writing messages, beside ldns
//   dns_bench bulk SERVER COUNT [WINDOW [LANES]]   COUNT questions through dns::Client, CPU of this process
#include "dns/client.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <iostream>
#include <string>

#include <fmt/format.h>
#include <ldns/ldns.h>
#include <sys/resource.h>

namespace {

using namespace pbx;
using namespace pbx::dns;
using Seconds = std::chrono::duration<double>;

Name name_of(std::uint64_t number) {
    static const auto suffix = Name::parse("e164.example").value();
    Name out;
    for (int i = 0; i < 8; ++i, number /= 10) {
        const char digit = static_cast<char>('0' + number % 10);
        static_cast<void>(out.append({&digit, 1}));
    }
    for (const char* digit : {"2", "3", "6", "1", "4", "4"})
        static_cast<void>(out.append(digit));
    static_cast<void>(out.append(suffix));
    return out;
}

double cpu_seconds() {
    rusage use{};
    ::getrusage(RUSAGE_SELF, &use);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

void time(std::string_view figure, const std::function<void()>& work) {
    constexpr int turns = 200'000;
    double best = 1e9;
    for (int round = 0; round < 5; ++round) {
        const auto before = cpu_seconds();
        for (int i = 0; i < turns; ++i)
            work();
        best = std::min(best, (cpu_seconds() - before) / turns);
    }
    fmt::print("{} {:.0f} ns\n", figure, best * 1e9);
}

int codec() {
    const Question question{.name = name_of(12345678), .type = Type::naptr};
    std::array<std::uint8_t, max_query> room{};
    std::vector<std::uint8_t> message(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(encode_query(
                                                                       question, {.payload = 0}, room)));
    const std::string_view record(
        "\xc0\x0c\0\x23\0\1\0\0\x0e\x10\0\x2b\0\x64\0\x0a\1u\7E2U+sip\x1b!^.*$!sip:info@example.com!\0", 55);
    message.insert(message.end(), record.begin(), record.end());
    message[2] = 0x85;
    message[7] = 1;
    Answer answer;
    if (!decode(message, question, answer) || answer.naptrs.size() != 1) return 70;
    time("decode", [&] { static_cast<void>(decode(message, question, answer)); });
    time("ldns_wire2pkt", [&] {
        ldns_pkt* packet = nullptr;
        static_cast<void>(ldns_wire2pkt(&packet, message.data(), message.size()));
        ldns_pkt_free(packet);
    });
    time("encode", [&] { static_cast<void>(encode_query(question, {}, room)); });
    const auto text = question.name.text();
    time("name from text", [&] { static_cast<void>(Name::parse(text)); });
    return 0;
}

int bulk(const std::string& server, std::uint64_t count, std::size_t window, std::size_t lanes) {
    const SystemClock clock;
    const auto address = Server::parse(server);
    if (!address) return 64;
    std::uint64_t found = 0, failed = 0;
    auto client = Client::open({.servers = {*address}, .window = window, .exchange = {.lanes = lanes}}, clock,
                               [&](const Finished& finished) {
                                   found += finished.answer.naptrs.size();
                                   failed += finished.outcome != Outcome::answered ? 1 : 0;
                               });
    if (!client) return 69;
    const auto began = clock.now();
    const auto cpu = cpu_seconds();
    Question question{.name = {}, .type = Type::naptr};
    std::uint64_t next = 0;
    while (next < count || (*client)->in_flight() > 0) {
        const auto deadline = clock.now() + std::chrono::seconds(5);
        while (next < count && !(*client)->full()) {
            question.name = name_of(next);
            if (!(*client)->ask(question, next++, deadline)) return 70;
        }
        (*client)->wait(deadline);
    }
    const Seconds wall = clock.now() - began;
    const auto each = 1e6 / static_cast<double>(count);
    fmt::print(
        "cpu {:.2f} us/query\nwall {:.2f} us/query\nrate {:.0f} queries/s\nfound {} records\nfailed {} "
        "queries\nlost {} "
        "datagrams\nwindow {} queries\n",
        (cpu_seconds() - cpu) * each, wall.count() * each, static_cast<double>(count) / wall.count(), found,
        failed, (*client)->counts().lost, (*client)->window());
    return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto number = [&](std::size_t at, std::uint64_t otherwise) {
        return words.size() > at ? std::stoull(words[at]) : otherwise;
    };
    if (!words.empty() && words[0] == "codec") return codec();
    if (words.size() >= 3 && words[0] == "bulk")
        return bulk(words[1], number(2, 0), number(3, 512), number(4, 1));
    std::cerr << "dns_bench: codec, or bulk SERVER COUNT [WINDOW [LANES]]\n";
    return 64;
}
