/* The plain C border of the zone file driver (ldns.so): records of a master file, one logical line at a time
 * (no comment, no parentheses, no newline). Where lines begin and end is the caller's to know. */
#ifndef PBX_DNS_ZONE_DRIVER_H
#define PBX_DNS_ZONE_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum pbx_zone_end {
    PBX_ZONE_RECORD = 0,
    PBX_ZONE_NOTHING, /* a blank line, $ORIGIN, $TTL */
    PBX_ZONE_FAULT
};

/* Good until the session's next line. */
struct pbx_zone_record {
    const char* fault;    /* of PBX_ZONE_FAULT: ldns' words */
    const uint8_t* owner; /* of PBX_ZONE_RECORD: wire form */
    size_t owner_size;
    const uint8_t* data; /* wire form, not compressed */
    size_t data_size;
    uint32_t ttl;
    uint16_t type;
};

struct pbx_zone_table {
    void* (*open)(const char* origin,
                  uint32_t ttl); /* NULL: no domain name. ttl: of records before any $TTL */
    enum pbx_zone_end (*read)(void* session, const char* line, struct pbx_zone_record*);
    void (*close)(void* session);
    const char* (*version)(void); /* "ldns/1.8.3" */
};

#ifdef __cplusplus
}
#endif
#endif
