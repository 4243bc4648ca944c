// The ear on libpocketsphinx. Cepstra are made while audio comes in; their mean is taken over the whole
// answer (a running mean loses short words), then the grammar and a loop of free phones are searched on the
// same cepstra. The loop is the measure of what a closed grammar cannot refuse (it accepts anything).
#include "speech/ear_driver.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <dlfcn.h>

extern "C" {
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sphinxbase/fe.h>
#include <sphinxbase/fsg_model.h>
#include <sphinxbase/jsgf.h>
}

namespace {

constexpr std::size_t cepstra = 13;
constexpr std::size_t longest_answer = 60;  // seconds; silence counts
constexpr std::size_t settled = 25;         // frames of quiet after which an answer is looked at
constexpr std::size_t batch = 128;          // frames taken from the front end at a time

struct ReleaseDecoder {
    void operator()(ps_decoder_t* p) const { ps_free(p); }
};
struct ReleaseConfig {
    void operator()(cmd_ln_t* p) const { cmd_ln_free_r(p); }
};
struct ReleaseGrammar {
    void operator()(jsgf_t* p) const { jsgf_grammar_free(p); }
};
struct ReleaseNetwork {
    void operator()(fsg_model_t* p) const { fsg_model_free(p); }
};
struct ReleaseFrontEnd {
    void operator()(fe_t* p) const { fe_free(p); }
};

using Frame = std::array<mfcc_t, cepstra>;

// What an answer was taken for when it paused.
struct Heard {
    std::string text;
    pbx_ear_answer answer{"", -1e9, -1e9, 0, 0};
    std::array<double, cepstra> mean{};  // [0] under the loudest frame
    std::size_t last_spoken = 0;  // frames up to the last one that was spoken; 0 = nothing was heard yet
};

}  // namespace

struct pbx_ear {
    std::unique_ptr<cmd_ln_t, ReleaseConfig> config;
    std::unique_ptr<ps_decoder_t, ReleaseDecoder> decoder;
    std::unique_ptr<fe_t, ReleaseFrontEnd> front;
    pbx_ear_options options{};
    std::set<std::string> ways;  // "word phones", as added
    bool started = false, has_grammar = false;
    std::vector<Frame> frames;
    std::size_t fed = 0;                  // samples of this answer
    double loudest = 0;                   // c0 so far
    std::size_t last_spoken = 0;          // frames up to the last spoken one
    Heard paused;                         // what was heard at the last pause
    std::array<double, cepstra> usual{};  // the mean expected of an answer; [0] under the loudest frame
    std::string text;                     // of the last answer
};

