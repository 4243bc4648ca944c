// Inside the codec of /status only: the names of a document's counts, for both ways.
#pragma once

#include "devstate/relay_status.hpp"

#include <utility>

namespace pbx::devstate {

constexpr std::pair<const char*, std::uint64_t RelayCounts::*> count_rows[] = {
    {"written", &RelayCounts::written},
    {"suppressed", &RelayCounts::suppressed},
    {"refused", &RelayCounts::refused},
    {"put_right", &RelayCounts::put_right},
    {"taken", &RelayCounts::taken},
    {"stale", &RelayCounts::stale},
    {"echoes", &RelayCounts::echoes},
    {"nonsense", &RelayCounts::nonsense},
    {"link_downs", &RelayCounts::link_downs},
    {"links_refused", &RelayCounts::links_refused},
    {"link_overflows", &RelayCounts::link_overflows},
};

constexpr std::pair<const char*, std::uint64_t PeerStatus::*> peer_rows[] = {
    {"queued", &PeerStatus::queued},
    {"in", &PeerStatus::in},
    {"out", &PeerStatus::out},
    {"bytes_in", &PeerStatus::bytes_in},
    {"bytes_out", &PeerStatus::bytes_out},
};

}  // namespace pbx::devstate
