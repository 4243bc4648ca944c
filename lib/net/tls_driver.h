/* The plain C border of the TLS driver (tls.so): encrypts and decrypts between memory and memory. It has no
 * socket, no clock of its own making and no thread; who waits for whom is the caller's affair. */
#ifndef PBX_NET_TLS_DRIVER_H
#define PBX_NET_TLS_DRIVER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum pbx_tls_step {
    PBX_TLS_DONE = 0,
    PBX_TLS_WANTS,  /* more of the peer's bytes: feed() */
    PBX_TLS_CLOSED, /* the peer said it ends here */
    PBX_TLS_FAILED  /* see trouble() */
};

enum pbx_tls_trouble {
    PBX_TLS_OTHER = 0,
    PBX_TLS_EXPIRED,        /* the peer's certificate */
    PBX_TLS_NOT_YET_VALID,  /* the peer's certificate */
    PBX_TLS_WRONG_NAME,     /* the peer's certificate is for somebody else */
    PBX_TLS_UNKNOWN_CA,     /* nobody we trust signed it */
    PBX_TLS_WRONG_PURPOSE,  /* a server's certificate shown by a client, or the other way round */
    PBX_TLS_NO_CERTIFICATE, /* the peer showed none */
    PBX_TLS_OURS_REFUSED,   /* the peer does not take our certificate, or demands one */
    PBX_TLS_NO_COMMON_WAY,  /* version or cipher */
    PBX_TLS_NO_TLS          /* the peer speaks something else */
};

struct pbx_tls_files {
    const char* ca_file;     /* NULL: a client trusts the system's, a server asks for no certificate */
    const char* certificate; /* NULL: none */
    const char* key;         /* NULL: in `certificate` */
};

struct pbx_tls_table {
    /* NULL: `error` says which file and why */
    void* (*open_side)(int is_server, const struct pbx_tls_files*, char* error, size_t error_size);
    void (*close_side)(void* side);

    /* `name`: who must be there (client), NULL for a server. NULL: no memory, or no such name */
    void* (*open)(void* side, const char* name);
    void (*close)(void* session);
    int (*feed)(void* session, const char* bytes, size_t size); /* from the peer; 0: no memory */
    size_t (*take)(void* session, char* into, size_t room);     /* for the peer */
    enum pbx_tls_step (*shake)(void* session);                  /* the handshake as far as it goes */
    enum pbx_tls_step (*read)(void* session, char* into, size_t room, size_t* got);
    enum pbx_tls_step (*write)(void* session, const char* bytes, size_t size);

    enum pbx_tls_trouble (*trouble)(void* session, char* text, size_t text_size);
    const char* (*protocol)(void* session); /* "TLSv1.3" */
    void (*peer_names)(void* session, void (*sink)(void* user, const char* name, size_t size), void* user);
    const char* (*version)(void); /* "OpenSSL/3.0.15" */
};

#ifdef __cplusplus
}
#endif
#endif
