#include "numbering/request.hpp"

#include "core/text.hpp"

#include <set>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr std::string_view parameters = "there are number, dial, service, record, print and json";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        int octet = static_cast<unsigned char>(text[i]);
        if (octet == '%') {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) return fail(Code::usage, "% without two hex digits", "request");
            octet = high * 16 + low;
            i += 2;
        }
        if (octet < 0x20 || octet == 0x7f) return fail(Code::usage, "a control octet", "request");
        out += static_cast<char>(octet);
    }
    return out;
}

Result<void> set_print(Request& request, const std::string& value) {
    using Print = Request::Print;
    if (value == "uri")
        request.print = Print::uri;
    else if (value == "dial")
        request.print = Print::dial;
    else if (value == "count")
        request.print = Print::count;
    else if (value == "status")
        request.print = Print::status;
    else
        return fail(Code::usage, "not one of uri, dial, count and status", "print");
    return {};
}

Result<void> set_record(Request& request, const std::string& value) {
    const auto number = text::to_integer(value);
    if (!number || *number < 1 || *number > static_cast<long long>(max_channel_uris))
        return fail(Code::usage, fmt::format("not a number from 1 to {}", max_channel_uris), "record");
    request.record = static_cast<std::size_t>(*number);
    return {};
}

// Repeated ones add up: a comma would end an argument of AGI().
Result<void> add_service(Request& request, const std::string& value) {
    auto wanted = parse_wanted(value);
    if (!wanted) return Unexpected(wanted.error());
    if (!request.service) {
        request.service = std::move(*wanted);
        return {};
    }
    auto& all = *request.service;
    all.all = all.all || wanted->all;
    all.names.insert(all.names.end(), wanted->names.begin(), wanted->names.end());
    if (all.names.size() > max_wanted)
        return fail(Code::usage, fmt::format("more than {} services", max_wanted), "service");
    return {};
}

Result<void> set(Request& request, std::string_view name, const std::string& value) {
    if (name == "number") {
        request.number = value;
    } else if (name == "print") {
        return set_print(request, value);
    } else if (name == "record") {
        return set_record(request, value);
    } else if (name == "service") {
        return add_service(request, value);
    } else if (name == "dial") {
        auto form = parse_dial_form(value);
        if (!form) return Unexpected(form.error());
        request.dial = std::move(*form);
    } else if (name == "json") {
        request.json = value.empty() || value == "1" || value == "yes";
    } else {
        return fail(Code::usage, "there is no such parameter", "request", std::string(parameters));
    }
    return {};
}

Result<std::string> number_in(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    constexpr std::string_view root = "enum";
    if (!path.starts_with(root)) return fail(Code::no_input, "nothing is here but /enum", "request");
    path.remove_prefix(root.size());
    if (path.empty()) return std::string();
    if (!path.starts_with('/')) return fail(Code::no_input, "nothing is here but /enum", "request");
    return decoded(path.substr(1));
}
}  // namespace

Result<Request> parse_request(std::string_view target) {
    if (target.size() > max_target)
        return fail(Code::usage, fmt::format("longer than {} octets", max_target), "request");
    const auto question = std::min(target.find('?'), target.size());
    auto number = number_in(target.substr(0, question));
    if (!number) return Unexpected(number.error());
    Request out{.number = std::move(*number)};
    std::set<std::string_view> given;  // twice would let a number bring parameters of its own
    if (!out.number.empty()) given.insert("number");
    const auto query = target.substr(std::min(question + 1, target.size()));
    for (const auto part : text::split(query, '&')) {
        if (part.empty()) continue;
        const auto equals = std::min(part.find('='), part.size());
        const auto name = part.substr(0, equals);
        auto value = decoded(part.substr(std::min(equals + 1, part.size())));
        if (!value) return Unexpected(value.error());
        if (auto done = set(out, name, *value); !done) return Unexpected(done.error());
        if (name != "service" && !given.insert(name).second)
            return fail(Code::usage, "given twice", std::string(name));
    }
    if (out.dial && given.count("print") == 0) out.print = Request::Print::dial;
    return out;
}

}  // namespace pbx::numbering
