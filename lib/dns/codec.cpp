#include "dns/codec.hpp"

#include "dns/wire.hpp"

#include <algorithm>

namespace pbx::dns {

std::string_view name_of(Security security) {
    switch (security) {
        case Security::secure:
            return "secure";
        case Security::insecure:
            return "insecure";
        case Security::indeterminate:
            return "indeterminate";
        case Security::bogus:
            return "bogus";
    }
    return "";
}

namespace {

constexpr std::uint16_t class_internet = 1;

// Octets in the second half of the header's first line.
constexpr std::uint8_t flag_response = 0x80;
constexpr std::uint8_t flag_truncated = 0x02;
constexpr std::uint8_t flag_recursion = 0x01;
constexpr std::uint8_t flag_authentic = 0x20;  // in a query: the answer's AD bit is understood (RFC 6840 5.7)
constexpr std::uint8_t flag_unchecked = 0x10;
constexpr std::uint8_t flag_signatures = 0x80;  // DO, in OPT's TTL field

class Writer {
  public:
    explicit Writer(std::span<std::uint8_t> into) : into_(into) {}
    void put8(std::uint8_t value) { into_[size_++] = value; }
    void put16(std::uint16_t value) {
        put8(static_cast<std::uint8_t>(value >> 8U));
        put8(static_cast<std::uint8_t>(value & 0xffU));
    }
    void put(Bytes bytes) {
        std::copy(bytes.begin(), bytes.end(), into_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += bytes.size();
    }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    std::span<std::uint8_t> into_;
    std::size_t size_ = 0;
};

}  // namespace

std::size_t encode_query(const Question& question, const QueryForm& form,
                         std::span<std::uint8_t, max_query> into) {
    Writer out(into);
    out.put16(form.id);
    out.put8(form.recursion ? flag_recursion : 0);
    out.put8(static_cast<std::uint8_t>(flag_authentic | (form.checking_disabled ? flag_unchecked : 0)));
    out.put16(1);
    out.put16(0);
    out.put16(0);
    out.put16(form.payload != 0 ? 1 : 0);
    out.put(question.name.wire());
    out.put16(static_cast<std::uint16_t>(question.type));
    out.put16(class_internet);
    if (form.payload == 0) return out.size();
    out.put8(0);  // OPT belongs to the root
    out.put16(static_cast<std::uint16_t>(Type::opt));
    out.put16(form.payload);
    out.put16(0);  // extended rcode, version
    out.put8(form.dnssec ? flag_signatures : 0);
    out.put8(0);
    out.put16(0);  // no options
    return out.size();
}

std::optional<Header> read_header(Bytes message) {
    if (message.size() < header_size) return std::nullopt;
    return Header{.id = read16(message, 0),
                  .response = (message[2] & flag_response) != 0,
                  .truncated = (message[2] & flag_truncated) != 0,
                  .opcode = static_cast<std::uint8_t>(message[2] >> 3U & 0x0fU),
                  .rcode = static_cast<Rcode>(message[3] & 0x0fU),
                  .questions = read16(message, 4)};
}

Echo compare_question(Bytes message, Bytes query) {
    if (message.size() < header_size || query.size() < header_size) return Echo::other;
    const auto questions = read16(message, 4);
    if (questions == 0) return Echo::absent;
    const auto name_end = skip_name(query, header_size);
    if (questions != 1 || !name_end || query.size() < *name_end + 4 || message.size() < *name_end + 4)
        return Echo::other;
    const auto name_size = *name_end - header_size;
    const auto ours = query.subspan(header_size, name_size + 4),
               theirs = message.subspan(header_size, name_size + 4);
    if (std::equal(ours.begin(), ours.end(), theirs.begin())) return Echo::exact;
    // type and class are below 'A' in their high octet but may hold any low one: compare them as they are
    const bool same_kind = std::equal(ours.end() - 4, ours.end(), theirs.end() - 4);
    return same_kind && same_name(ours.first(name_size), theirs.first(name_size)) ? Echo::folded
                                                                                  : Echo::other;
}

}  // namespace pbx::dns
