// Regexp fields made to hurt, each compiled and matched as a lookup does: what the worst of them costs. Half
// of them are bred from the worst so far.
//   hostile_regexps [COUNT [SEED]]
// One line of JSON: how many were taken and refused, the longest CPU time of one and its field, the most
// memory of one and its field. Exit 1 when one took more than a megabyte; times are told alone, for a machine
// may be busy. Every field fits into a DNS string.
#include "numbering/regexp.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <new>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <malloc.h>

namespace {
std::size_t live = 0, most = 0;  // octets of operator new
}

void* operator new(std::size_t size) {
    void* out = std::malloc(size);
    if (out == nullptr) std::abort();
    live += malloc_usable_size(out);
    most = std::max(most, live);
    return out;
}
void operator delete(void* old) noexcept {
    if (old != nullptr) live -= malloc_usable_size(old);
    std::free(old);
}
void operator delete(void* old, std::size_t /*size*/) noexcept {
    ::operator delete(old);
}

namespace {
using namespace pbx::numbering;

constexpr std::size_t longest_field = 255;
constexpr double bound_octets = 1024 * 1024, bound_ms = 5;
constexpr double noticed_ms = 1;  // from there on the best of some tries counts: others disturb one
constexpr std::string_view replacement = "sip:\\1@x.example";

class Maker {
  public:
    explicit Maker(std::uint32_t seed) : dice_(seed) {}

    std::string field() {
        std::string pattern;
        switch (roll(8)) {
            case 0:
                pattern = nested_counts();
                break;
            case 1:
                pattern = nested_stars();
                break;
            case 2:
                pattern = alternatives();
                break;
            case 3:
                pattern = classes();
                break;
            case 4:
                pattern = optional_run();
                break;
            case 5:
                pattern = deep_groups();
                break;
            case 6:
                pattern = spoilt();
                break;
            default:
                pattern = soup(roll(230) + 4);
        }
        const std::string tail = "!" + std::string(roll(3) == 0 ? "sip:a@x.example" : replacement) + "!" +
                                 (roll(4) == 0 ? "i" : "");
        pattern.resize(std::min(pattern.size(), longest_field - 1 - tail.size()));
        return "!" + pattern + tail;
    }
    // A field with a part of it left out, doubled, or another's put in.
    std::string bred(const std::string& from, const std::string& other) {
        const auto end = from.find('!', 1);
        std::string pattern = from.substr(1, end - 1);
        const auto other_pattern = other.substr(1, other.find('!', 1) - 1);
        for (auto left = 1 + roll(3); left > 0 && !pattern.empty() && !other_pattern.empty(); --left) {
            const auto at = roll(pattern.size()), size = 1 + roll(20), source = roll(other_pattern.size());
            if (roll(3) == 0)
                pattern.erase(at, size);
            else if (roll(2) == 0)
                pattern.insert(at, pattern.substr(at, size));
            else
                pattern.insert(at, other_pattern.substr(source, size));
        }
        const auto tail = from.substr(end);
        pattern.resize(std::min(pattern.size(), longest_field - 1 - tail.size()));
        return "!" + pattern + tail;
    }
    std::size_t roll(std::size_t sides) { return dice_() % sides; }

  private:
    template <std::size_t n>
    std::string pick(const std::array<const char*, n>& from) {
        return from[roll(n)];
    }
    std::string atom() {
        return pick<16>({".", "[0-9]", "[^4]", "4", "44", "\\+", "(4|44)", "(.*)", "(.?)", "[[:digit:]]",
                         "()", "^", "$", "(4|[0-9]|.)", "[^[:alnum:]]", "(.|4?)"});
    }
    std::string count() {
        const auto least = roll(3) == 0 ? roll(1000) : roll(8);
        const auto text = std::to_string(least);
        switch (roll(4)) {
            case 0:
                return "{" + text + "}";
            case 1:
                return "{" + text + ",}";
            default:
                return "{" + text + "," + std::to_string(least + roll(roll(2) == 0 ? 300 : 12)) + "}";
        }
    }
    std::string repeat() { return roll(2) == 0 ? count() : pick<3>({"*", "+", "?"}); }
    std::string anchored(const std::string& inner) {
        return (roll(2) == 0 ? "^" : "") + inner + (roll(2) == 0 ? "$" : "");
    }

