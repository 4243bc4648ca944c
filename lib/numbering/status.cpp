#include "numbering/status.hpp"

namespace pbx::numbering {

std::string_view name_of(Status status) {
    switch (status) {
        case Status::ok:
            return "ok";
        case Status::bad_number:
            return "bad_number";
        case Status::nxdomain:
            return "nxdomain";
        case Status::nodata:
            return "nodata";
        case Status::no_record:
            return "no_record";
        case Status::no_service:
            return "no_service";
        case Status::malformed:
            return "malformed";
        case Status::too_deep:
            return "too_deep";
        case Status::loop:
            return "loop";
        case Status::bad_regexp:
            return "bad_regexp";
        case Status::no_match:
            return "no_match";
        case Status::bad_uri:
            return "bad_uri";
        case Status::insecure:
            return "insecure";
        case Status::truncated:
            return "truncated";
        case Status::refused:
            return "refused";
        case Status::servfail:
            return "servfail";
        case Status::timeout:
            return "timeout";
        case Status::unreachable:
            return "unreachable";
        case Status::bogus:
            return "bogus";
    }
    return "";
}

Code code_of(Status status) {
    switch (status) {
        case Status::ok:
        case Status::nxdomain:
        case Status::nodata:
        case Status::no_record:
        case Status::no_service:
        case Status::too_deep:
        case Status::loop:
        case Status::bad_regexp:
        case Status::no_match:
        case Status::bad_uri:
        case Status::insecure:
            return Code::no;
        case Status::bad_number:
            return Code::data;
        case Status::malformed:
        case Status::bogus:
            return Code::protocol;
        case Status::truncated:
        case Status::servfail:
        case Status::timeout:
            return Code::try_again;
        case Status::refused:
            return Code::refused;
        case Status::unreachable:
            return Code::unavailable;
    }
    return Code::bug;
}

std::optional<Status> status_named(std::string_view name) {
    for (unsigned i = 0; i <= static_cast<unsigned>(Status::bogus); ++i)
        if (const auto status = static_cast<Status>(i); name_of(status) == name) return status;
    return std::nullopt;
}

int exit_of(Status status) {
    return status == Status::ok ? 0 : static_cast<int>(code_of(status));
}

bool is_final(Status status) {
    const auto code = code_of(status);
    return code == Code::no || code == Code::data;
}

std::string_view name_of(Field field) {
    switch (field) {
        case Field::record:
            return "record";
        case Field::flags:
            return "flags";
        case Field::services:
            return "services";
        case Field::regexp:
            return "regexp";
        case Field::replacement:
            return "replacement";
        case Field::uri:
            return "uri";
    }
    return "";
}

}  // namespace pbx::numbering
