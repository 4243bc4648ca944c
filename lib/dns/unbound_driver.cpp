// DNSSEC by libunbound behind validator_driver.h.
//
// libunbound and not ldns' own verification: ldns checks one signature well, but the proofs around it are
// left to its caller or are known to be thin: that a wildcard was rightly used, that a name or a DS is not
// there by NSEC3 with opt-out, which algorithm makes a zone insecure and not bogus. It bounds neither the
// keys times signatures a hostile zone makes it try (CVE-2023-50387) nor NSEC3's iterations (RFC 9276,
// CVE-2023-50868). libunbound is what most validating resolvers run, does all that, takes servers with their
// ports and any trust anchor, and gives the answer's octets back, which our own reading needs. Debian's is
// built on nettle: no OpenSSL is started. A cold chain of root, e164.arpa and number costs 12 ms on loopback,
// one more name of a known zone 0.4. A driver, because loading it costs 4 ms.
#include "dns/validator_driver.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

#include <unbound.h>

namespace {

struct Session;

struct Asked {
    Session* session;
    std::uint64_t token;
    int id;
};

struct Session {
    pbx_validator_settings settings;  // of which only sink and user are used later
    ub_ctx* context;
    std::vector<std::unique_ptr<Asked>> asked;

    ~Session() { ub_ctx_delete(context); }
};

struct Setting {
    const char *name, *value;
};

// What libunbound would answer out of its own head: a private tree may stand there.
constexpr const char* own_zones[] = {"test.", "invalid.", "home.arpa.", "localhost.", "onion."};

int set_up(ub_ctx* context, const pbx_validator_settings& settings) {
    const Setting rows[] = {
        {"module-config:", "validator iterator"},
        {"do-not-query-localhost:", "no"},
        {"unblock-lan-zones:", "yes"},
        {"edns-buffer-size:", settings.payload},
        {"harden-algo-downgrade:", "no"},  // RFC 6840 5.11: one algorithm that holds is enough
        {"msg-cache-size:", "1m"},
        {"rrset-cache-size:", "2m"},
        {"key-cache-size:", "1m"},
        {"neg-cache-size:", "1m"},
    };
    for (const auto& row : rows)
        if (const int error = ub_ctx_set_option(context, row.name, row.value); error != 0) return error;
    for (auto server = settings.servers; *server != nullptr; ++server)
        if (const int error = ub_ctx_set_fwd(context, *server); error != 0) return error;
    if (const int error = ub_ctx_add_ta_file(context, settings.anchor_file); error != 0) return error;
    if (const int error = ub_ctx_async(context, 1); error != 0) return error;  // a thread, not a process
    for (const auto* zone : own_zones)  // from the first on the settings stand: bad ones are told here
        if (const int error = ub_ctx_zone_remove(context, zone); error != 0) return error;
    return 0;
}

void* open_session(const pbx_validator_settings* settings, char* error, std::size_t error_size) {
    auto session = std::unique_ptr<Session>(new Session{*settings, ub_ctx_create(), {}});
    if (session->context == nullptr) {
        std::snprintf(error, error_size, "libunbound gives no context");
        return nullptr;
    }
    ub_ctx_debuglevel(session->context, 0);
    ub_ctx_debugout(session->context, nullptr);  // what it has to say comes as an error or as why_bogus
    const int code = set_up(session->context, *settings);
    if (code == 0) return session.release();
    std::snprintf(error, error_size, "%s", ub_strerror(code));
    return nullptr;
}

void forget(Session& session, const Asked* asked) {
    auto& list = session.asked;
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.get() == asked; });
    if (found != list.end()) list.erase(found);
}

void on_result(void* user, int error, ub_result* result) {
    auto* asked = static_cast<Asked*>(user);
    auto& session = *asked->session;
    pbx_validated out{};
    out.token = asked->token;
    out.failed = error != 0 || result == nullptr ? 1 : 0;
    if (out.failed == 0) {
        out.secure = result->secure;
        out.bogus = result->bogus;
        out.rcode = result->rcode;
        out.seconds = result->ttl;
        out.message = static_cast<const std::uint8_t*>(result->answer_packet);
        out.size = out.message == nullptr ? 0 : static_cast<std::size_t>(result->answer_len);
        out.why = result->why_bogus;
    }
    forget(session, asked);
    session.settings.sink(session.settings.user, &out);
    ub_resolve_free(result);
}

int ask(void* session, const char* name, std::uint16_t type, std::uint64_t token) {
    auto& own = *static_cast<Session*>(session);
    own.asked.push_back(std::unique_ptr<Asked>(new Asked{&own, token, 0}));
    auto* asked = own.asked.back().get();
    constexpr int internet = 1;
    if (ub_resolve_async(own.context, name, type, internet, asked, &on_result, &asked->id) == 0) return 1;
    forget(own, asked);
    return 0;
}

void cancel(void* session, std::uint64_t token) {
    auto& own = *static_cast<Session*>(session);
    const auto found = std::find_if(own.asked.begin(), own.asked.end(),
                                    [&](const auto& one) { return one->token == token; });
    if (found == own.asked.end()) return;
    ub_cancel(own.context, (*found)->id);
    own.asked.erase(found);
}

int descriptor(void* session) {
    return ub_fd(static_cast<Session*>(session)->context);
}

void work(void* session) {
    ub_process(static_cast<Session*>(session)->context);
}

void close_session(void* session) {
    delete static_cast<Session*>(session);
}

const char* version() {
    static char text[64];
    std::snprintf(text, sizeof text, "libunbound/%s", ub_version());
    return text;
}

constexpr pbx_validator_table table{&open_session, &ask,           &cancel, &descriptor,
                                    &work,         &close_session, &version};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_unbound_driver() {
    return &table;
}
