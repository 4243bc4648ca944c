/* The border to a speech recognition engine: plain C, so that the engine's library is loaded on first use.
 * NAME.so exports `const void* pbx_NAME_driver(void)` giving this table. One ear hears one utterance at a
 * time and is used from one thread at a time; two ears may be used from two threads. */
#ifndef PBX_SPEECH_EAR_DRIVER_H
#define PBX_SPEECH_EAR_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { pbx_ear_abi = 1 };

typedef struct pbx_ear pbx_ear;

typedef struct pbx_ear_options {
    const char* model;       /* folder of the acoustic model */
    int rate;                /* Hz the model was trained at: what feed() takes */
    const char* loop_phones; /* phones of the rejection loop, blanks between */
    double word_penalty;     /* probability of each further word, in the grammar ... */
    double loop_penalty;     /* ... and of each further phone, in the loop */
    double word_weight;      /* power of the grammar's own probabilities, ... */
    double loop_weight;      /* ... of the loop's */
    double beam, word_beam;  /* widths of the search, as probabilities */
    double loop_beam;
    int remove_noise;   /* spectral subtraction in the front end: 0 | 1 */
    int remove_silence; /* the front end drops silent frames: 0 | 1 */
    double mean_range;  /* frames this much below the loudest (c0) are no speech to the cepstral mean */
    double
        usual_mean[13]; /* cepstral mean of a caller not heard yet; [0] is how far under the loudest frame */
    double mean_weight; /* frames of an answer that the usual mean counts for */
    double trusted;     /* an answer of at least this margin moves the usual mean to its own */
} pbx_ear_options;

typedef struct pbx_ear_answer {
    const char* text; /* words with single blanks; "" = nothing; the ear's own, until its next call */
    double margin;    /* log likelihood of the words over a free phone loop, per spoken frame (10 ms); <= 0 */
    double worst;     /* the same of the worst word */
    int frames, spoken; /* all, and those inside words */
} pbx_ear_answer;

struct pbx_ear_driver {
    int abi;                      /* pbx_ear_abi */
    const char* (*library)(void); /* the file the engine was loaded from */

    pbx_ear* (*open)(const pbx_ear_options* options, char* error, size_t error_size); /* NULL: see error */
    void (*close)(pbx_ear* ear);

    /* One way to say a word. A word said in many ways is added many times; the same way twice is one. Returns
     * 0, or -1 when a phone is unknown to the model. */
    int (*add_word)(pbx_ear* ear, const char* word, const char* phones);
    /* What may be heard from the next utterance on (JSGF); the grammar before is freed. 0, or -1 when it
     * can't be read or has a word that was not added. */
    int (*set_grammar)(pbx_ear* ear, const char* jsgf);

    int (*feed)(pbx_ear* ear, const int16_t* samples, size_t count); /* 0, -1 when too long */
    int (*finish)(pbx_ear* ear, pbx_ear_answer* answer);             /* 0, -1 without a grammar */
    void (*cancel)(pbx_ear* ear);                                    /* forgets what was fed */
    void (*new_caller)(pbx_ear* ear); /* the usual mean is that of a stranger again */
};

#ifdef __cplusplus
}
#endif
#endif