namespace {

struct Word {
    std::string text;
    int from, to;  // frames, both inside
    double score;  // log likelihood
};

struct Found {
    std::string text;
    std::vector<Word> words;
    bool any = false;
};

int fail(char* error, std::size_t size, const char* what) {
    std::snprintf(error, size, "%s", what);
    return -1;
}

cmd_ln_t* settings(const pbx_ear_options& o) {
    cmd_ln_t* c = cmd_ln_init(nullptr, ps_args(), TRUE, "-hmm", o.model, "-logfn", "/dev/null", nullptr);
    if (c == nullptr) return nullptr;
    // ps_init() would let the model's feat.params overrule what is set here: read it first, then name an
    // empty one
    const std::string params = std::string(o.model) + "/feat.params";
    cmd_ln_parse_file_r(c, ps_args(), params.c_str(), FALSE);
    cmd_ln_set_str_r(c, "-featparams", "/dev/null");
    cmd_ln_set_str_r(c, "-cmn", "none");  // subtract_mean() does it
    cmd_ln_set_float_r(c, "-samprate", o.rate);
    cmd_ln_set_int_r(c, "-remove_noise", o.remove_noise);
    cmd_ln_set_int_r(c, "-remove_silence", o.remove_silence);
    cmd_ln_set_int_r(c, "-bestpath", 0);
    return c;
}

void set_beams(cmd_ln_t* c, double beam, double word_beam, double penalty, double weight) {
    cmd_ln_set_float_r(c, "-lw", weight);
    cmd_ln_set_float_r(c, "-beam", beam);
    cmd_ln_set_float_r(c, "-pbeam", beam);
    cmd_ln_set_float_r(c, "-wbeam", word_beam);
    cmd_ln_set_float_r(c, "-wip", penalty);
}

int add_way(pbx_ear& ear, const char* word, const char* phones) {
    if (!ear.ways.insert(std::string(word) + ' ' + phones).second) return 0;
    // a further way to say a known word is named word(2), word(3) ...
    std::string name = word;
    for (int n = 2; n < 100; ++n) {
        char* known = ps_lookup_word(ear.decoder.get(), name.c_str());
        if (known == nullptr) break;
        ckd_free(known);
        name = std::string(word) + '(' + std::to_string(n) + ')';
    }
    return ps_add_word(ear.decoder.get(), name.c_str(), phones, FALSE) < 0 ? -1 : 0;
}

// ps_set_jsgf_string() would do the same, but it never frees the grammar it has read (8 kB a question).
bool set_search(pbx_ear& ear, const char* name, const char* text) {
    ps_decoder_t* decoder = ear.decoder.get();
    const std::unique_ptr<jsgf_t, ReleaseGrammar> grammar(jsgf_parse_string(text, nullptr));
    if (!grammar) return false;
    jsgf_rule_t* rule = jsgf_get_public_rule(grammar.get());
    if (rule == nullptr) return false;
    const auto weight = static_cast<float32>(cmd_ln_float_r(ear.config.get(), "-lw"));
    const std::unique_ptr<fsg_model_t, ReleaseNetwork> network(
        jsgf_build_fsg(grammar.get(), rule, ps_get_logmath(decoder), weight));
    return network && ps_set_fsg(decoder, name, network.get()) == 0;
}

bool make_loop(pbx_ear& ear) {
    std::string choice;
    std::string phones = ear.options.loop_phones;
    std::size_t at = 0;
    while (at < phones.size()) {
        const std::size_t end = std::min(phones.find(' ', at), phones.size());
        const std::string phone = phones.substr(at, end - at);
        const std::string word = "loop_" + phone;
        if (!phone.empty() && add_way(ear, word.c_str(), phone.c_str()) == 0)
            choice += (choice.empty() ? "" : " | ") + word;
        at = end + 1;
    }
    if (choice.empty()) return false;
    const std::string jsgf = "#JSGF V1.0;\ngrammar loop;\npublic <loop> = ( " + choice + " )+;\n";
    set_beams(ear.config.get(), ear.options.loop_beam, ear.options.loop_beam, ear.options.loop_penalty,
              ear.options.loop_weight);
    return set_search(ear, "loop", jsgf.c_str());
}

void new_caller(pbx_ear* ear) {
    std::copy_n(ear->options.usual_mean, cepstra, ear->usual.begin());
}

pbx_ear* open(const pbx_ear_options* options, char* error, std::size_t size) {
    err_set_logfp(nullptr);
    auto ear = std::make_unique<pbx_ear>();
    ear->options = *options;
    new_caller(ear.get());
    ear->config.reset(settings(*options));
    if (!ear->config) return fail(error, size, "engine refused its settings"), nullptr;
    ear->decoder.reset(ps_init(ear->config.get()));
    if (!ear->decoder) return fail(error, size, "cannot read the acoustic model"), nullptr;
    ear->front.reset(fe_init_auto_r(ps_get_config(ear->decoder.get())));
    if (!ear->front || fe_get_output_size(ear->front.get()) != static_cast<int>(cepstra))
        return fail(error, size, "front end of the model is of another kind"), nullptr;
    if (!make_loop(*ear)) return fail(error, size, "model lacks the phones of its language"), nullptr;
    return ear.release();
}

void close(pbx_ear* ear) {
    delete ear;
}

int set_grammar(pbx_ear* ear, const char* jsgf) {
    ps_decoder_t* decoder = ear->decoder.get();
    ear->paused = Heard{};
    ps_set_search(decoder, "loop");
    if (ear->has_grammar) ps_unset_search(decoder, "answer");
    set_beams(ear->config.get(), ear->options.beam, ear->options.word_beam, ear->options.word_penalty,
              ear->options.word_weight);
    ear->has_grammar = set_search(*ear, "answer", jsgf);
    return ear->has_grammar ? 0 : -1;
}

bool is_spoken(const pbx_ear& ear, const Frame& frame) {
    return static_cast<double>(frame[0]) >= ear.loudest - ear.options.mean_range;
}

void add(pbx_ear& ear, const Frame& frame) {
    ear.loudest = ear.frames.empty() ? static_cast<double>(frame[0])
                                     : std::max(ear.loudest, static_cast<double>(frame[0]));
    ear.frames.push_back(frame);
    if (is_spoken(ear, frame)) ear.last_spoken = ear.frames.size();
}

bool take(pbx_ear& ear, const int16_t* samples, std::size_t count) {
    std::array<Frame, batch> room;
    std::array<mfcc_t*, batch> rows;
    for (std::size_t i = 0; i < batch; ++i)
        rows[i] = room[i].data();
    while (count > 0) {
        const std::size_t before = count;
        int32 made = batch;
        if (fe_process_frames(ear.front.get(), &samples, &count, rows.data(), &made, nullptr) < 0)
            return false;
        for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(made, 0)); ++i)
            add(ear, room[i]);
        if (made == 0 && count == before) break;
    }
    return true;
}

