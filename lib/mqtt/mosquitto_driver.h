/* The plain C border of the MQTT driver (mosquitto.so): one connection at a time per session. Its socket is
 * the caller's to watch; nothing here waits, but connect(). One thread at a time. */
#ifndef PBX_MQTT_MOSQUITTO_DRIVER_H
#define PBX_MQTT_MOSQUITTO_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pbx_mqtt_events {                                       /* from inside read(), write() and misc() */
    void (*connected)(void* user, int code, const char* text); /* code 0: accepted */
    void (*message)(void* user, const char* topic, const void* payload, size_t size, int retained);
    void (*subscribed)(void* user, int token, int granted);
    void (*published)(void* user, int token); /* qos 1: acknowledged; qos 0: sent */
    void* user;
};

struct pbx_mqtt_settings {
    const char* client_id;
    const char* user;     /* NULL: none */
    const char* password; /* NULL: none */
    int tls;
    const char *ca_file, *certificate, *key; /* NULL: the system's; none; in `certificate` */
    int version_5;
    const char* will_topic; /* NULL: none */
    const char* will_payload;
    size_t will_size;
    int will_qos, will_retain;
    int keep_alive;      /* seconds, >= 5 */
    uint32_t max_packet; /* bytes the broker may send at once; version 5 alone can tell it */
    struct pbx_mqtt_events events;
};

struct pbx_mqtt_table {
    /* NULL: see error */
    void* (*open)(const struct pbx_mqtt_settings*, char* error, size_t error_size);
    void (*close)(void* session); /* without a goodbye */

    /* Blocks: name look-up and TCP. 0: begun, connected() tells the rest. */
    int (*connect)(void* session, const char* host, int port, char* error, size_t error_size);
    int (*descriptor)(void* session); /* -1: none */
    int (*wants_write)(void* session);
    /* 0: well; -1: there is more to be read; > 0: the connection is gone, see text() */
    int (*read)(void* session);
    int (*write)(void* session);
    int (*misc)(void* session); /* about once a second: keep-alive */

    int (*publish)(void* session, int* token, const char* topic, const void* payload, size_t size, int qos,
                   int retain);
    int (*subscribe)(void* session, int* token, const char* filter, int qos);
    int (*unsubscribe)(void* session, int* token, const char* filter);
    int (*disconnect)(void* session); /* the goodbye: no will is published */
    /* why read() and its like returned this */
    void (*text)(void* session, int code, char* into, size_t size);
    const char* (*version)(void); /* "libmosquitto/2.0.11" */
};

#ifdef __cplusplus
}
#endif
#endif
