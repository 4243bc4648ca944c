// Messages of all kinds with what is to be read from them: the table of codec_test and the seeds of
// codec_fuzz.
#pragma once

#include "dns/message.hpp"

#include <string>
#include <vector>

namespace pbx::dns::test {

struct Row {
    std::string what;
    Octets message;
    Type type = Type::naptr;
    std::size_t naptrs = 0;
    std::size_t malformed = 0;
    bool cut = false;
    std::string_view asked = sample_name;
};

inline Octets soa(std::size_t least) {
    Octets out = name("ns.example.");
    add(out, name("admin.example."));
    for (const std::size_t number :
         {std::size_t{1}, std::size_t{3600}, std::size_t{600}, std::size_t{86400}, least})
        add32(out, number);
    return out;
}

inline Octets cut_end(Octets from, std::size_t octets) {
    from.resize(from.size() - octets);
    return from;
}

// From NSD 4.6.1.
inline std::vector<Row> captured_rows() {
    return {
        {"two NAPTR records, authority and addresses",
         from_hex("9a4c 8500 0001 0002 0001 0002 0133 0138 0130 0130 0136 0139 0132 0133 0136 0131 0134 0134 "
                  "0465 3136"
                  "3407 6578 616d 706c 6500 0023 0001 c00c 0023 0001 0000 0e10 0028 0064 000a 0175 0745 3255 "
                  "2b73 6970"
                  "1821 5e2e 2a24 2173 6970 3a61 4065 7861 6d70 6c65 2e63 6f6d 2100 c00c 0023 0001 0000 0e10 "
                  "001a 0064"
                  "0014 0000 0004 6e65 7874 0465 3136 3407 6578 616d 706c 6500 c024 0002 0001 0000 0e10 0005 "
                  "026e 73c0"
                  "24c0 9c00 0100 0100 000e 1000 047f 0000 0100 0029 04d0 0000 0000 0000"),
         Type::naptr, 2, 0, false, "3.8.0.0.6.9.2.3.6.1.4.4.e164.example"},
        {"no such name, with SOA",
         from_hex("9a4c 8503 0001 0000 0001 0001 0131 0133 0138 0130 0130 0136 0139 0132 0133 0136 0131 0134 "
                  "0134 0465"
                  "3136 3407 6578 616d 706c 6500 0023 0001 c026 0006 0001 0000 012c 0021 026e 73c0 2605 6164 "
                  "6d69 6ec0"
                  "2600 0000 0100 000e 1000 0002 5800 0151 8000 0001 2c00 0029 04d0 0000 0000 0000"),
         Type::naptr, 0, 0, false, "1.3.8.0.0.6.9.2.3.6.1.4.4.e164.example"},
        {"an alias to a name that is not",
         from_hex("9a4c 8503 0001 0001 0001 0001 046e 6578 7404 6531 3634 0765 7861 6d70 6c65 0000 2300 01c0 "
                  "0c00 0500"
                  "0100 000e 1000 0c09 656c 7365 7768 6572 65c0 11c0 1100 0600 0100 0001 2c00 2102 6e73 c011 "
                  "0561 646d"
                  "696e c011 0000 0001 0000 0e10 0000 0258 0001 5180 0000 012c 0000 2904 d000 0000 0000 00"),
         Type::naptr, 0, 0, false, "next.e164.example"},
    };
}

inline std::vector<Row> record_rows() {
    const auto to = [](Type type = Type::naptr) { return Message::answer_to(sample_name, type); };
    const auto good = sip_record("sip:a@example.com");
    const auto broken = cut_end(good, 5);
    auto long_regexp = naptr(100, 10, "u", "E2U+sip", std::string(255, 'x'));
    long_regexp[4 + 2 + 8] = 44;  // 300 modulo 256, as Emercoin writes it
    long_regexp.insert(long_regexp.end() - 1, 45, 'x');
    Octets pointing = naptr(100, 10, "", "", "");
    pointing.pop_back();
    add(pointing, to_question);
    Octets far{0xff, 0xff}, self{0xc0, 0x33};
    Octets texts;
    add_string(texts, "6");
    add_string(texts, "");
    add_string(texts, "more");
    auto lying = to().record(to_question, Type::naptr, good);
    lying.counts[1] = 65535;
    return {
        {"two records",
         to().record(to_question, Type::naptr, good).record(to_question, Type::naptr, good).octets(),
         Type::naptr, 2},
        {"an owner written out", to().record(name(sample_name), Type::naptr, good).octets(), Type::naptr, 1},
        {"an owner in other case",
         to().record(name("3.8.0.0.6.9.2.3.6.1.4.4.E164.ARPA"), Type::naptr, good).octets(), Type::naptr, 1},
        {"another owner", to().record(name("e164.arpa"), Type::naptr, good).octets()},
        {"another type", to().record(to_question, Type::txt, texts).octets()},
        {"another class", to().record(to_question, Type::naptr, good, 1, 300, 3).octets()},
        {"a bad record between two good ones",
         to().record(to_question, Type::naptr, good)
             .record(to_question, Type::naptr, broken)
             .record(to_question, Type::naptr, good)
             .octets(),
         Type::naptr, 2, 1},
        {"no data at all", to().record(to_question, Type::naptr, {}).octets(), Type::naptr, 0, 1},
        {"three octets of data", to().record(to_question, Type::naptr, {0, 100, 0}).octets(), Type::naptr, 0,
         1},
        {"a regexp whose length ran over", to().record(to_question, Type::naptr, long_regexp).octets(),
         Type::naptr, 0, 1},
        {"a compressed replacement", to().record(to_question, Type::naptr, pointing).octets(), Type::naptr,
         1},
        {"an owner that points past the end", to().record(far, Type::naptr, good).octets(), Type::naptr, 0,
         1},
        {"an owner that points at itself", to().record(self, Type::naptr, good).octets(), Type::naptr, 0, 1},
        {"cut inside a record",
         cut_end(to().truncated()
                     .record(to_question, Type::naptr, good)
                     .record(to_question, Type::naptr, good)
                     .octets(),
                 9),
         Type::naptr, 1, 0, true},
        {"fewer records than it counts", lying.octets(), Type::naptr, 1, 0, true},
    };
}

inline std::vector<Row> other_rows() {
    const auto to = [](Type type = Type::naptr) { return Message::answer_to(sample_name, type); };
    const auto good = sip_record("sip:a@example.com");
    auto no_question = Message{};
    no_question.rcode(Rcode::format_error);
    Octets options;
    add16(options, 15);
    add16(options, 8);
    add16(options, 6);
    for (const char c : std::string_view("broken"))
        options.push_back(static_cast<std::uint8_t>(c));
    Octets texts;
    add_string(texts, "6");
    add_string(texts, "");
    add_string(texts, "more");
    Octets ebl{2};
    add_string(ebl, "i");
    add(ebl, name("e164.arpa."));
    return {
        {"no such name",
         to().rcode(Rcode::no_such_name).record(name("e164.arpa"), Type::soa, soa(60), 2).octets()},
        {"an alias",
         to().record(to_question, Type::cname, name("x.enum.example"))
             .record(name("x.enum.example"), Type::naptr, good)
             .octets(),
         Type::naptr, 1},
        {"aliases in the wrong order",
         to().record(name("y.example"), Type::naptr, good)
             .record(name("x.example"), Type::cname, name("y.example"))
             .record(to_question, Type::cname, name("x.example"))
             .octets(),
         Type::naptr, 1},
        {"an alias to itself", to().record(to_question, Type::cname, to_question).octets()},
        {"an error without question", no_question.octets()},
        {"EDNS with an extended error",
         to().rcode(Rcode::server_failure).record({0}, Type::opt, options, 3, 0, 1232).octets()},
        {"a text", to(Type::txt).record(to_question, Type::txt, texts).octets(), Type::txt},
        {"a text of no string", to(Type::txt).record(to_question, Type::txt, {}).octets(), Type::txt, 0, 1},
        {"a branch location", to(Type::ebl).record(to_question, Type::ebl, ebl).octets(), Type::ebl},
        {"a short branch location", to(Type::ebl).record(to_question, Type::ebl, cut_end(ebl, 3)).octets(),
         Type::ebl, 0, 1},
    };
}

inline std::vector<Row> codec_table() {
    auto out = captured_rows();
    for (auto& more : {record_rows(), other_rows()})
        out.insert(out.end(), more.begin(), more.end());
    return out;
}

}  // namespace pbx::dns::test