void cancel(pbx_ear* ear) {
    if (ear->started) {
        Frame last;
        int32 made = 0;
        fe_end_utt(ear->front.get(), last.data(), &made);
    }
    ear->started = false;
    ear->fed = 0;
    ear->frames.clear();
    ear->loudest = 0;
    ear->last_spoken = 0;
    ear->paused = Heard{};
}

// What is taken off every frame: the mean of the frames that were spoken (silence around a word, or the zeros
// of a line that suppresses it, says nothing of the channel), steadied by what this caller said before, at
// first by what callers say. The first cepstrum is loudness: there the steady part is how far the mean lies
// under the loudest.
using Mean = std::array<double, cepstra>;

Mean mean_of(const pbx_ear& ear) {
    double n = ear.options.mean_weight;
    Mean mean = ear.usual;
    mean[0] += ear.loudest;
    for (auto& value : mean)
        value *= n;
    for (const auto& frame : ear.frames) {
        if (!is_spoken(ear, frame)) continue;
        n += 1;
        for (std::size_t i = 0; i < cepstra; ++i)
            mean[i] += static_cast<double>(frame[i]);
    }
    for (auto& value : mean)
        value /= n;
    return mean;
}

std::vector<Frame> without(const Mean& mean, std::vector<Frame> frames) {
    for (auto& frame : frames)
        for (std::size_t i = 0; i < cepstra; ++i)
            frame[i] -= static_cast<mfcc_t>(mean[i]);
    return frames;
}

double natural(const pbx_ear& ear, int32 score) {
    constexpr double shift = 1024;  // SENSCR_SHIFT: the engine keeps scores in 1/1024 of its log base
    return score * shift * std::log(logmath_get_base(ps_get_logmath(ear.decoder.get())));
}

Found search(pbx_ear& ear, const char* name, std::vector<Frame>& frames) {
    Found found;
    ps_decoder_t* decoder = ear.decoder.get();
    if (ps_set_search(decoder, name) < 0 || ps_start_utt(decoder) < 0) return found;
    std::vector<mfcc_t*> rows;
    for (auto& frame : frames)
        rows.push_back(frame.data());
    ps_process_cep(decoder, rows.data(), static_cast<int32>(rows.size()), FALSE, TRUE);
    ps_end_utt(decoder);
    int32 score = 0;
    const char* text = ps_get_hyp(decoder, &score);
    if (text == nullptr) return found;
    found.text = text;
    found.any = true;
    for (ps_seg_t* s = ps_seg_iter(decoder); s != nullptr; s = ps_seg_next(s)) {
        Word word{ps_seg_word(s), 0, 0, 0};
        int32 acoustic = 0, language = 0, back = 0;
        ps_seg_prob(s, &acoustic, &language, &back);
        ps_seg_frames(s, &word.from, &word.to);
        word.score = natural(ear, acoustic);
        found.words.push_back(std::move(word));
    }
    return found;
}

