/* The plain C border of the DNSSEC driver (unbound.so): questions asked of given servers, each answer with
 * what its signatures are worth. Several at once; one thread. Which trust anchor covers a name is the
 * caller's to know. */
#ifndef PBX_DNS_VALIDATOR_DRIVER_H
#define PBX_DNS_VALIDATOR_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pbx_validated {
    uint64_t token;
    int failed;             /* 1: nothing came of it: out of memory, closed */
    int secure;             /* 1: the chain from the anchor holds, of a "no" as well */
    int bogus;              /* 1: it does not */
    int rcode;              /* 2 of what could not be had, and of bogus */
    int seconds;            /* it may be kept */
    const uint8_t* message; /* the answer as a DNS message; NULL: none */
    size_t size;
    const char* why; /* of bogus, for people; NULL: none */
};

struct pbx_validator_settings {
    const char* const* servers; /* "192.0.2.1@53", ends with NULL */
    const char* anchor_file;    /* DNSKEY and DS records as in a zone file */
    const char* payload;        /* octets taken by UDP */
    void (*sink)(void* user, const struct pbx_validated*);
    void* user;
};

struct pbx_validator_table {
    void* (*open)(const struct pbx_validator_settings*, char* error, size_t error_size); /* NULL: see error */
    int (*ask)(void* session, const char* name, uint16_t type, uint64_t token);          /* 0: it cannot */
    void (*cancel)(void* session, uint64_t token); /* the sink does not hear of it any more */
    int (*descriptor)(void* session);              /* readable when work() has something to do */
    void (*work)(void* session);                   /* calls the sink; never waits */
    void (*close)(void* session);
    const char* (*version)(void); /* "libunbound/1.17.1" */
};

#ifdef __cplusplus
}
#endif
#endif
