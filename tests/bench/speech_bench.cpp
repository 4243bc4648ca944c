// Runs recordings through the offline ear exactly as a call does (open, use a question's grammar, feed frames
// of 20 ms, finish) and prints a row a recording; scripts/bench-speech prepares the recordings and counts.
//   speech_bench [KEY=VALUE ...] < jobs
// A job is a line, fields separated by tabs:
//   ear LANGUAGE MODEL             opens an ear (MODEL "-" = the installed one)
//   grammar PHRASE|PHRASE|...      what the next clips may say
//   call                           the next clip is a new caller's
//   clip FILE                      raw 8 kHz 16-bit samples -> FILE, text, score, verdict, CPU us of feeding,
//   of finish()
// KEY=VALUE overrides a tuning: wip loop_wip lw loop_lw beam wbeam loop_beam noise silence mean range
// trusted.
#include "core/text.hpp"
#include "speech/pocketsphinx.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

namespace {

using namespace pbx;
using namespace pbx::speech;

using Overrides = std::map<std::string, double>;

void override_with(PocketsphinxTuning& t, const Overrides& overrides) {
    const std::map<std::string, std::function<void(double)>> keys = {
        {"wip", [&](double v) { t.word_penalty = v; }},
        {"loop_wip", [&](double v) { t.loop_penalty = v; }},
        {"lw", [&](double v) { t.word_weight = v; }},
        {"loop_lw", [&](double v) { t.loop_weight = v; }},
        {"beam", [&](double v) { t.beam = v; }},
        {"wbeam", [&](double v) { t.word_beam = v; }},
        {"loop_beam", [&](double v) { t.loop_beam = v; }},
        {"noise", [&](double v) { t.remove_noise = v != 0; }},
        {"silence", [&](double v) { t.remove_silence = v != 0; }},
        {"trusted", [&](double v) { t.confirm = v; }},
        {"range", [&](double v) { t.mean_range = v; }},
        {"mean", [&](double v) { t.mean_weight = v; }},
    };
    for (const auto& [key, value] : overrides) {
        auto found = keys.find(key);
        if (found == keys.end()) {
            std::cerr << "speech_bench: no tuning named " << key << '\n';
            std::exit(64);
        }
        found->second(value);
    }
}

Grammar grammar_of(std::string_view phrases, const std::string& language) {
    Grammar grammar;
    grammar.language = language;
    std::set<std::string> words;
    for (auto phrase : text::split(phrases, '|')) {
        grammar.phrases.emplace_back(phrase);
        for (auto word : text::words(phrase))
            words.emplace(word);
    }
    grammar.words.assign(words.begin(), words.end());
    grammar.jsgf = fmt::format("#JSGF V1.0 UTF-8;\ngrammar answers;\npublic <answer> = {};\n",
                               text::join(grammar.phrases, " | "));
    return grammar;
}

std::vector<std::int16_t> samples_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    std::vector<std::int16_t> samples(bytes.size() / 2);
    std::copy_n(bytes.data(), samples.size() * 2, reinterpret_cast<char*>(samples.data()));
    return samples;
}

const char* name(Hypothesis::Verdict verdict) {
    switch (verdict) {
        case Hypothesis::Verdict::accept:
            return "accept";
        case Hypothesis::Verdict::confirm:
            return "confirm";
        case Hypothesis::Verdict::reject:
            return "reject";
    }
    return "";
}

int complain(const Error& error) {
    std::cerr << "speech_bench: " << error.text() << '\n';
    return 70;
}

long cpu_us() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1'000'000L + t.tv_nsec / 1000;
}

Result<void> hear(Recognizer& ear, const std::string& file) {
    constexpr std::size_t frame = 160;
    const auto samples = samples_of(file);
    const auto start = cpu_us();
    for (std::size_t at = 0; at < samples.size(); at += frame) {
        std::span piece(samples.data() + at, std::min(frame, samples.size() - at));
        if (auto fed = ear.feed(piece); !fed) return fed;
    }
    const auto fed_at = cpu_us();
    auto heard = ear.finish();
    if (!heard) return tl::unexpected(heard.error());
    std::cout << fmt::format("{}\t{}\t{:.3f}\t{}\t{}\t{}\n", file, heard->text, heard->score,
                             name(heard->verdict), fed_at - start, cpu_us() - fed_at);
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    Overrides overrides;
    for (int i = 1; i < argc; ++i) {
        const auto pair = text::split(argv[i], '=');
        const auto value = pair.size() == 2 ? text::to_number(pair[1]) : std::nullopt;
        if (!value) return std::cerr << "speech_bench: KEY=VALUE, not " << argv[i] << '\n', 64;
        overrides[std::string(pair[0])] = *value;
    }
    std::unique_ptr<Recognizer> ear;
    std::string language;
    for (std::string line; std::getline(std::cin, line);) {
        const auto fields = text::split(line, '\t');
        if (fields[0] == "ear" && fields.size() == 3) {
            language = fields[1];
            EarSettings settings;
            settings.language = language;
            if (fields[2] != "-") settings.model = fields[2];
            auto tuning = tuning_of(language);
            override_with(tuning, overrides);
            auto opened = open_pocketsphinx(settings, tuning);
            if (!opened) return complain(opened.error());
            ear = std::move(*opened);
        } else if (fields[0] == "call" && ear) {
            ear->new_caller();
        } else if (fields[0] == "grammar" && ear && fields.size() == 2) {
            if (auto used = ear->use(grammar_of(fields[1], language)); !used) return complain(used.error());
        } else if (fields[0] == "clip" && ear && fields.size() == 2) {
            if (auto heard = hear(*ear, std::string(fields[1])); !heard) return complain(heard.error());
        } else {
            return std::cerr << "speech_bench: not a job: " << line << '\n', 64;
        }
    }
    return 0;
}
