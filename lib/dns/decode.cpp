#include "dns/codec.hpp"
#include "dns/wire.hpp"

#include <algorithm>

namespace pbx::dns {

namespace {

constexpr std::uint16_t class_internet = 1;
constexpr std::size_t record_head = 10;  // type, class, TTL, length of data
constexpr std::uint16_t option_extended_error = 15;
constexpr std::string_view past_end = "runs past the end of the record";
constexpr std::string_view bad_name = "is no domain name";

struct Record {
    std::size_t owner = 0;  // where it stands in the message
    std::size_t owner_size = 0;
    Type type = Type::a;
    std::uint16_t of_class = 0;
    std::uint32_t ttl = 0;
    std::size_t data = 0, end = 0;
};

// Records one after the other. Stops where the next cannot be found: then is_cut().
class Records {
  public:
    Records(Bytes message, std::size_t at) : message_(message), at_(at) {}

    [[nodiscard]] bool next(Record& into) {
        const auto owner_end = skip_name(message_, at_);
        if (!owner_end || *owner_end + record_head > message_.size()) return stop();
        const auto size = read16(message_, *owner_end + 8);
        into = {.owner = at_,
                .owner_size = *owner_end - at_,
                .type = static_cast<Type>(read16(message_, *owner_end)),
                .of_class = read16(message_, *owner_end + 2),
                .ttl = read32(message_, *owner_end + 4),
                .data = *owner_end + record_head,
                .end = *owner_end + record_head + size};
        if ((into.ttl & 0x80000000U) != 0) into.ttl = 0;  // RFC 2181 8
        if (into.end > message_.size()) return stop();
        at_ = into.end;
        return true;
    }
    [[nodiscard]] bool is_cut() const { return cut_; }

  private:
    bool stop() {
        cut_ = true;
        return false;
    }
    Bytes message_;
    std::size_t at_;
    bool cut_ = false;
};

// Fields of one record's data; the first that fails is remembered.
class Fields {
  public:
    Fields(Bytes message, const Record& record)
        : message_(message), begin_(record.data), at_(record.data), end_(record.end) {}

    [[nodiscard]] std::uint8_t number8(std::string_view field) {
        if (!has(1, field)) return 0;
        return message_[at_++];
    }
    [[nodiscard]] std::uint16_t number16(std::string_view field) {
        if (!has(2, field)) return 0;
        at_ += 2;
        return read16(message_, at_ - 2);
    }
    [[nodiscard]] std::string_view string(std::string_view field) {  // RFC 1035 3.3 <character-string>
        if (!has(1, field) || !has(1U + message_[at_], field)) return {};
        const std::size_t size = message_[at_];
        const auto* text = reinterpret_cast<const char*>(message_.data() + at_ + 1);
        at_ += 1 + size;
        return {text, size};
    }
    // Compressed against RFC 3597 4 too: receivers should cope.
    void name(std::string_view field, WireName& into) {
        if (failed()) return;
        const auto end = skip_name(message_.first(end_), at_);
        if (!end) return fail_at(field, past_end);
        if (!read_name(message_, at_, into)) return fail_at(field, bad_name);
        at_ = *end;
    }
    void expect_end(std::string_view last) {
        if (!failed() && at_ != end_) fail_at(last, "is followed by octets that belong to no field");
    }
    [[nodiscard]] bool at_end() const { return failed() || at_ >= end_; }
    [[nodiscard]] bool failed() const { return !error_.why.empty(); }
    [[nodiscard]] const Malformed& error() const { return error_; }

  private:
    [[nodiscard]] bool has(std::size_t octets, std::string_view field) {
        if (failed()) return false;
        if (at_ + octets <= end_) return true;
        fail_at(field, past_end);
        return false;
    }
    void fail_at(std::string_view field, std::string_view why) {
        error_ = {.octet = static_cast<std::uint16_t>(at_ - begin_), .field = field, .why = why};
    }
    Bytes message_;
    std::size_t begin_, at_, end_;
    Malformed error_;
};

// Everything one call of decode() works on.
class Decoder {
  public:
    Decoder(Bytes message, const Question& question, bool has_question, Answer& answer)
        : message_(message), question_(question), answer_(answer), has_question_(has_question) {}

    void run(std::size_t records_at);

