/* The plain C border of the HTTP driver (curl.so): one blocking request at a time per session, connections
 * kept between requests. What a URL or header means is the caller's affair. */
#ifndef PBX_NET_HTTP_DRIVER_H
#define PBX_NET_HTTP_DRIVER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum pbx_http_end {
    PBX_HTTP_ANSWERED = 0,
    PBX_HTTP_NO_CONNECTION, /* name, route, proxy, refused */
    PBX_HTTP_NOT_TRUSTED,   /* certificate or TLS */
    PBX_HTTP_TIMEOUT,
    PBX_HTTP_TOO_BIG, /* answer over most_answer */
    PBX_HTTP_STOPPED, /* go_on said no */
    PBX_HTTP_NONSENSE /* no HTTP, cut off, bad URL */
};

struct pbx_http_request {
    const char* method;
    const char* url;
    const char* const* headers; /* "Name: value", ends with NULL */
    const char* body;           /* NULL: none */
    size_t body_size;
    long connect_ms, whole_ms;
    size_t most_answer;  /* bytes of body */
    const char* proxy;   /* http://, socks5://, socks5h://; NULL: none, the environment is not asked */
    const char* ca_file; /* NULL: the system's */
    int (*go_on)(void*); /* asked about once a second and at each piece; 0 stops; may be NULL */
    void (*on_header)(void*, const char* line, size_t size);
    void (*on_body)(void*, const char* bytes, size_t size);
    void* user;
};

struct pbx_http_result {
    enum pbx_http_end end;
    long status;     /* of the HTTP answer */
    int left;        /* 1: the request was sent, in whole or in part */
    char error[256]; /* without the URL */
};

struct pbx_http_table {
    void* (*open)(void); /* NULL: no memory */
    void (*perform)(void* session, const struct pbx_http_request*, struct pbx_http_result*);
    void (*close)(void* session);
    const char* (*version)(void); /* "libcurl/7.88.1" */
};

#ifdef __cplusplus
}
#endif
#endif