bool is_filler(const std::string& word) {
    return word.empty() || word[0] == '<' || word[0] == '[' || word == "(NULL)" || word[0] == '+';
}

// What the loop gives each frame on average, spread evenly over a phone.
std::vector<double> per_frame(const Found& loop, std::size_t frames) {
    std::vector<double> score(frames, 0);
    for (const auto& word : loop.words) {
        const int length = word.to - word.from + 1;
        for (int f = word.from; f <= word.to && length > 0; ++f)
            if (f >= 0 && static_cast<std::size_t>(f) < frames)
                score[static_cast<std::size_t>(f)] = word.score / length;
    }
    return score;
}

void measure(const Found& said, const std::vector<double>& free, pbx_ear_answer& answer) {
    double total = 0, worst = 0;
    for (const auto& word : said.words) {
        if (is_filler(word.text)) continue;
        double margin = word.score;
        const int length = word.to - word.from + 1;
        for (int f = word.from; f <= word.to; ++f)
            if (f >= 0 && static_cast<std::size_t>(f) < free.size())
                margin -= free[static_cast<std::size_t>(f)];
        total += margin;
        answer.spoken += length;
        if (length > 0) worst = std::min(worst, margin / length);
    }
    if (answer.spoken > 0) answer.margin = total / answer.spoken;
    answer.worst = worst;
}

// The answer as fed so far.
Heard listen(pbx_ear& ear) {
    Heard heard;
    heard.last_spoken = ear.last_spoken;
    heard.answer.frames = static_cast<int>(ear.frames.size());
    const Mean mean = mean_of(ear);
    auto frames = without(mean, ear.frames);
    const Found said = search(ear, "answer", frames);
    if (!said.any) return heard;
    measure(said, per_frame(search(ear, "loop", frames), frames.size()), heard.answer);
    heard.text = said.text;
    heard.mean = mean;
    heard.mean[0] -= ear.loudest;
    return heard;
}

bool has_paused(const pbx_ear& ear) {
    return ear.has_grammar && ear.last_spoken > ear.paused.last_spoken &&
           ear.frames.size() >= ear.last_spoken + settled;
}

int feed(pbx_ear* ear, const int16_t* samples, std::size_t count) {
    if (!ear->started) {
        fe_start_stream(ear->front.get());
        fe_start_utt(ear->front.get());
        ear->started = true;
    }
    ear->fed += count;
    if (ear->fed > longest_answer * static_cast<std::size_t>(ear->options.rate)) return -1;
    if (!take(*ear, samples, count)) return -1;
    if (has_paused(*ear)) ear->paused = listen(*ear);
    return 0;
}

int finish(pbx_ear* ear, pbx_ear_answer* answer) {
    *answer = pbx_ear_answer{"", -1e9, -1e9, 0, 0};
    if (!ear->has_grammar || ear->frames.empty()) {
        const bool usable = ear->has_grammar;
        cancel(ear);
        return usable ? 0 : -1;
    }
    const Heard heard = ear->paused.last_spoken == ear->last_spoken ? std::move(ear->paused) : listen(*ear);
    cancel(ear);
    if (heard.answer.spoken > 0 && heard.answer.margin >= ear->options.trusted)
        ear->usual = heard.mean;  // noise that fits no word must not teach
    ear->text = heard.text;
    *answer = heard.answer;
    answer->text = ear->text.c_str();
    return 0;
}

int add_word(pbx_ear* ear, const char* word, const char* phones) {
    return add_way(*ear, word, phones);
}

const char* library() {
    static const std::string file = [] {
        Dl_info info{};
        return std::string(dladdr(reinterpret_cast<void*>(&ps_init), &info) != 0 ? info.dli_fname : "");
    }();
    return file.c_str();
}

constexpr pbx_ear_driver table{pbx_ear_abi, library, open,   close,  add_word,
                               set_grammar, feed,    finish, cancel, new_caller};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_pocketsphinx_driver() {
    return &table;
}
