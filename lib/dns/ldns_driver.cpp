// Master files' records by ldns behind zone_driver.h: every type's fields, escapes, relative names, TTLs with
// units, RFC 3597's \#. A driver, because Debian's libldns brings OpenSSL's libcrypto along.
#include "dns/zone_driver.h"

#include <cstdio>
#include <cstring>
#include <memory>

#include <ldns/ldns.h>

namespace {

struct FreeName {
    void operator()(ldns_rdf* name) const { ldns_rdf_deep_free(name); }
};
struct FreeRecord {
    void operator()(ldns_rr* record) const { ldns_rr_free(record); }
};
struct FreeBuffer {
    void operator()(ldns_buffer* buffer) const { ldns_buffer_free(buffer); }
};
using Name = std::unique_ptr<ldns_rdf, FreeName>;

struct Session {
    Name origin;
    ldns_rdf* previous = nullptr;  // owner of lines that begin with a blank; ldns changes it
    std::uint32_t ttl = 0;
    std::unique_ptr<ldns_rr, FreeRecord> record;
    std::unique_ptr<ldns_buffer, FreeBuffer> data;

    ~Session() { ldns_rdf_deep_free(previous); }
};

constexpr std::size_t usual_data = 512;  // octets; the buffer grows

void* open_session(const char* origin, std::uint32_t ttl) {
    auto session = std::unique_ptr<Session>(new Session);
    session->origin.reset(ldns_dname_new_frm_str(origin));
    session->data.reset(ldns_buffer_new(usual_data));
    session->ttl = ttl;
    return session->origin && session->data ? session.release() : nullptr;
}

// What stands behind a directive; nothing: it is another line.
const char* behind(const char* line, const char* directive) {
    const auto size = std::strlen(directive);
    if (std::strncmp(line, directive, size) != 0) return nullptr;
    const auto blanks = std::strspn(line + size, " \t");
    return blanks > 0 ? line + size + blanks : nullptr;
}

pbx_zone_end refuse(ldns_status status, pbx_zone_record& out) {
    out.fault = ldns_get_errorstr_by_id(status);
    return PBX_ZONE_FAULT;
}

// A relative $ORIGIN stands below the one before.
pbx_zone_end set_origin(Session& session, const char* text, pbx_zone_record& out) {
    char word[LDNS_MAX_DOMAINLEN * 4 + 1];
    std::snprintf(word, sizeof word, "%.*s", static_cast<int>(std::strcspn(text, " \t")), text);
    Name name(ldns_dname_new_frm_str(word));
    if (!name) return refuse(LDNS_STATUS_SYNTAX_DNAME_ERR, out);
    if (ldns_dname_str_absolute(word) == 0)
        if (const auto status = ldns_dname_cat(name.get(), session.origin.get()); status != LDNS_STATUS_OK)
            return refuse(status, out);
    session.origin = std::move(name);
    return PBX_ZONE_NOTHING;
}

pbx_zone_end set_ttl(Session& session, const char* text, pbx_zone_record& out) {
    const char* end = text;
    session.ttl = ldns_str2period(text, &end);
    return end != text ? PBX_ZONE_NOTHING : refuse(LDNS_STATUS_SYNTAX_TTL_ERR, out);
}

pbx_zone_end show(Session& session, pbx_zone_record& out) {
    const auto* owner = ldns_rr_owner(session.record.get());
    out.owner = ldns_rdf_data(owner);
    out.owner_size = ldns_rdf_size(owner);
    out.type = static_cast<std::uint16_t>(ldns_rr_get_type(session.record.get()));
    out.ttl = ldns_rr_ttl(session.record.get());
    ldns_buffer_clear(session.data.get());
    if (const auto status = ldns_rr_rdata2buffer_wire(session.data.get(), session.record.get());
        status != LDNS_STATUS_OK)
        return refuse(status, out);
    ldns_buffer_flip(session.data.get());
    out.data = ldns_buffer_begin(session.data.get());
    out.data_size = ldns_buffer_limit(session.data.get());
    return PBX_ZONE_RECORD;
}

pbx_zone_end read(void* session, const char* line, pbx_zone_record* out) {
    auto& own = *static_cast<Session*>(session);
    *out = {};
    own.record.reset();
    if (line[std::strspn(line, " \t")] == '\0') return PBX_ZONE_NOTHING;
    if (const auto* origin = behind(line, "$ORIGIN")) return set_origin(own, origin, *out);
    if (const auto* ttl = behind(line, "$TTL")) return set_ttl(own, ttl, *out);
    ldns_rr* record = nullptr;
    const auto status = ldns_rr_new_frm_str(&record, line, own.ttl, own.origin.get(), &own.previous);
    if (status != LDNS_STATUS_OK) return refuse(status, *out);
    own.record.reset(record);
    return show(own, *out);
}

void close_session(void* session) {
    delete static_cast<Session*>(session);
}

const char* version() {
    static char text[64];
    std::snprintf(text, sizeof text, "ldns/%s", ldns_version());
    return text;
}

constexpr pbx_zone_table table{&open_session, &read, &close_session, &version};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_ldns_driver() {
    return &table;
}
