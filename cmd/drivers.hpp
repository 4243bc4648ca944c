// The driver modules pbxctl can load, each with the Debian package its library comes from and what is lost
// without it.
#pragma once

#include <span>
#include <string_view>

namespace pbx::cmd {

struct Driver {
    std::string_view name, package, without;
};

inline constexpr Driver driver_rows[] = {
    {"espeak", "libespeak-ng1", "no espeak-ng voice, no Russian speech"},
    {"flite", "libflite1", "no flite voice, and English words outside the dictionary are not understood"},
    {"pocketsphinx", "libpocketsphinx3", "no words are understood, keys only"},
    {"curl", "libcurl4", "nothing is sent to Telegram or a web hook"},
    {"tls", "libssl3", "no relay links by wss:// and no AMI over TLS"},
    {"mosquitto", "libmosquitto1", "no relaying of device states by an MQTT broker"},
    {"unbound", "libunbound8", "enum lookup --dnssec validates nothing and says so"},
    {"ldns", "libldns3", "enum lint reads no zone file"},
    {"metrics", "libprometheus-cpp-core1.0", "/metrics of a service does not answer"},
};

[[nodiscard]] constexpr std::span<const Driver> drivers() {
    return driver_rows;
}

}  // namespace pbx::cmd
