// Any octets as the answer sections a lookup is told, one after the other: no crash, no more questions than
// allowed, no URI that is not safe to dial.
#include "numbering/lookup.hpp"
#include "numbering/uri.hpp"

#include <cstdlib>

namespace {
using namespace pbx;

std::vector<std::uint8_t> message_of(const dns::Question& question, std::span<const std::uint8_t> answers,
                                     std::uint8_t flags, std::uint8_t count) {
    std::vector<std::uint8_t> out{0,
                                  0,
                                  static_cast<std::uint8_t>(0x84 | (flags & 2U)),
                                  static_cast<std::uint8_t>(flags >> 4U),
                                  0,
                                  1,
                                  0,
                                  count,
                                  0,
                                  0,
                                  0,
                                  0};
    const auto name = question.name.wire();
    out.insert(out.end(), name.begin(), name.end());
    const auto type = static_cast<std::uint16_t>(question.type);
    for (auto octet : {type >> 8, type & 0xff, 0, 1})
        out.push_back(static_cast<std::uint8_t>(octet));
    out.insert(out.end(), answers.begin(), answers.end());
    return out;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pbx::numbering;
    static const auto number = parse_number("+441632960083").value();
    static const auto suffixes = parse_suffixes("e164.arpa,enum").value();
    std::span<const std::uint8_t> rest(data, size);
    const auto take = [&](std::size_t most) {
        const auto out = rest.first(std::min(most, rest.size()));
        rest = rest.subspan(out.size());
        return out;
    };
    const auto how = take(1);
    const auto branching = static_cast<Branching>(how.empty() ? 0 : how[0] & 3U);
    const Order order{.suffixes = suffixes,
                      .wanted = {.all = true},
                      .branching = branching,
                      .takes_partial = !how.empty() && (how[0] & 4U) != 0,
                      .enough = how.empty() ? 1U : how[0] >> 4U};
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    for (auto question = lookup.start(number); question;) {
        const auto head = take(4);
        if (head.size() < 4) {
            question = lookup.on(Status::timeout);
            continue;
        }
        const auto message =
            message_of(*question, take(static_cast<std::size_t>(head[0]) * 4 + head[1]), head[2], head[3]);
        dns::Answer answer;
        const auto read = dns::decode(message, *question, answer);
        question = read ? lookup.on(answer) : lookup.on(Status::malformed);
    }
    const auto& outcome = lookup.outcome();
    if (outcome.questions > 2 * (max_questions + dns::max_aliases)) std::abort();
    if ((outcome.status == Status::ok) != !outcome.uris.empty()) std::abort();
    for (std::size_t i = 0; i < outcome.uris.size(); ++i)
        if (check_uri(outcome.uri(i))) std::abort();
    return 0;
}
