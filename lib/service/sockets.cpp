#include "service/sockets.hpp"

#include "core/text.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace pbx::service {

namespace {
constexpr int first_descriptor = 3;  // SD_LISTEN_FDS_START
constexpr long long most_sockets = 64;

// Without FileDescriptorName= systemd gives the name of the unit (systemd.socket(5)).
bool is_nameless(const PassedSocket& socket) {
    return socket.name == "unknown" || socket.name.ends_with(".socket");
}
}  // namespace

std::vector<PassedSocket> passed_sockets(const Environment& environment) {
    std::vector<PassedSocket> sockets;
    const auto count = text::to_integer(environment("LISTEN_FDS").value_or(""));
    if (text::to_integer(environment("LISTEN_PID").value_or("")) != getpid() || !count || *count < 0 ||
        *count > most_sockets)
        return sockets;
    const auto list = environment("LISTEN_FDNAMES").value_or("");
    const auto names = text::split(list, ':');
    for (int n = 0; n < *count; ++n) {
        const auto at = static_cast<std::size_t>(n);
        const int descriptor = first_descriptor + n;
        if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) break;
        const bool named = at < names.size() && !names[at].empty();
        sockets.push_back({descriptor, named ? std::string(names[at]) : "unknown"});
    }
    return sockets;
}

int passed_socket(const std::vector<PassedSocket>& sockets, std::string_view name) {
    for (const auto& socket : sockets)
        if (socket.name == name) return socket.descriptor;
    if (sockets.size() == 1 && is_nameless(sockets.front())) return sockets.front().descriptor;
    return -1;
}

}  // namespace pbx::service
