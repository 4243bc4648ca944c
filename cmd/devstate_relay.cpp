#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "config/settings.hpp"
#include "devstate/relay.hpp"
#include "net/loop.hpp"

namespace pbx::cmd {

namespace {
Result<int> run(Frame& frame) {
    net::Loop loop;
    const devstate::RelayMode mode{.once = frame.given.has("once"), .dry = frame.given.has("dry-run")};
    return devstate::run_relay(loop, frame.context, mode, [&frame]() -> Result<devstate::RelaySettings> {
        frame.read.reset();  // HUP: pbxctl.conf as it is now
        auto settings = frame.settings();
        if (!settings) return Unexpected(settings.error());
        return devstate::relay_settings(**settings, frame.context.environment);
    });
}

constexpr Option options[] = {
    {.name = "once", .help = "give and show present states, then end: for cron"},
    {.name = "dry-run",
     .help = "print what would be told and written; tell and write nothing",
     .letter = 'n'},
    {.name = "server", .value = "NAME", .help = "this server's name to others", .key = "devstate.server"},
    {.name = "peer",
     .value = "URL",
     .help = "a relay to link with: wss://HOST[:PORT]; again for another",
     .key = "devstate.peer",
     .repeats = true},
    {.name = "listen",
     .value = "HOST:PORT",
     .help = "where other relays link with this one",
     .key = "devstate.listen"},
    {.name = "via",
     .value = "URL",
     .help = "an MQTT broker instead: mqtts://[USER@]HOST[:PORT]",
     .key = "devstate.via"},
    {.name = "health-listen",
     .value = "HOST:PORT",
     .help = "where /healthz, /metrics and /status answer",
     .key = "service.health_listen"},
};
constexpr Example examples[] = {
    {"pbxctl devstate relay", "as pbxctl.conf says, until it is stopped"},
    {"pbxctl devstate relay --once --peer wss://b.example.com", "from cron: copy both ways and end"},
    {"pbxctl devstate relay -n --peer wss://b.example.com", "try rules before they count"},
    {"exten => 7101,hint,Custom:101*b.example.com", "a hint for b's 101; devstate dialplan prints them"},
};
constexpr Exit exits[] = {
    {0, "--once: all was given and shown"},
    {64, "wrong options"},
    {69, "an address is taken, a driver is missing"},
    {75, "--once: a peer or Asterisk was not there in time"},
    {78, "[ami] or [devstate] is not set up"},
    {143, "ended by TERM"},
};
}  // namespace

const Leaf devstate_relay{
    .noun = "devstate",
    .verb = "relay",
    .summary = "keep lamps right on every server",
    .description =
        "Runs beside each Asterisk: tells other relays what its extensions do, and shows what theirs do as "
        "Custom:NUMBER*SERVER, so that a telephone here has a lamp for one there. After any cut only what "
        "changed is written; lamps of a server out of reach turn UNAVAILABLE. HUP reads rules and peers "
        "anew.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
