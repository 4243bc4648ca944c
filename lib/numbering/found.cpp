#include "numbering/found.hpp"

#include <fmt/format.h>

namespace pbx::numbering {

std::string_view Found::uri() const {
    return record <= outcome.uris.size() ? std::string_view(outcome.uri(record - 1)) : std::string_view{};
}

std::string Found::dial() const {
    std::string out;
    for (auto i = record - 1; form && i < outcome.uris.size() && out.empty(); ++i)
        out = dial_string(*form, outcome.uri(i));
    return out;
}

Status Found::status() const {
    if (!uri().empty()) return Status::ok;
    return outcome.status == Status::ok ? Status::no_record : outcome.status;
}

Error Found::error() const {
    if (outcome.status == Status::ok)
        return {.code = Code::no,
                .what = fmt::format("has {} URIs", outcome.uris.size()),
                .where = std::string(number)};
    return error_of(status(), *settings.profile, std::string(number));
}

}  // namespace pbx::numbering
