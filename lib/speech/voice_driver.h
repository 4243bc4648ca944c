/* The border to a speech synthesis engine: plain C, so that an engine's library (and its licence: espeak-ng
 * is GPL-3) stays inside its module. NAME.so exports `const void* pbx_NAME_driver(void)` giving this table.
 * No function is called from two threads at once: the caller holds one lock per driver. */
#ifndef PBX_SPEECH_VOICE_DRIVER_H
#define PBX_SPEECH_VOICE_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { pbx_voice_abi = 1 };

/* Takes `count` samples at the voice's rate, mono; returns 0 to go on, 1 to stop speaking. */
typedef int (*pbx_voice_sink)(const int16_t* samples, size_t count, void* user);

struct pbx_voice_driver {
    int abi;                      /* pbx_voice_abi */
    const char* (*version)(void); /* of the engine's library: "1.51" */
    const char* (*library)(void); /* the file that library was loaded from */

    /* A voice, or NULL with a message in `error`. `voice` "" = the default of `language` ("ru", "en");
     * `speed` 0.5 .. 2.0 of that voice's telephone speed. */
    void* (*open)(const char* voice, const char* language, double speed, char* error, size_t error_size);
    unsigned (*rate)(const void* voice); /* Hz */
    /* UTF-8 text, no markup. 0 when all was spoken; else a message in `error`. */
    int (*speak)(void* voice, const char* text, pbx_voice_sink sink, void* user, char* error,
                 size_t error_size);
    void (*close)(void* voice);

    /* How one word is said, into `out` as text with blanks between phones: espeak gives IPA of the language,
     * flite gives ARPAbet (English only). Length written, 0 when it can't say. */
    size_t (*phones)(const char* language, const char* word, char* out, size_t size);
};

#ifdef __cplusplus
}
#endif
#endif
