// MQTT by libmosquitto behind mosquitto_driver.h. A driver, because it brings OpenSSL with it.
#include "mqtt/mosquitto_driver.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <openssl/ssl.h>
#include <sys/ioctl.h>

namespace {

constexpr int most_packets = 256;      // read at one go, so that one connection doesn't hold up the loop
constexpr int most_in_flight = 1'000;  // unacknowledged; libmosquitto's 20 cost a round trip each 20
constexpr const char* system_cas = "/etc/ssl/certs";

struct Session {
    pbx_mqtt_events events{};
    int keep_alive = 0;
    uint32_t most_bytes = 0;  // of a packet the broker may send; 0: it cannot be told
    mosquitto* client = nullptr;
    std::string said{};      // the library's last error line: what of TLS failed stands there alone
    std::string farewell{};  // the broker's

    Session() = default;
    ~Session() { mosquitto_destroy(client); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
};

Session& of(void* session) {
    return *static_cast<Session*>(session);
}

void on_connect(mosquitto*, void* session, int code, int, const mosquitto_property*) {
    const auto& events = of(session).events;
    // 1 to 5 are 3.1.1's, 128 and above 5's
    const char* text = code < 128 ? mosquitto_connack_string(code) : mosquitto_reason_string(code);
    events.connected(events.user, code, text);
}

void on_message(mosquitto*, void* session, const mosquitto_message* message) {
    const auto& events = of(session).events;
    events.message(events.user, message->topic, message->payload,
                   static_cast<std::size_t>(message->payloadlen), message->retain ? 1 : 0);
}

void on_subscribe(mosquitto*, void* session, int token, int count, const int* granted) {
    const auto& events = of(session).events;
    events.subscribed(events.user, token, count > 0 && granted[0] < 128 ? 1 : 0);
}

void on_publish(mosquitto*, void* session, int token) {
    const auto& events = of(session).events;
    events.published(events.user, token);
}

// A broker of MQTT 5 says why it ends a connection. libmosquitto has closed the socket then, and reading on
// gives neither data nor an error.
void on_disconnect(mosquitto*, void* session, int code, const mosquitto_property*) {
    if (code >= 128) of(session).farewell = mosquitto_reason_string(code);
}

void on_log(mosquitto*, void* session, int level, const char* line) {
    if (level == MOSQ_LOG_ERR) of(session).said = line;
}

int no_passphrase(char*, int, int, void*) {
    return 0;  // else OpenSSL asks on the terminal
}

int set_tls(mosquitto* client, const pbx_mqtt_settings& its) {
    const char* key = its.key != nullptr ? its.key : its.certificate;
    const int code = mosquitto_tls_set(client, its.ca_file, its.ca_file != nullptr ? nullptr : system_cas,
                                       its.certificate, key, &no_passphrase);
    if (code != MOSQ_ERR_SUCCESS) return code;
    return mosquitto_tls_opts_set(client, SSL_VERIFY_PEER, nullptr, nullptr);  // 1.2 and newer
}

int set_up(mosquitto* client, const pbx_mqtt_settings& its) {
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION,
                         its.version_5 != 0 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, most_in_flight);
    mosquitto_connect_v5_callback_set(client, &on_connect);
    mosquitto_message_callback_set(client, &on_message);
    mosquitto_subscribe_callback_set(client, &on_subscribe);
    mosquitto_publish_callback_set(client, &on_publish);
    mosquitto_disconnect_v5_callback_set(client, &on_disconnect);
    mosquitto_log_callback_set(client, &on_log);
    int code = MOSQ_ERR_SUCCESS;
    if (its.user != nullptr) code = mosquitto_username_pw_set(client, its.user, its.password);
    if (code == MOSQ_ERR_SUCCESS && its.tls != 0) code = set_tls(client, its);
    if (code == MOSQ_ERR_SUCCESS && its.will_topic != nullptr)
        code = mosquitto_will_set(client, its.will_topic, static_cast<int>(its.will_size), its.will_payload,
                                  its.will_qos, its.will_retain != 0);
    return code;
}

void* open_session(const pbx_mqtt_settings* settings, char* error, std::size_t error_size) {
    static std::once_flag once;
    std::call_once(once, [] { mosquitto_lib_init(); });
    auto session = std::make_unique<Session>();
    session->events = settings->events;
    session->keep_alive = settings->keep_alive;
    if (settings->version_5 != 0) session->most_bytes = settings->max_packet;
    session->client = mosquitto_new(settings->client_id, true, session.get());
    if (session->client == nullptr) {
        std::snprintf(error, error_size, "libmosquitto gives no client");
        return nullptr;
    }
    const int code = set_up(session->client, *settings);
    if (code == MOSQ_ERR_SUCCESS) return session.release();
    std::snprintf(error, error_size, "%s", mosquitto_strerror(code));
    return nullptr;
}

void close_session(void* session) {
    delete static_cast<Session*>(session);
}

void text(void* session, int code, char* into, std::size_t size) {
    auto& said = of(session).said;
    auto& farewell = of(session).farewell;
    if (!farewell.empty()) {
        std::snprintf(into, size, "it ended the connection: %s", farewell.c_str());
        farewell.clear();
        return;
    }
    const bool more = code == MOSQ_ERR_TLS && !said.empty();
    std::snprintf(into, size, "%s%s%s", mosquitto_strerror(code), more ? " " : "", more ? said.c_str() : "");
    said.clear();
}

// libmosquitto allocates whatever length a packet announces: the broker is told how much is too much.
int begin(Session& session, const char* host, int port) {
    mosquitto_property* properties = nullptr;
    int code = MOSQ_ERR_SUCCESS;
    if (session.most_bytes != 0)
        code = mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE, session.most_bytes);
    errno = 0;
    if (code == MOSQ_ERR_SUCCESS)
        code = mosquitto_connect_bind_v5(session.client, host, port, session.keep_alive, nullptr, properties);
    const int error = errno;
    mosquitto_property_free_all(&properties);
    errno = error;
    return code;
}

