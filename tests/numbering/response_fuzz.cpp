// Whole responses of name servers as a lookup reads them: the seeds are the vectors' own, recorded by
// served_vectors.py --seeds. A seed says what is asked (branching, number, suffixes, services: a line each)
// and then holds the responses, each behind its size. Only the responses are mutated, one at a time: no
// crash, no more questions than allowed, no URI that is not safe to dial, and (of every 16th) the same
// outcome again from the room of another lookup.
#include "numbering/lookup.hpp"
#include "numbering/uri.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {
using namespace pbx;
using namespace pbx::numbering;
using Bytes = std::span<const std::uint8_t>;

void expect(bool claim) {
    if (!claim) std::abort();
}

struct Told {
    std::array<std::string_view, 4> lines{};
    std::vector<Bytes> responses{};
};

std::optional<Told> read(Bytes input) {
    Told out;
    std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
    for (auto& line : out.lines) {
        const auto end = text.find('\n');
        if (end == text.npos) return std::nullopt;
        line = text.substr(0, end);
        text.remove_prefix(end + 1);
    }
    auto rest = input.last(text.size());
    while (rest.size() >= 2) {
        const auto size = std::min<std::size_t>(rest[0] * 256U + rest[1], rest.size() - 2);
        out.responses.push_back(rest.subspan(2, size));
        rest = rest.subspan(2 + size);
    }
    return out;
}

Branching branching_of(std::string_view line) {
    if (line == "cc") return Branching::cc;
    if (line == "txt") return Branching::txt;
    return line == "ebl" ? Branching::ebl : Branching::none;
}

const Outcome& look_up(Lookup& lookup, const Number& number, const std::vector<Bytes>& responses) {
    std::size_t next = 0;
    for (auto question = lookup.start(number); question;) {
        if (next == responses.size()) {
            question = lookup.on(Status::timeout);
            continue;
        }
        dns::Answer answer;
        const auto read = dns::decode(responses[next++], *question, answer);
        question = read ? lookup.on(answer) : lookup.on(Status::malformed);
    }
    return lookup.outcome();
}

void check(const Outcome& outcome) {
    expect(outcome.questions <= 2 * (max_questions + dns::max_aliases));
    expect((outcome.status == Status::ok) == !outcome.uris.empty());
    for (std::size_t i = 0; i < outcome.uris.size(); ++i)
        expect(!check_uri(outcome.uri(i)));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto told = read({data, size});
    if (!told) return -1;
    const auto number = parse_number(told->lines[1]);
    const auto suffixes = parse_suffixes(told->lines[2]);
    const auto wanted = parse_wanted(told->lines[3]);
    if (!number || !suffixes || !wanted) return -1;
    const Order order{.suffixes = *suffixes,
                      .wanted = *wanted,
                      .branching = branching_of(told->lines[0]),
                      .takes_partial = size % 2 == 0,
                      .enough = 1 + size % 20};
    static Rewriter rewriter;
    Lookup lookup(order, rewriter);
    check(look_up(lookup, *number, told->responses));
    if (size % 16 != 0) return 0;
    const auto first = lookup.outcome();
    const auto& again = look_up(lookup, *number, told->responses);
    expect(again.status == first.status && again.uris.size() == first.uris.size());
    for (std::size_t i = 0; i < first.uris.size(); ++i)
        expect(again.uri(i) == first.uri(i));
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
    const auto told = read({data, size});
    if (!told || told->responses.empty()) return LLVMFuzzerMutate(data, size, most);
    const auto chosen = told->responses[seed % told->responses.size()];
    const auto at = static_cast<std::size_t>(chosen.data() - data);
    const auto end = at + chosen.size();
    const std::vector<std::uint8_t> behind(data + end, data + size);
    const auto room = most - at - behind.size();
    if (most <= at + behind.size() || room == 0) return size;
    const auto now =
        LLVMFuzzerMutate(data + at, chosen.size(), std::min<std::size_t>(room, dns::max_message));
    data[at - 2] = static_cast<std::uint8_t>(now >> 8U);
    data[at - 1] = static_cast<std::uint8_t>(now & 0xffU);
    std::copy(behind.begin(), behind.end(), data + at + now);
    return at + now + behind.size();
}
