// Bytes of whoever answers in a relay's place: never a crash; what is taken is within the limits, is encoded
// and read back the same, and no byte that could steer a terminal comes out in its tables.
#include "core/text.hpp"
#include "devstate/top.hpp"

#include <cstdlib>

using namespace pbx;
using namespace pbx::devstate;

namespace {
void demand(bool claim) {
    if (!claim) std::abort();
}

void check_lines(const std::vector<Seen>& all) {
    const auto tables = top_tables(all);
    for (const auto& table : tables)
        for (const auto& row : table.rows) {
            demand(row.cells.size() == table.columns.size());
            for (const auto& cell : row.cells)
                demand(text::printable(cell) == cell);
        }
    const auto lines = top_lines(tables, 80, 24);
    demand(lines.size() <= 24);
    for (const auto& line : lines)
        demand(text::columns(line.text) <= 80);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto status = decode_status(text);
    if (!status) return 0;
    demand(status->servers.size() <= max_servers && status->peers.size() <= max_status_peers);
    const auto again = decode_status(encode(*status));
    demand(again.has_value() && *again == *status);
    auto later = *status;
    later.uptime += std::chrono::seconds(1);
    Seen seen{.from = "127.0.0.1:9100"};
    seen.take(*status);
    seen.take(later);
    check_lines({seen, Seen{.from = std::string(text.substr(0, 40))}});
    return 0;
}
