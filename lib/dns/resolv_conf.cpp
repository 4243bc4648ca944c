#include "dns/resolv_conf.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace pbx::dns {

namespace {

constexpr std::size_t max_file = 64 * 1024;
constexpr long long most_timeout = 30, most_attempts = 5;  // RES_MAXRETRANS, RES_MAXRETRY

void read_option(std::string_view option, ResolvConf& into) {
    const auto value = [&](std::string_view name) -> std::optional<long long> {
        if (!option.starts_with(name)) return std::nullopt;
        return text::to_integer(option.substr(name.size()));
    };
    if (const auto timeout = value("timeout:"); timeout && *timeout > 0)
        into.timeout = std::chrono::seconds(std::min(*timeout, most_timeout));
    if (const auto attempts = value("attempts:"); attempts && *attempts > 0)
        into.attempts = static_cast<unsigned>(std::min(*attempts, most_attempts));
    into.rotate |= option == "rotate";
}

}  // namespace

ResolvConf parse_resolv_conf(std::string_view text) {
    ResolvConf out;
    for (auto line : text::split(text, '\n')) {
        line = line.substr(0, line.find_first_of("#;"));
        const auto words = text::words(line);
        if (words.size() < 2) continue;
        if (words[0] == "nameserver" && out.servers.size() < max_resolv_servers) {
            // glibc's line knows no port: "nameserver 192.0.2.1:53" is no address there
            const bool has_port =
                words[1].find(':') == words[1].rfind(':') && words[1].find(':') != std::string_view::npos;
            auto server = Server::parse(words[1]);
            if (server && !has_port && !words[1].starts_with('[')) out.servers.push_back(*server);
        }
        if (words[0] == "options")
            std::for_each(words.begin() + 1, words.end(),
                          [&](std::string_view word) { read_option(word, out); });
    }
    if (out.servers.empty()) out.servers.push_back(Server::parse("127.0.0.1").value());
    return out;
}

Result<ResolvConf> read_resolv_conf(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT) return parse_resolv_conf({});
        return fail(Code::no_input, std::generic_category().message(errno), path);
    }
    std::string text;
    std::array<char, 4096> part;
    ssize_t got = 0;
    while (text.size() < max_file && (got = ::read(fd, part.data(), part.size())) > 0)
        text.append(part.data(), static_cast<std::size_t>(got));
    const int error = errno;
    ::close(fd);
    if (got < 0) return fail(Code::no_input, std::generic_category().message(error), path);
    return parse_resolv_conf(text);
}

}  // namespace pbx::dns
