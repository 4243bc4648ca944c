// TLS by OpenSSL behind tls_driver.h. A driver, because linking OpenSSL costs ms of CPU before main().
#include "net/tls_driver.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace {

template <auto Free>
struct FreedBy {
    template <class T>
    void operator()(T* it) const {
        Free(it);
    }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, FreedBy<Free>>;

using Context = Owned<SSL_CTX, SSL_CTX_free>;
using Certificate = Owned<X509, X509_free>;

struct Side {
    Context context;
    bool is_server = false;
};

struct Session {
    Owned<SSL, SSL_free> ssl;
    BIO *in = nullptr, *out = nullptr;  // owned by ssl
    bool is_server = false;
    pbx_tls_trouble trouble = PBX_TLS_OTHER;
    std::string text{};
};

// The reason of the last error, "" when there is none; the queue is empty then.
std::string last_reason(int* reason = nullptr) {
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    if (reason != nullptr) *reason = code == 0 ? 0 : ERR_GET_REASON(code);
    const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
    return text == nullptr ? "" : text;
}

struct Wrong {
    char* text;
    std::size_t size;
    bool operator()(const char* file, const char* what, const std::string& why = {}) const {
        std::snprintf(text, size, "%s: %s%s%s", file, what, why.empty() ? "" : ": ", why.c_str());
        return false;
    }
};

bool in_its_time(SSL_CTX* context, const char* file, const Wrong& wrong) {
    const auto* own = SSL_CTX_get0_certificate(context);
    if (own == nullptr) return wrong(file, "no certificate in it");
    if (X509_cmp_current_time(X509_get0_notAfter(own)) < 0) return wrong(file, "the certificate has expired");
    if (X509_cmp_current_time(X509_get0_notBefore(own)) > 0)
        return wrong(file, "the certificate is not valid yet");
    return true;
}

bool load_own(SSL_CTX* context, const pbx_tls_files& files, const Wrong& wrong) {
    if (files.certificate == nullptr) return true;
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate) != 1)
        return wrong(files.certificate, "no certificate can be read", last_reason());
    const char* key = files.key != nullptr ? files.key : files.certificate;
    int reason = 0;
    if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
        const auto why = last_reason(&reason);
        if (reason == X509_R_KEY_VALUES_MISMATCH) return wrong(key, "the key is not the certificate's");
        return wrong(key, "no key can be read", why);
    }
    if (SSL_CTX_check_private_key(context) != 1) return wrong(key, "the key is not the certificate's");
    return in_its_time(context, files.certificate, wrong);
}

bool load_trust(SSL_CTX* context, const pbx_tls_files& files, bool is_server, const Wrong& wrong) {
    if (files.ca_file == nullptr) {
        if (!is_server && SSL_CTX_set_default_verify_paths(context) != 1)
            return wrong("system", "no trusted certificates can be read", last_reason());
        SSL_CTX_set_verify(context, is_server ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
        return true;
    }
    if (SSL_CTX_load_verify_file(context, files.ca_file) != 1)
        return wrong(files.ca_file, "no CA certificates can be read", last_reason());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    if (is_server) SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(files.ca_file));
    return true;
}

int no_passphrase(char*, int, int, void*) {
    return 0;  // else OpenSSL asks on the terminal
}

void* open_side(int is_server, const pbx_tls_files* files, char* error, std::size_t error_size) {
    ERR_clear_error();
    const Wrong wrong{error, error_size};
    auto side = std::make_unique<Side>();
    side->is_server = is_server != 0;
    side->context.reset(SSL_CTX_new(side->is_server ? TLS_server_method() : TLS_client_method()));
    auto* context = side->context.get();
    if (context == nullptr) {
        wrong("openssl", "no context", last_reason());
        return nullptr;
    }
    SSL_CTX_set_default_passwd_cb(context, &no_passphrase);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // an idle connection holds 34 KB less
    if (!load_own(context, *files, wrong) || !load_trust(context, *files, side->is_server, wrong))
        return nullptr;
    return side.release();
}

void close_side(void* side) {
    delete static_cast<Side*>(side);
}

