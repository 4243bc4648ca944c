// Whatever a server sends: no crash, every view inside the message or the answer, and the same again from the
// room of another answer. Each input is a message by itself, and written over one of the table's.
#include "dns/codec.hpp"
#include "dns/codec_table.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace pbx::dns;
using namespace pbx::dns::test;

const std::vector<Row>& table() {
    static const auto rows = codec_table();
    return rows;
}

void expect(bool claim) {
    if (!claim) std::abort();
}

void expect_inside(std::string_view text, std::span<const std::uint8_t> message) {
    const auto* begin = reinterpret_cast<const char*>(message.data());
    expect(text.empty() || (text.data() >= begin && text.data() + text.size() <= begin + message.size()));
}

std::string as_text(const Answer& answer) {
    std::string out = std::to_string(static_cast<int>(answer.rcode)) + " " + std::to_string(answer.ttl) +
                      (answer.cut ? " cut " : " ") + std::string(answer.alias);
    for (const auto& naptr : answer.naptrs)
        out.append(naptr.flags).append(naptr.services).append(naptr.regexp).append(naptr.replacement);
    for (const auto& text : answer.texts)
        out.append(text.text);
    for (const auto& ebl : answer.ebls)
        out.append(ebl.separator).append(ebl.apex);
    for (const auto& bad : answer.malformed)
        out.append(bad.field).append(std::to_string(bad.octet));
    return out;
}

void check(std::span<const std::uint8_t> message, const Question& question) {
    static Answer used;  // what an earlier input left in it must not show
    Answer fresh;
    const bool read = decode(message, question, fresh).has_value();
    expect(decode(message, question, used).has_value() == read);
    if (!read) return;
    expect(as_text(used) == as_text(fresh));
    for (const auto& naptr : fresh.naptrs) {
        for (const auto text : {naptr.flags, naptr.services, naptr.regexp})
            expect_inside(text, message);
        expect(Name::parse(naptr.replacement).has_value());
    }
    for (const auto& text : fresh.texts)
        expect_inside(text.text, message);
    for (const auto& ebl : fresh.ebls)
        expect(Name::parse(ebl.apex).has_value());
    expect(fresh.alias.empty() || Name::parse(fresh.alias).has_value());
    expect(fresh.naptrs.size() + fresh.malformed.size() <= message.size() / 11);
}

void check_name(std::string_view text) {
    const auto name = Name::parse(text);
    if (!name) return;
    const auto again = Name::parse(name->text());
    expect(again && *again == *name && again->wire().size() == name->wire().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto& row = table()[data[0] % table().size()];
    const Question question{.name = Name::parse(row.asked).value(), .type = row.type};
    const std::span<const std::uint8_t> bytes(data + 2, size - 2);
    check(bytes, question);
    auto over = row.message;
    const std::size_t at = data[1] % over.size();
    over.resize(std::max(over.size(), at + bytes.size()));
    std::copy(bytes.begin(), bytes.end(), over.begin() + static_cast<std::ptrdiff_t>(at));
    check(over, question);
    static_cast<void>(compare_question(bytes, over));
    check_name({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return 0;
}
