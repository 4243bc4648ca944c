#include "numbering/lookup_settings.hpp"

namespace pbx::numbering {

namespace {
struct Told {
    std::string_view what, hint{};
};

Told told(Status status) {
    switch (status) {
        case Status::ok:
            break;
        case Status::bad_number:
            return {"longer than the 15 digits of an E.164 number", "--any-length asks for it all the same"};
        case Status::nxdomain:
            return {"not in the tree"};
        case Status::nodata:
            return {"no NAPTR record"};
        case Status::no_record:
            return {"no record leads to a URI", "--explain shows why"};
        case Status::no_service:
            return {"no record of a service that was asked for",
                    "--service all takes any, --explain shows them"};
        case Status::malformed:
            return {"the answer is no DNS answer, or its records are cut", "--explain shows where"};
        case Status::too_deep:
            return {"more than 5 non-terminal records in a row", "--explain shows them"};
        case Status::loop:
            return {"its records or aliases lead round in a circle", "--explain shows them"};
        case Status::bad_regexp:
            return {"its record has a regexp that cannot be used", "--explain shows the octet"};
        case Status::no_match:
            return {"its record is for another number: the regexp does not match", "--explain shows it"};
        case Status::bad_uri:
            return {"its record gives no URI that is safe to dial", "--explain shows the octet"};
        case Status::insecure:
            return {"not signed, or by no key that is known here: dnssec = require takes no such answer",
                    "[enum] dnssec = yes takes it"};
        case Status::truncated:
            return {"the answer is longer than a datagram, and TCP does not bring it",
                    "open port 53 for TCP, too"};
        case Status::refused:
            return {"the name server refuses to answer us",
                    "ask one that may be asked: --server, [enum] server"};
        case Status::servfail:
            return {"the name server has trouble of its own (SERVFAIL)", "try again, or another: --server"};
        case Status::timeout:
            return {"no name server answered in time",
                    "ask another: --server, [enum] server; --timeout waits longer"};
        case Status::unreachable:
            return {"nothing answers DNS there", "ask another: --server, [enum] server"};
        case Status::bogus:
            return {"its signatures do not hold: DNSSEC says bogus",
                    "nobody should dial that; --explain shows which signature"};
    }
    return {"found"};
}
}  // namespace

Error error_of(Status status, const Profile& profile, std::string where) {
    auto said = told(status);
    if (const auto meaning = meaning_of(profile, status)) said = {meaning->what, meaning->hint};
    return {.code = code_of(status),
            .what = std::string(said.what),
            .where = std::move(where),
            .hint = std::string(said.hint)};
}

}  // namespace pbx::numbering