bool demand(SSL* ssl, const char* name) {
    unsigned char bytes[sizeof(in6_addr)];
    auto* param = SSL_get0_param(ssl);
    if (inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

void* open_session(void* of, const char* name) {
    auto* side = static_cast<Side*>(of);
    auto session = std::make_unique<Session>();
    session->ssl.reset(SSL_new(side->context.get()));
    auto* ssl = session->ssl.get();
    if (ssl == nullptr) return nullptr;
    session->in = BIO_new(BIO_s_mem());
    session->out = BIO_new(BIO_s_mem());
    if (session->in == nullptr || session->out == nullptr) {
        BIO_free(session->in);
        BIO_free(session->out);
        return nullptr;
    }
    SSL_set_bio(ssl, session->in, session->out);
    session->is_server = side->is_server;
    if (side->is_server) {
        SSL_set_accept_state(ssl);
    } else {
        SSL_set_connect_state(ssl);
        if (name == nullptr || !demand(ssl, name)) return nullptr;
    }
    return session.release();
}

void close_session(void* session) {
    delete static_cast<Session*>(session);
}

int feed(void* session, const char* bytes, std::size_t size) {
    std::size_t put = 0;
    return BIO_write_ex(static_cast<Session*>(session)->in, bytes, size, &put) == 1 && put == size ? 1 : 0;
}

std::size_t take(void* session, char* into, std::size_t room) {
    std::size_t got = 0;
    return BIO_read_ex(static_cast<Session*>(session)->out, into, room, &got) == 1 ? got : 0;
}

pbx_tls_trouble of_verification(long result) {
    switch (result) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return PBX_TLS_EXPIRED;
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return PBX_TLS_NOT_YET_VALID;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return PBX_TLS_WRONG_NAME;
        case X509_V_ERR_INVALID_PURPOSE:
            return PBX_TLS_WRONG_PURPOSE;
        default:
            return PBX_TLS_UNKNOWN_CA;
    }
}

pbx_tls_trouble of_reason(int reason) {
    switch (reason) {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return PBX_TLS_NO_CERTIFICATE;
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
            return PBX_TLS_OURS_REFUSED;
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        case SSL_R_NO_SHARED_CIPHER:
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        case SSL_R_NO_PROTOCOLS_AVAILABLE:
            return PBX_TLS_NO_COMMON_WAY;
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_HTTP_REQUEST:
        case SSL_R_HTTPS_PROXY_REQUEST:
        case SSL_R_PACKET_LENGTH_TOO_LONG:
        case SSL_R_RECORD_LENGTH_MISMATCH:
            return PBX_TLS_NO_TLS;
        default:
            return PBX_TLS_OTHER;
    }
}

pbx_tls_step step_of(Session& session, int result) {
    switch (SSL_get_error(session.ssl.get(), result)) {
        case SSL_ERROR_NONE:
            return PBX_TLS_DONE;
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return PBX_TLS_WANTS;
        case SSL_ERROR_ZERO_RETURN:
            return PBX_TLS_CLOSED;
        default:
            break;
    }
    int reason = 0;
    session.text = last_reason(&reason);
    const auto verified = SSL_get_verify_result(session.ssl.get());
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK) {
        session.trouble = of_verification(verified);
        session.text = X509_verify_cert_error_string(verified);
    } else {
        session.trouble = of_reason(reason);
    }
    return PBX_TLS_FAILED;
}

pbx_tls_step shake(void* it) {
    auto& session = *static_cast<Session*>(it);
    ERR_clear_error();
    return step_of(session, SSL_do_handshake(session.ssl.get()));
}

pbx_tls_step read_some(void* it, char* into, std::size_t room, std::size_t* got) {
    auto& session = *static_cast<Session*>(it);
    ERR_clear_error();
    return step_of(session, SSL_read_ex(session.ssl.get(), into, room, got));
}

pbx_tls_step write_all(void* it, const char* bytes, std::size_t size) {
    auto& session = *static_cast<Session*>(it);
    ERR_clear_error();
    std::size_t put = 0;
    return step_of(session, SSL_write_ex(session.ssl.get(), bytes, size, &put));
}

pbx_tls_trouble trouble(void* it, char* text, std::size_t size) {
    const auto& session = *static_cast<Session*>(it);
    std::snprintf(text, size, "%s", session.text.c_str());
    return session.trouble;
}

const char* protocol(void* session) {
    return SSL_get_version(static_cast<Session*>(session)->ssl.get());
}

using Sink = void (*)(void*, const char*, std::size_t);

bool give_alternative_names(X509* certificate, Sink sink, void* user) {
    bool any = false;
    using Names = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;
    const Names names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        const auto* text = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
        if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
        const auto* bytes = ASN1_STRING_get0_data(text);
        const int size = ASN1_STRING_length(text);
        char address[INET6_ADDRSTRLEN] = "";
        if (name->type == GEN_DNS) {
            sink(user, reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
        } else if ((size == 4 || size == 16) &&
                   inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, address, sizeof address) != nullptr) {
            sink(user, address, std::strlen(address));
        }
        any = true;
    }
    return any;
}

void peer_names(void* session, Sink sink, void* user) {
    const Certificate certificate(SSL_get1_peer_certificate(static_cast<Session*>(session)->ssl.get()));
    if (!certificate || give_alternative_names(certificate.get(), sink, user)) return;
    char name[256] = "";
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name,
                                               sizeof name);
    if (size > 0) sink(user, name, static_cast<std::size_t>(size));
}

const char* version() {
    static char text[64];
    std::snprintf(text, sizeof text, "OpenSSL/%s", OpenSSL_version(OPENSSL_VERSION_STRING));
    return text;
}

constexpr pbx_tls_table table{&open_side, &close_side, &open_session, &close_session, &feed,
                              &take,      &shake,      &read_some,    &write_all,     &trouble,
                              &protocol,  &peer_names, &version};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_tls_driver() {
    return &table;
}
