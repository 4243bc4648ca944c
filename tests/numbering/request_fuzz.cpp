// Any octets as a request's target: no crash, and what is taken has no control octet in it.
#include "numbering/request.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pbx::numbering;
    const auto request = parse_request({reinterpret_cast<const char*>(data), size});
    if (!request) return 0;
    if (request->number.size() > max_target || request->record < 1 || request->record > max_channel_uris)
        abort();
    for (const char c : request->number)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) abort();
    return 0;
}