  private:
    void read_answers(std::size_t at, std::size_t count);
    [[nodiscard]] bool follow_aliases(std::size_t at, std::size_t count);
    [[nodiscard]] bool is_ours(const Record& record);
    void read_record(const Record& record, std::uint16_t number);
    void read_naptr(Fields& fields, std::uint32_t ttl);
    void read_texts(Fields& fields, std::uint32_t ttl, std::uint16_t number);
    void read_ebl(Fields& fields, std::uint32_t ttl);
    void read_soa(const Record& record);
    void read_options(const Record& record);
    void lower_ttl(std::uint32_t ttl) { ttl_ = std::min(ttl_, ttl); }
    [[nodiscard]] std::string_view keep(Bytes wire);
    [[nodiscard]] Bytes target() const { return is_alias_ ? target_.wire() : question_.name.wire(); }

    Bytes message_;
    const Question& question_;
    Answer& answer_;
    WireName target_;  // where CNAMEs lead
    WireName name_;    // the one being read
    bool has_question_ = false;
    bool is_alias_ = false;
    bool has_owner_ = true;  // the last record's could be read
    std::uint32_t ttl_ = UINT32_MAX;
};

std::string_view Decoder::keep(Bytes wire) {
    if (wire.size() == 1) return ".";
    std::array<char, max_name_text> text;
    return answer_.names.emplace_front(text.data(), write_text(wire, text));
}

void Decoder::run(std::size_t records_at) {
    const auto answers = read16(message_, 6), authority = read16(message_, 8),
               additional = read16(message_, 10);
    Records records(message_, records_at);
    Record record;
    for (std::size_t i = 0; i < answers; ++i) {
        if (!records.next(record)) break;
    }
    for (std::size_t i = 0; i < authority && !records.is_cut(); ++i) {
        if (records.next(record) && record.type == Type::soa) read_soa(record);
    }
    for (std::size_t i = 0; i < additional && !records.is_cut(); ++i) {
        if (records.next(record) && record.type == Type::opt) read_options(record);
    }
    answer_.cut = records.is_cut();
    const auto negative_ttl = ttl_;
    ttl_ = UINT32_MAX;
    if (follow_aliases(records_at, answers)) read_answers(records_at, answers);
    const bool positive = !answer_.naptrs.empty() || !answer_.texts.empty() || !answer_.ebls.empty();
    if (!positive) lower_ttl(negative_ttl == UINT32_MAX ? 0 : negative_ttl);
    answer_.ttl = ttl_;
}

// false: they lead in a ring
bool Decoder::follow_aliases(std::size_t at, std::size_t count) {
    std::size_t hops = 0;
    bool moved = true;
    while (moved) {
        moved = false;
        Records records(message_, at);
        Record record;
        for (std::size_t i = 0; i < count && records.next(record); ++i) {
            if (record.type != Type::cname || !is_ours(record)) continue;
            if (!read_name(message_, record.data, name_)) continue;
            if (++hops > max_aliases) {
                answer_.alias_loop = true;
                return false;
            }
            target_ = name_;
            is_alias_ = moved = true;
            lower_ttl(record.ttl);
        }
    }
    if (is_alias_) answer_.alias = keep(target_.wire());
    return true;
}

void Decoder::read_answers(std::size_t at, std::size_t count) {
    Records records(message_, at);
    Record record;
    for (std::size_t i = 0; i < count && records.next(record); ++i) {
        if (record.type != question_.type || record.of_class != class_internet) continue;
        const auto number = static_cast<std::uint16_t>(i);
        if (is_ours(record)) {
            read_record(record, number);
        } else if (!has_owner_) {
            answer_.malformed.push_back({.record = number,
                                         .octet = static_cast<std::uint16_t>(record.owner),
                                         .field = "owner",
                                         .why = bad_name});
        }
    }
}

// Does the record belong to the name asked for, or to where its aliases have led so far?
bool Decoder::is_ours(const Record& record) {
    has_owner_ = true;
    if (record.of_class != class_internet) return false;
    if (!is_alias_ && record.owner_size == 2 && read16(message_, record.owner) == (0xc000U | header_size) &&
        has_question_)
        return true;  // nearly all of them: a pointer to the question, which was found to be ours
    has_owner_ = read_name(message_, record.owner, name_);
    return has_owner_ && same_name(name_.wire(), target());
}

void Decoder::read_record(const Record& record, std::uint16_t number) {
    Fields fields(message_, record);
    const auto before = answer_.texts.size();
    if (question_.type == Type::naptr) read_naptr(fields, record.ttl);
    if (question_.type == Type::txt) read_texts(fields, record.ttl, number);
    if (question_.type == Type::ebl) read_ebl(fields, record.ttl);
    lower_ttl(record.ttl);
    if (!fields.failed()) return;
    answer_.texts.resize(before);
    answer_.malformed.push_back(fields.error());
    answer_.malformed.back().record = number;
}

void Decoder::read_naptr(Fields& fields, std::uint32_t ttl) {
    Naptr out;
    out.order = fields.number16("order");
    out.preference = fields.number16("preference");
    out.flags = fields.string("flags");
    out.services = fields.string("services");
    out.regexp = fields.string("regexp");
    fields.name("replacement", name_);
    fields.expect_end("replacement");
    if (fields.failed()) return;
    out.replacement = keep(name_.wire());
    out.ttl = ttl;
    answer_.naptrs.push_back(out);
}

void Decoder::read_texts(Fields& fields, std::uint32_t ttl, std::uint16_t number) {
    do {
        answer_.texts.push_back({.record = number, .text = fields.string("text"), .ttl = ttl});
    } while (!fields.at_end());
}

void Decoder::read_ebl(Fields& fields, std::uint32_t ttl) {
    Ebl out;
    out.position = fields.number8("position");
    out.separator = fields.string("separator");
    fields.name("apex", name_);
    fields.expect_end("apex");
    if (fields.failed()) return;
    out.apex = keep(name_.wire());
    out.ttl = ttl;
    answer_.ebls.push_back(out);
}

// RFC 2308 5: a "no" is kept for the lower of the SOA's own TTL and its last field.
void Decoder::read_soa(const Record& record) {
    constexpr std::size_t numbers = 20;
    if (record.of_class != class_internet || record.end - record.data < numbers) return;
    const auto least = read32(message_, record.end - 4);
    lower_ttl(std::min(record.ttl, (least & 0x80000000U) != 0 ? 0 : least));
}

// RFC 6891 6.1.3: the TTL field holds the high octet of the rcode; the data, options.
void Decoder::read_options(const Record& record) {
    const auto head = read32(message_, record.data - 6);
    answer_.rcode = static_cast<Rcode>((head >> 24U) << 4U | static_cast<std::uint16_t>(answer_.rcode));
    for (auto at = record.data; at + 4 <= record.end;) {
        const auto code = read16(message_, at);
        const std::size_t size = read16(message_, at + 2);
        at += 4;
        if (at + size > record.end) return;
        if (code == option_extended_error && size >= 2) {
            const auto* text = reinterpret_cast<const char*>(message_.data() + at + 2);
            answer_.extended_error = {.code = read16(message_, at), .text = {text, size - 2}};
        }
        at += size;
    }
}

void begin(const Header& header, Bytes message, Answer& into) {
    into.rcode = header.rcode;
    into.authoritative = (message[2] & 0x04U) != 0;
    into.authentic = (message[3] & 0x20U) != 0;
    into.truncated = header.truncated;
    into.cut = into.alias_loop = false;
    into.ttl = 0;
    into.naptrs.clear();
    into.texts.clear();
    into.ebls.clear();
    into.malformed.clear();
    into.alias = {};
    into.extended_error.reset();
    into.names.clear();
}

}  // namespace

Result<void> decode(Bytes message, const Question& question, Answer& into) {
    const auto header = read_header(message);
    if (!header || message.size() > max_message) return fail(Code::protocol, "not a DNS message");
    if (!header->response || header->opcode != 0) return fail(Code::protocol, "not an answer to a DNS query");
    begin(*header, message, into);
    std::size_t at = header_size;
    if (header->questions != 0) {
        WireName asked;
        const auto end = skip_name(message, at);
        if (header->questions != 1 || !end || *end + 4 > message.size() || !read_name(message, at, asked) ||
            !same_name(asked.wire(), question.name.wire()) ||
            read16(message, *end) != static_cast<std::uint16_t>(question.type) ||
            read16(message, *end + 2) != class_internet)
            return fail(Code::protocol, "an answer to another question");
        at = *end + 4;
    }
    Decoder(message, question, header->questions != 0, into).run(at);
    return {};
}

}  // namespace pbx::dns
