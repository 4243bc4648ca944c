#include "devstate/hints.hpp"

#include "devstate/frame.hpp"

namespace pbx::devstate {

namespace {
std::string hint_of(const HintOptions& options) {
    return std::string(",hint,Custom:${EXTEN}") + (options.presence ? ",CustomPresence:${EXTEN}" : "");
}

// Nothing can follow . or ! in a pattern, so there is no "any number, then this server": a line each length.
void add_server(std::vector<std::string>& out, const HintOptions& options, const std::string& server) {
    for (auto digits = options.from_digits; digits <= options.to_digits; ++digits) {
        const auto extension =
            options.names.with("\x01", "\x02");  // placed before the literals are written for a pattern
        std::string pattern;
        for (const char c : extension) {
            if (c == '\x01')
                pattern.append(digits, 'X');
            else
                pattern += in_pattern(c == '\x02' ? std::string_view(server) : std::string_view(&c, 1));
        }
        out.push_back("exten => _" + pattern + hint_of(options));
    }
}
}  // namespace

std::string in_pattern(std::string_view text) {
    constexpr std::string_view classes = "XxZzNn.!";
    std::string out;
    for (const char c : text) {
        if (classes.find(c) == std::string_view::npos) {
            out.push_back(c);
            continue;
        }
        out.append("[").push_back(c);
        out.push_back(']');
    }
    return out;
}

Result<std::vector<std::string>> hint_lines(const HintOptions& options) {
    if (options.from_digits == 0 || options.to_digits > most_digits ||
        options.from_digits > options.to_digits)
        return fail(Code::usage, "not a range of digits from 1 to " + std::to_string(most_digits), "--digits",
                    "2-6");
    std::vector<std::string> out{"[" + options.context + "]"};
    if (options.servers.empty()) out.push_back("exten => _X." + hint_of(options));
    for (const auto& server : options.servers) {
        if (!is_server_name(server)) return fail(Code::usage, "no server name: " + server, "SERVER");
        add_server(out, options, server);
    }
    return out;
}

}  // namespace pbx::devstate
