#include "config/schema.hpp"

#include <array>

namespace pbx::config {

namespace {
constexpr SectionHelp section_rows[] = {
    {"general", "the whole program"},
    {"oksana", "the voice robot"},
    {"voice *", "a voice she speaks with; a dialog names it by voice ="},
    {"ear *", "an ear she listens with; a dialog names it by ear ="},
    {"store", "the database of journals, orders and notes"},
    {"tg", "Telegram"},
    {"http *", "a web hook; a dialog names it by notify = http:"},
    {"exec *", "a program; a dialog names it by notify = exec:"},
    {"enum", "ENUM: telephone numbers to URIs"},
    {"enumer", "an Emercoin node, whose store holds ENUMER's records"},
    {"ami", "Asterisk's manager: who logs in, and where"},
    {"devstate", "the relay of lamps between servers"},
    {"log", "what is told of a run"},
    {"service", "commands that stay in the foreground"},
};

constexpr double megabyte = 1024.0 * 1024;

// clang-format off
constexpr Key rows[] = {
    {.section = "general", .name = "driver_folder", .type = Type::folder,
     .help = "where to look for driver modules first"},

    {.section = "oksana", .name = "dialogs", .type = Type::folder, .preset = "/etc/pbxctl/dialogs",
     .help = "dialog files given by name"},
    {.section = "oksana", .name = "sounds", .type = Type::folder, .preset = "/var/lib/asterisk/sounds",
     .help = "recorded files that play = names, as Playback() does"},
    {.section = "oksana", .name = "prompts", .type = Type::folder, .preset = "/var/cache/pbxctl/prompts",
     .help = "spoken prompts, kept for the next call"},
    {.section = "oksana", .name = "prompts_size", .type = Type::size, .preset = "200M",
     .help = "how much of them is kept", .least = megabyte, .most = 1024 * 1024 * megabyte},
    {.section = "oksana", .name = "recordings", .type = Type::folder, .preset = "/var/lib/pbxctl/recordings",
     .help = "what record = writes"},
    {.section = "oksana", .name = "language", .type = Type::choice, .preset = "en",
     .help = "of a dialog that names none", .choices = "en ru"},
    {.section = "oksana", .name = "voice", .type = Type::text, .preset = "espeak-ng",
     .help = "of a dialog that names none: a [voice NAME], an engine, or none"},
    {.section = "oksana", .name = "ear", .type = Type::text, .preset = "pocketsphinx",
     .help = "of a dialog that names none: an [ear NAME], an engine, or none"},

    {.section = "oksana", .name = "record_calls", .type = Type::flag, .preset = "no",
     .help = "record whole calls there, by MixMonitor()"},
    {.section = "oksana", .name = "transfer_context", .type = Type::text,
     .help = "context of the extensions that transfer = names; the channel's own when unset"},
    {.section = "oksana", .name = "header_context", .type = Type::text,
     .help = "context whose s adds X- headers when transfer = names a device"},
    {.section = "oksana", .name = "ring_time", .type = Type::duration, .preset = "30s",
     .help = "how long a transfer rings before it counts as noanswer", .least = 1000, .most = 600'000},

    {.section = "voice *", .name = "engine", .type = Type::choice, .preset = "espeak-ng",
     .help = "what makes the sound", .choices = "espeak-ng flite none"},
    {.section = "voice *", .name = "language", .type = Type::choice,
     .help = "language spoken; the dialog's when unset", .choices = "en ru"},
    {.section = "voice *", .name = "voice", .type = Type::text,
     .help = "the engine's own name of a voice; its default for the language when unset"},
    {.section = "voice *", .name = "speed", .type = Type::number, .preset = "1.0",
     .help = "1.0 is the engine's own pace", .least = 0.5, .most = 2.0},

    {.section = "ear *", .name = "engine", .type = Type::choice, .preset = "pocketsphinx",
     .help = "what understands", .choices = "pocketsphinx none"},
    {.section = "ear *", .name = "language", .type = Type::choice,
     .help = "language heard; the dialog's when unset", .choices = "en ru"},
    {.section = "ear *", .name = "model", .type = Type::folder,
     .help = "acoustic model; the installed one of the language when unset"},
    {.section = "ear *", .name = "dictionary", .type = Type::file,
     .help = "words and how they sound; the installed one of the language when unset"},
    {.section = "ear *", .name = "accept", .type = Type::number,
     .help = "score from which words are taken at once; the engine's tuned one when unset",
     .least = -1e9, .most = 1e9},
    {.section = "ear *", .name = "confirm", .type = Type::number,
     .help = "score from which the caller is asked to confirm; below it she asks again",
     .least = -1e9, .most = 1e9},

    {.section = "store", .name = "path", .type = Type::file, .preset = "/var/lib/pbxctl/pbxctl.db",
     .help = "the SQLite database"},

    {.section = "tg", .name = "secret_file", .type = Type::secret,
     .help = "file with the bot's token in its first line"},
    {.section = "tg", .name = "chat", .type = Type::text,
     .help = "a chat that notify = tg: may write to: NAME, NUMBER or NAME, NUMBER, TOPIC", .repeats = true},
    {.section = "tg", .name = "api_root", .type = Type::text, .preset = "https://api.telegram.org",
     .help = "where the Bot API is: a reverse proxy or a server of one's own"},
    {.section = "tg", .name = "proxy", .type = Type::text,
     .help = "http://, socks5:// or socks5h:// to reach it; none when unset", .hidden = true},
    {.section = "tg", .name = "ca_file", .type = Type::file,
     .help = "certificates to trust instead of the system's"},

    {.section = "http *", .name = "url", .type = Type::text,
     .help = "where notify = http: posts its JSON", .hidden = true},
    {.section = "http *", .name = "secret_file", .type = Type::secret,
     .help = "file with a token, sent as Authorization: Bearer"},
    {.section = "http *", .name = "proxy", .type = Type::text,
     .help = "http://, socks5:// or socks5h:// to reach it; none when unset", .hidden = true},
    {.section = "http *", .name = "ca_file", .type = Type::file,
     .help = "certificates to trust instead of the system's"},
    {.section = "http *", .name = "timeout", .type = Type::duration, .preset = "10s",
     .help = "how long one try may take", .least = 100, .most = 60'000},

    {.section = "exec *", .name = "program", .type = Type::file,
     .help = "full path of what notify = exec: runs, without a shell; the text is on its stdin"},
    {.section = "exec *", .name = "arg", .type = Type::text,
     .help = "one argument; {text} in it is the message", .repeats = true},
    {.section = "exec *", .name = "timeout", .type = Type::duration, .preset = "10s",
     .help = "how long it may run", .least = 100, .most = 60'000},

    {.section = "enum", .name = "profile", .type = Type::choice, .preset = "e164",
     .help = "what is asked: the public tree, or ENUMER of one's own Emercoin node", .choices = "e164 enumer"},
    {.section = "enum", .name = "suffix", .type = Type::text,
     .help = "names are asked below it, several with commas; the profile's when unset"},
    {.section = "enum", .name = "service", .type = Type::text, .preset = "sip",
     .help = "services that are taken, with commas: sip, tel, pstn:tel, email:mailto, ... or all"},
    {.section = "enum", .name = "server", .type = Type::text,
     .help = "a name server, ADDRESS or ADDRESS:PORT; those of /etc/resolv.conf when unset", .repeats = true},
    {.section = "enum", .name = "timeout", .type = Type::duration, .preset = "2s",
     .help = "how long one number may take", .least = 50, .most = 60'000},
    {.section = "enum", .name = "dial", .type = Type::text,
     .help = "how a URI is dialled: pjsip:TRUNK, sip, iax2 or local:CONTEXT"},
    {.section = "enum", .name = "country", .type = Type::text,
     .help = "country code that stands for the trunk prefix, 44; none when unset"},
    {.section = "enum", .name = "trunk", .type = Type::text,
     .help = "what is dialled before a national number, 0"},
    {.section = "enum", .name = "international", .type = Type::text,
     .help = "what is dialled before a country code, 00"},
    {.section = "enum", .name = "any_length", .type = Type::flag, .preset = "no",
     .help = "ask e164.arpa for numbers of more than 15 digits, too"},
    {.section = "enum", .name = "branch", .type = Type::choice, .preset = "none",
     .help = "infrastructure ENUM: where its label i stands", .choices = "none cc txt ebl"},
    {.section = "enum", .name = "compat", .type = Type::choice, .preset = "none",
     .help = "asterisk: read records as ENUMLOOKUP() does where RFC 6116 says otherwise", .choices = "none asterisk"},
    {.section = "enum", .name = "listen", .type = Type::address,
     .help = "where enum lookup --serve answers FastAGI, 127.0.0.1:4573; nowhere when unset", .repeats = true},
    {.section = "enum", .name = "http", .type = Type::address,
     .help = "where enum lookup --serve answers HTTP, 127.0.0.1:8053; nowhere when unset", .repeats = true},
    {.section = "enum", .name = "cache_entries", .type = Type::integer, .preset = "100000",
     .help = "how many answers --serve keeps; 0: none", .least = 0, .most = 10'000'000},
    {.section = "enum", .name = "cache_size", .type = Type::size, .preset = "64M",
     .help = "how much memory they may take", .least = megabyte, .most = 64 * 1024 * megabyte},
    {.section = "enum", .name = "cache_longest", .type = Type::duration, .preset = "1d",
     .help = "how long an answer is kept at most, whatever its TTL; a no 3 hours", .least = 0, .most = 7.0 * 86'400'000},

    {.section = "enum", .name = "dnssec", .type = Type::choice, .preset = "no",
     .help = "validate answers: yes takes no bogus one, require takes only signed ones", .choices = "no yes require"},
    {.section = "enum", .name = "trust_anchor", .type = Type::file, .preset = "/usr/share/dns/root.key",
     .help = "file with the DNSKEY or DS records that are trusted: the root's, or one's own zone's"},

    {.section = "enumer", .name = "server", .type = Type::address, .preset = "127.0.0.1:5335",
     .help = "where it answers DNS: its emcdnsbindip and emcdnsport"},
    {.section = "enumer", .name = "rpc", .type = Type::text, .preset = "http://127.0.0.1:6662",
     .help = "where it answers JSON-RPC: its rpcport; with /wallet/NAME when it has several"},
    {.section = "enumer", .name = "user", .type = Type::text,
     .help = "its rpcuser; unset when secret_file is the node's own .cookie"},
    {.section = "enumer", .name = "secret_file", .type = Type::secret,
     .help = "file with its rpcpassword in the first line, or its .cookie"},
    {.section = "enumer", .name = "trust", .type = Type::text, .preset = "ver:enum",
     .help = "a verifier whose signature makes a record good: the node's enumtrust", .repeats = true},
    {.section = "enumer", .name = "verify", .type = Type::flag, .preset = "no",
     .help = "take only what such a verifier signed; the node's JSON-RPC is asked for it"},
    {.section = "enumer", .name = "timeout", .type = Type::duration, .preset = "5s",
     .help = "how long one call of JSON-RPC may take", .least = 100, .most = 60'000},

    {.section = "ami", .name = "host", .type = Type::text, .preset = "127.0.0.1",
     .help = "where Asterisk is: a name or an address"},
    {.section = "ami", .name = "port", .type = Type::integer, .preset = "5038",
     .help = "manager.conf's port", .least = 1, .most = 65535},
    {.section = "ami", .name = "user", .type = Type::text,
     .help = "a section of manager.conf with read = call and write = call"},
    {.section = "ami", .name = "secret_file", .type = Type::secret,
     .help = "file with its secret in the first line"},
    {.section = "ami", .name = "manager_conf", .type = Type::file,
     .help = "take port and user's secret from this file of Asterisk's own instead"},
    {.section = "ami", .name = "login", .type = Type::choice, .preset = "md5",
     .help = "md5: the secret does not travel; plain: for a manager that has no Challenge", .choices = "md5 plain"},
    {.section = "ami", .name = "tls", .type = Type::flag, .preset = "no",
     .help = "by TLS: manager.conf's tlsenable, port 5039 as a rule"},
    {.section = "ami", .name = "ca_file", .type = Type::file,
     .help = "whom to trust with tls; the system's when unset. The certificate must be for host"},
    {.section = "ami", .name = "timeout", .type = Type::duration, .preset = "5s",
     .help = "how long one action may wait for its answer", .least = 100, .most = 60'000},
    {.section = "ami", .name = "dead_after", .type = Type::duration, .preset = "3s",
     .help = "silence after which Asterisk counts as dead; a Ping goes out after a third of it", .least = 300, .most = 60'000},
    {.section = "devstate", .name = "server", .type = Type::text,
     .help = "this server's name to others; asterisk.conf's systemname, else the host's, when unset"},
    {.section = "devstate", .name = "peer", .type = Type::text,
     .help = "another relay to link with: wss://HOST[:PORT]", .repeats = true},
    {.section = "devstate", .name = "listen", .type = Type::address,
     .help = "where other relays link with this one, 0.0.0.0:8977; nowhere when unset"},
    {.section = "devstate", .name = "secret_file", .type = Type::secret,
     .help = "file with the token that relays show each other"},
    {.section = "devstate", .name = "certificate", .type = Type::file,
     .help = "own certificate with its chain, PEM: TLS where it listens, shown where it links"},
    {.section = "devstate", .name = "key", .type = Type::file,
     .help = "its private key; in the certificate's file when unset"},
    {.section = "devstate", .name = "ca_file", .type = Type::file,
     .help = "whose certificates are good; links need one of it then, both ways"},
    {.section = "devstate", .name = "plain", .type = Type::flag, .preset = "no",
     .help = "links and a broker without TLS over the network, too: for a VPN"},
    {.section = "devstate", .name = "via", .type = Type::text,
     .help = "an MQTT broker all servers meet at: mqtts://[USER@]HOST[:PORT][,HOST...]"},
    {.section = "devstate", .name = "via_secret_file", .type = Type::secret,
     .help = "file with the password of via's USER"},
    {.section = "devstate", .name = "via_version", .type = Type::choice, .preset = "5",
     .help = "of MQTT", .choices = "5 3.1.1"},
    {.section = "devstate", .name = "prefix", .type = Type::text, .preset = "pbxctl",
     .help = "first level of the topics at the broker"},
    {.section = "devstate", .name = "heartbeat", .type = Type::duration, .preset = "1s",
     .help = "between two signs of life on a link", .least = 50, .most = 60'000},
    {.section = "devstate", .name = "dead_after", .type = Type::duration, .preset = "3s",
     .help = "silence after which a link is cut", .least = 150, .most = 300'000},
    {.section = "devstate", .name = "grace", .type = Type::duration, .preset = "1s",
     .help = "how long a server may be out of reach before its lamps turn dark", .least = 0, .most = 3'600'000},
    {.section = "devstate", .name = "gone", .type = Type::choice, .preset = "unavailable",
     .help = "what lamps of a server out of reach show; keep: their last state", .choices = "unavailable keep not_inuse"},
    {.section = "devstate", .name = "template", .type = Type::text, .preset = "{name}*{server}",
     .help = "extension of another server's lamp here"},
    {.section = "devstate", .name = "context", .type = Type::text, .preset = "devstate-lamps",
     .help = "dialplan context of these: devstate dialplan prints it, doctor looks into it"},
    {.section = "devstate", .name = "writes_per_second", .type = Type::integer, .preset = "0",
     .help = "lamps written to Asterisk at most; 0: as fast as it confirms", .least = 0, .most = 100'000},
    {.section = "devstate", .name = "send", .type = Type::text,
     .help = "what others are told: SOURCE PATTERN [as NAME] [lamp]; every hint when unset", .repeats = true},
    {.section = "devstate", .name = "hide", .type = Type::text,
     .help = "what they are never told: SOURCE PATTERN", .repeats = true},
    {.section = "devstate", .name = "take", .type = Type::text,
     .help = "what is shown of others: PATTERN [from SERVER] [as NAME]; everything when unset", .repeats = true},
    {.section = "devstate", .name = "refuse", .type = Type::text,
     .help = "what is never shown: PATTERN [from SERVER]", .repeats = true},
    {.section = "devstate", .name = "map", .type = Type::text,
     .help = "a state shown as another: STATE to STATE [from SERVER], or STATE to STATE on send", .repeats = true},
    {.section = "devstate", .name = "presence", .type = Type::text,
     .help = "a presence carried as a lamp: WORD to STATE", .repeats = true},

    {.section = "log", .name = "level", .type = Type::choice, .preset = "warning",
     .help = "the least that is told", .choices = "debug info warning error off"},
    {.section = "log", .name = "format", .type = Type::choice, .preset = "text",
     .help = "text, or one JSON object a line", .choices = "text json"},
    {.section = "log", .name = "target", .type = Type::choice, .preset = "auto",
     .help = "auto: stderr when it is a terminal, a pipe or the journal, else syslog", .choices = "auto stderr syslog"},

    {.section = "service", .name = "health_listen", .type = Type::address,
     .help = "where /healthz and /metrics answer, and a relay's /status; nowhere when unset"},
};
// clang-format on

bool same_section(std::string_view pattern, std::string_view written) {
    if (!pattern.ends_with(" *")) return pattern == written;
    const auto stem = pattern.substr(0, pattern.size() - 1);  // with its blank
    return written == pattern || (written.size() > stem.size() && written.starts_with(stem));
}
}  // namespace

std::span<const Key> schema() {
    return rows;
}

std::span<const SectionHelp> sections() {
    return section_rows;
}

const Key* find_key(std::string_view section, std::string_view name) {
    for (const auto& row : rows)
        if (row.name == name && same_section(row.section, section)) return &row;
    return nullptr;
}

std::string_view section_kind(std::string_view section) {
    for (const auto& row : section_rows)
        if (same_section(row.name, section)) return row.name;
    return {};
}

std::string environment_name(std::string_view section, std::string_view name) {
    std::string out = "PBXCTL_";
    out.append(section).append("_").append(name);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
        else if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
            c = '_';
    }
    return out;
}

}  // namespace pbx::config
