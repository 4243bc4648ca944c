#include "core/result.hpp"

namespace pbx {

std::string Error::text() const {
    std::string out;
    if (!where.empty()) out += where + ": ";
    out += what;
    if (!hint.empty()) out += "; " + hint;
    return out;
}

Unexpected within(std::string_view where, Error error) {
    error.where = error.where.empty() ? std::string(where) : std::string(where) + ": " + error.where;
    return Unexpected(std::move(error));
}

}  // namespace pbx
