// What a call needs to be heard and answered: dialogs, voices, ears.
#include "cmd/probe.hpp"
#include "config/files.hpp"
#include "oksana/checked.hpp"
#include "speech/recognizer.hpp"
#include "speech/synthesizer.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
namespace fs = std::filesystem;
using config::Settings;

// Files in the folder that are dialogs themselves, not parts that dialogs include.
std::vector<std::string> dialog_files(const std::string& folder) {
    std::vector<std::string> out;
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
        if (file.path().extension() != ".conf") continue;
        const auto document = config::parse_file(file.path().string());
        if (!document || document->find("dialog") != nullptr) out.push_back(file.path().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

void dialog_file(const Settings& settings, const std::string& path, Findings& out) {
    const auto checked = oksana::check_dialog(settings, path);
    if (!checked) return out.push_back(failed("dialog", checked.error()));
    if (checked->findings.empty()) return out.push_back({Verdict::pass, "dialog", path});
    const auto& first = checked->findings.front();
    const auto more = checked->findings.size() - 1;
    out.push_back({Verdict::fail, "dialog",
                   fmt::format("{}:{}:{}: {}{}", first.file, first.line, first.column, first.what,
                               more == 0 ? std::string() : fmt::format(", and {} more", more)),
                   fmt::format("pbxctl oksana check {}", path)});
}

void voice(const std::string& subject, const speech::VoiceSettings& wanted, Findings& out) {
    const auto opened = speech::open_synthesizer(wanted);
    if (!opened) {
        out.push_back({Verdict::warn, subject, opened.error().what, opened.error().hint});
        return;
    }
    const auto spoken = (*opened)->speak(wanted.language == "ru" ? "проверка" : "check");
    if (!spoken)
        out.push_back({Verdict::warn, subject, spoken.error().what, spoken.error().hint});
    else
        out.push_back({Verdict::pass, subject, (*opened)->identity()});
}

void ear(const std::string& subject, const speech::EarSettings& wanted, Findings& out) {
    const auto opened = speech::open_recognizer(wanted);
    if (!opened)
        out.push_back({Verdict::warn, subject,
                       fmt::format("{}: {}", opened.error().where, opened.error().what),
                       opened.error().hint});
    else
        out.push_back({Verdict::pass, subject, "opens"});
}

// The language of a [voice NAME] or [ear NAME], else the one of dialogs that name none.
std::string language_of(const Settings& settings, const std::string& section) {
    const auto own = settings.text(section, "language");
    return own.empty() ? settings.text("oksana", "language") : own;
}
}  // namespace

void probe_dialogs(const Settings& settings, Findings& out) {
    for (const auto& path : dialog_files(settings.text("oksana", "dialogs")))
        dialog_file(settings, path, out);
}

void probe_voices(const Settings& settings, Findings& out) {
    voice("voice espeak-ng, English", {.engine = "espeak-ng", .language = "en"}, out);
    voice("voice espeak-ng, Russian", {.engine = "espeak-ng", .language = "ru"}, out);
    voice("voice flite, English", {.engine = "flite", .language = "en"}, out);
    for (const auto& name : settings.names("voice")) {
        const auto section = "voice " + name;
        if (settings.text(section, "engine") == "none") continue;
        voice(fmt::format("[{}]", section),
              {.engine = settings.text(section, "engine"),
               .language = language_of(settings, section),
               .voice = settings.text(section, "voice"),
               .speed = settings.number(section, "speed")},
              out);
    }
}

void probe_ears(const Settings& settings, Findings& out) {
    ear("ear pocketsphinx, English", {.language = "en"}, out);
    ear("ear pocketsphinx, Russian", {.language = "ru"}, out);
    for (const auto& name : settings.names("ear")) {
        const auto section = "ear " + name;
        if (settings.text(section, "engine") == "none") continue;
        ear(fmt::format("[{}]", section),
            {.engine = settings.text(section, "engine"),
             .language = language_of(settings, section),
             .model = settings.text(section, "model"),
             .dictionary = settings.text(section, "dictionary"),
             .accept = settings.number(section, "accept"),
             .confirm = settings.number(section, "confirm")},
            out);
    }
}

}  // namespace pbx::cmd
