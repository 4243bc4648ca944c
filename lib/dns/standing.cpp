#include "dns/standing.hpp"

#include <algorithm>

namespace pbx::dns {

std::optional<std::size_t> Standing::choose(ServerMask without) {
    const auto start = spread_ ? turn_++ % count_ : 0;
    std::optional<std::size_t> resting;
    for (std::size_t i = 0; i < count_; ++i) {
        const auto server = (start + i) % count_;
        if ((without & bit(server)) != 0) continue;
        if (!servers_[server].resting) return server;
        if (!resting) resting = server;
    }
    return resting;
}

std::optional<std::size_t> Standing::take_probe(Moment now, ServerMask without) {
    for (std::size_t i = 0; i < count_; ++i) {
        auto& server = servers_[i];
        if (!server.resting || (without & bit(i)) != 0 || now < server.next_probe) continue;
        server.probed = now;
        server.rest = std::min(server.rest * 2, most_rest);
        server.next_probe = now + server.rest;
        return i;
    }
    return std::nullopt;
}

void Standing::on_answer(std::size_t index, Moment now) {
    auto& server = servers_[index];
    server.answered = now;
    if (!server.resting || now - server.probed > in_time) return;  // an answer at last is not yet one in time
    server.resting = false;
    server.rest = first_rest;
}

void Standing::on_silence(std::size_t index, Moment sent, Moment now) {
    auto& server = servers_[index];
    if (!server.resting && server.answered < sent) rest(server, now);
}

void Standing::on_refused(std::size_t index, Moment now) {
    if (!servers_[index].resting) rest(servers_[index], now);
}

void Standing::rest(Server& server, Moment now) {
    server.resting = true;
    server.probed = {};
    server.next_probe = now + server.rest;
}

void Standing::note_case(std::size_t index, bool kept) {
    auto& server = servers_[index];
    if (kept) {
        server.case_kept = true;
        server.folded = 0;
    } else if (!server.case_kept) {
        ++server.folded;
    }
}

}  // namespace pbx::dns
