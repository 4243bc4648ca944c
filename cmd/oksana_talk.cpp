#include "audio/wav.hpp"
#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "config/settings.hpp"
#include "oksana/robot.hpp"
#include "oksana/talk.hpp"

#include <fstream>
#include <iterator>
#include <utility>

namespace pbx::cmd {

namespace {
Result<audio::Samples> recording(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(Code::no_input, "cannot read it", path);
    std::string bytes(audio::max_wav_bytes + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    auto samples = audio::decode_wav_8k(std::as_bytes(std::span(bytes)));
    if (!samples) return within(path, samples.error());
    return samples;
}

Result<int> run(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    auto file =
        oksana::find_dialog(frame.given.value_or("DIALOG", ""), (*settings)->text("oksana", "dialogs"));
    if (!file) return Unexpected(file.error());
    auto robot = oksana::prepare_robot(**settings, *file);
    if (!robot) return Unexpected(robot.error());
    oksana::TalkSettings talk{.language = robot->dialog.language,
                              .now = oksana::local_time(frame.context.clock.wall()),
                              .prompt = frame.context.out_is_tty && !frame.given.has("voice")};
    if (auto wanted = frame.given.value("language")) talk.language = *dialog::language_named(*wanted);
    oksana::speak_in(*robot, talk.language);
    for (const auto& path : frame.given.values("voice")) {
        auto samples = recording(path);
        if (!samples) return Unexpected(samples.error());
        talk.voice.push_back(std::move(*samples));
    }
    if (!talk.voice.empty() && !robot->ear)
        return fail(Code::config, "there is no ear to hear it", file.value(), "set ear = pocketsphinx");
    if (robot->ear) talk.open_ear = [ear = *robot->ear] { return speech::open_recognizer(ear); };
    auto outcome = oksana::talk(robot->dialog, talk, frame.context.in, frame.context.out);
    if (!outcome) return Unexpected(outcome.error());
    return 0;
}

constexpr Argument arguments[] = {
    {.name = "DIALOG",
     .help = "a dialog file, or its name in [oksana] dialogs",
     .completes = Completes::dialog},
};
constexpr Option options[] = {
    {.name = "voice",
     .value = "FILE.wav",
     .help = "the caller's words, recorded; several answer one after another",
     .repeats = true,
     .completes = Completes::file},
    {.name = "language", .value = "LANGUAGE", .help = "the call's language", .choices = "en ru"},
    {.name = "ear", .value = "NAME", .help = "an [ear NAME] or an engine", .key = "oksana.ear"},
};
constexpr Example examples[] = {
    {"pbxctl oksana talk secretary", "type what a caller would say; (key 1), (silence), (hangup) too"},
    {"pbxctl oksana talk secretary --voice answer.wav", "hear a recording as the telephone would"},
    {"pbxctl oksana talk secretary < calls.txt", "a session from a file"},
};
constexpr Exit exits[] = {{0, "the talk is over"}, {65, "the dialog file or the recording has a fault"}};
}  // namespace

const Leaf oksana_talk{
    .noun = "oksana",
    .verb = "talk",
    .summary = "talk to her in the terminal: type, or give a recording",
    .description =
        "Walks a dialog with typed answers, or with recordings that go through the ear. "
        "Nothing is saved, sent or dialled: it is printed as a fact (=), so that a session "
        "can be kept as a test.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
