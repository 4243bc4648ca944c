// Any bytes as a value, a verifier's value, an address, a signature and a node's answer: no crash; what was
// read can be written and is read alike.
#include "numbering/enumer_record.hpp"
#include "numbering/enumer_revocation.hpp"
#include "numbering/enumer_rpc.hpp"
#include "numbering/enumer_signature.hpp"

#include <cstdint>
#include <cstdlib>

using namespace pbx::numbering;

namespace {
void read_and_write(std::string_view bytes) {
    const auto value = parse_enumer_value(bytes);
    for (const auto& entry : value.entries)
        if (entry.regexp.empty() || entry.regexp.size() > most_enumer_text) std::abort();
    const auto text = encode(value);
    if (!text) return;
    const auto again = parse_enumer_value(*text);
    if (again.entries != value.entries || again.signatures != value.signatures || !again.faults.empty())
        std::abort();
}

void name_buckets(std::string_view bytes) {
    const auto list = Revocation::parse(bytes);
    if (!list || !*list) return;
    const auto name = (*list)->bucket("enum:441632960083:0");
    if (name.size() >= most_enumer_name) std::abort();
    static_cast<void>(is_revoked(name, bytes));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    read_and_write(bytes);
    name_buckets(bytes);
    if (const auto key = key_of_address(bytes); key && bytes.starts_with('E') && !bytes.starts_with("EM1"))
        if (address_of(*key) != bytes) std::abort();
    static_cast<void>(signer_of("enum:1:0", bytes));
    static_cast<void>(read_name(200, bytes));
    static_cast<void>(read_name(500, bytes));
    static_cast<void>(read_chain(200, bytes));
    static_cast<void>(regexp_for(bytes));
    return 0;
}