int connect_to(void* session, const char* host, int port, char* error, std::size_t error_size) {
    const int code = begin(of(session), host, port);
    if (code == MOSQ_ERR_SUCCESS) return 0;
    if (code == MOSQ_ERR_ERRNO && errno != 0) {
        char line[128] = "";
        std::snprintf(error, error_size, "%s", strerror_r(errno, line, sizeof line));
    } else {
        text(session, code, error, error_size);
    }
    return code;
}

int descriptor(void* session) {
    return mosquitto_socket(of(session).client);
}

int wants_write(void* session) {
    return mosquitto_want_write(of(session).client) ? 1 : 0;
}

// More is there to be read, in the kernel or behind OpenSSL.
bool has_more(mosquitto* client) {
    auto* ssl = static_cast<SSL*>(mosquitto_ssl_get(client));
    if (ssl != nullptr && SSL_pending(ssl) > 0) return true;
    const int fd = mosquitto_socket(client);
    int size = 0;
    return fd >= 0 && ioctl(fd, FIONREAD, &size) == 0 && size > 0;
}

int read_some(void* session) {
    auto* client = of(session).client;
    for (int i = 0; i < most_packets; ++i) {
        const int code = mosquitto_loop_read(client, 1);
        if (code != MOSQ_ERR_SUCCESS) return code;
        if (mosquitto_socket(client) < 0) return MOSQ_ERR_CONN_LOST;
        if (!has_more(client)) return 0;
    }
    return -1;
}

int write_some(void* session) {
    return mosquitto_loop_write(of(session).client, 1);
}

int misc(void* session) {
    return mosquitto_loop_misc(of(session).client);
}

int publish(void* session, int* token, const char* topic, const void* payload, std::size_t size, int qos,
            int retain) {
    return mosquitto_publish(of(session).client, token, topic, static_cast<int>(size), payload, qos,
                             retain != 0);
}

int subscribe(void* session, int* token, const char* filter, int qos) {
    return mosquitto_subscribe(of(session).client, token, filter, qos);
}

int unsubscribe(void* session, int* token, const char* filter) {
    return mosquitto_unsubscribe(of(session).client, token, filter);
}

int disconnect(void* session) {
    return mosquitto_disconnect(of(session).client);
}

const char* version() {
    static char line[64];
    int major = 0, minor = 0, revision = 0;
    mosquitto_lib_version(&major, &minor, &revision);
    std::snprintf(line, sizeof line, "libmosquitto/%d.%d.%d", major, minor, revision);
    return line;
}

constexpr pbx_mqtt_table table{&open_session, &close_session, &connect_to, &descriptor, &wants_write,
                               &read_some,    &write_some,    &misc,       &publish,    &subscribe,
                               &unsubscribe,  &disconnect,    &text,       &version};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_mosquitto_driver() {
    return &table;
}
