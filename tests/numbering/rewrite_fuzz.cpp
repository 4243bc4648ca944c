// Any octets as the regexp and services fields of a record: no crash, no result that is not safe to dial.
#include "numbering/record.hpp"
#include "numbering/uri.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pbx;
    if (size < 2) return 0;
    static numbering::Rewriter rewriter;
    static const auto wanted = numbering::parse_wanted("all").value();
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const auto take = [&](std::size_t most) {
        const auto length =
            std::min<std::size_t>(rest.empty() ? 0 : static_cast<unsigned char>(rest[0]), most);
        rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
        const auto out = rest.substr(0, length);
        rest.remove_prefix(out.size());
        return out;
    };
    const auto services = take(40);
    const auto naptr =
        dns::Naptr{.flags = "u", .services = services, .regexp = rest.substr(0, 255), .replacement = "."};
    numbering::Record record;
    numbering::judge(naptr, "+441632960083", wanted, rewriter, record);
    if (record.is_terminal() && (numbering::check_uri(record.uri) || record.uri.size() > numbering::max_uri))
        std::abort();
    return 0;
}