    std::string nested_counts() {
        std::string out = atom() + count();
        for (auto depth = 1 + roll(12); depth > 0; --depth)
            out = "(" + out + (roll(3) == 0 ? atom() : "") + ")" + count();
        return anchored(out);
    }
    std::string nested_stars() {
        std::string out = atom();
        for (auto depth = 1 + roll(60); depth > 0; --depth)
            out = "(" + out + (roll(4) == 0 ? "|" + atom() : "") + ")" + pick<4>({"*", "+", "?", "{0,2}"});
        return anchored(out + (roll(2) == 0 ? "x" : ""));
    }
    std::string alternatives() {
        std::string out = "(";
        for (auto left = 2 + roll(70); left > 0; --left) {
            for (auto length = roll(6); length > 0; --length)
                out += roll(5) == 0 ? "." : std::to_string(roll(3) + 3);
            out += "|";
        }
        return anchored(out + ")" + repeat() + (roll(2) == 0 ? "(.*)" + repeat() : ""));
    }
    std::string classes() {
        std::string out;
        for (auto left = 1 + roll(20); left > 0; --left)
            out += pick<6>({"[[:alnum:]-]", "[^[:space:]]", "[^0-9a-fA-F]", "[]+]", "[[:print:]\x80-\xff]",
                            "[+-9]"}) +
                   repeat();
        return anchored(out);
    }
    std::string optional_run() {
        std::string out, tail;
        for (auto left = 1 + roll(60); left > 0; --left) {
            out += pick<4>({"4?", ".?", "(4?)", "[0-9]?"});
            tail += roll(2) == 0 ? "4" : ".";
        }
        return anchored(out + tail);
    }
    std::string deep_groups() {
        const auto depth = 1 + roll(110);
        return std::string(depth, '(') + atom() + repeat() + std::string(depth, ')') + repeat();
    }
    // A known bomb with a few octets changed.
    std::string spoilt() {
        auto out =
            pick<5>({"^((((((((.{1,200}){1,200}){1,200}){1,200}){1,99}))))$", "^((.{1,40}){1,40}){1,40}$",
                     "(x+x+)+y", "^(([0-9])+.)+([0-9]+)*$", "((a{0,100}){0,100}){0,100}"});
        for (auto left = roll(6); left > 0; --left)
            out[roll(out.size())] = std::string_view("(){}[]*+?.|,0149^$\\")[roll(19)];
        return out;
    }
    std::string soup(std::size_t size) {
        std::string out;
        while (out.size() < size)
            out += roll(3) == 0 ? repeat() : roll(4) == 0 ? pick<5>({"(", ")", "|", "(", ")"}) : atom();
        return out;
    }

    std::mt19937 dice_;
};

double cpu_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// The costliest so far, the worst first.
class Worst {
  public:
    void see(double value, const std::string& of) {
        if (rows_.size() == kept && value <= rows_.back().first) return;
        if (rows_.size() == kept) rows_.pop_back();
        const auto at =
            std::find_if(rows_.begin(), rows_.end(), [&](const auto& row) { return row.first < value; });
        rows_.insert(at, {value, of});
    }
    [[nodiscard]] double value() const { return rows_.front().first; }
    [[nodiscard]] const std::string& any(Maker& maker) const {
        return rows_[maker.roll(rows_.size())].second;
    }
    void print(std::string_view name) const {
        const auto& [value, field] = rows_.front();
        std::cout << ",\"" << name << "\":" << value << ",\"" << name << "_field\":\"";
        for (const char c : field) {
            if (c == '"' || c == '\\') std::cout << '\\';
            std::cout << (static_cast<unsigned char>(c) < 0x80 ? c : '?');
        }
        std::cout << '"';
    }

  private:
    static constexpr std::size_t kept = 32;
    std::vector<std::pair<double, std::string>> rows_;
};
}  // namespace

namespace {
struct Cost {
    double ms = 0;
    std::size_t octets = 0;
    bool refused = false;
};

// One field, for a short, a usual and the longest number, its pattern compiled anew.
Cost cost_of(const std::string& field) {
    static const std::array<std::string, 3> numbers{"4", "+441632960083", "+" + std::string(60, '4')};
    static std::string out;
    out.reserve(2 * max_uri);
    Cost cost;
    const auto before = most = live;
    const auto began = cpu_ms();
    {
        Rewriter rewriter;
        for (const auto& number : numbers)
            cost.refused = rewriter.rewrite(field, number, out).status == Status::bad_regexp;
    }
    cost.ms = cpu_ms() - began;
    cost.octets = most - before;
    return cost;
}
}  // namespace

int main(int argc, char** argv) {
    const auto count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000UL;
    Maker maker(argc > 2 ? static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)) : 1U);
    std::size_t refused = 0, over_time = 0;
    Worst time, memory;
    for (auto left = count; left > 0; --left) {
        const bool bred = left < count && maker.roll(2) == 0;
        const auto& parents = maker.roll(2) == 0 ? time : memory;
        const auto field = bred ? maker.bred(parents.any(maker), parents.any(maker)) : maker.field();
        auto cost = cost_of(field);
        for (int again = 0; again < 5 && cost.ms > noticed_ms; ++again)
            cost.ms = std::min(cost.ms, cost_of(field).ms);
        refused += cost.refused ? 1 : 0;
        over_time += cost.ms > bound_ms ? 1 : 0;
        time.see(cost.ms, field);
        memory.see(static_cast<double>(cost.octets), field);
    }
    std::cout << "{\"fields\":" << count << ",\"refused\":" << refused << ",\"over_5_ms\":" << over_time;
    time.print("worst_ms");
    memory.print("worst_octets");
    std::cout << "}\n";
    return memory.value() > bound_octets ? 1 : 0;
}
