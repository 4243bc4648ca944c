#include "oksana/robot.hpp"

#include "core/driver.hpp"
#include "core/text.hpp"
#include "dialog/load.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

namespace pbx::oksana {

namespace {
namespace fs = std::filesystem;

std::vector<std::string> dialogs_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".conf") names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Unexpected unknown_name(const config::Settings& settings, std::string_view kind, const std::string& name,
                        const dialog::Dialog& dialog) {
    auto known = settings.names(kind);
    auto near = text::suggestions(name, known);
    return fail(Code::config, fmt::format("no {} is called '{}'", kind, name), dialog.name,
                near.empty() ? fmt::format("write a section [{} {}] in pbxctl.conf", kind, name)
                             : fmt::format("did you mean '{}'?", near.front()));
}

Result<speech::VoiceSettings> voice_settings(const config::Settings& settings, const std::string& name,
                                             const dialog::Dialog& dialog) {
    speech::VoiceSettings voice{.language = {}};  // speak_in() fills it
    auto named = settings.names("voice");
    if (std::find(named.begin(), named.end(), name) != named.end()) {
        const std::string section = "voice " + name;
        voice.engine = settings.text(section, "engine");
        voice.voice = settings.text(section, "voice");
        voice.speed = settings.number(section, "speed");
        if (auto language = settings.text(section, "language"); !language.empty()) voice.language = language;
    } else if (is_one_of(name, {"espeak-ng", "flite", "none"})) {
        voice.engine = name;
    } else {
        return unknown_name(settings, "voice", name, dialog);
    }
    return voice;
}
}  // namespace

Result<std::string> find_dialog(std::string_view word, const std::string& folder) {
    std::string path(word);
    const bool is_path = word.find('/') != std::string_view::npos || word.ends_with(".conf");
    if (!is_path) path = fmt::format("{}/{}.conf", folder, word);
    std::error_code error;
    if (fs::is_regular_file(path, error)) return path;
    auto near = is_path ? std::vector<std::string>{} : text::suggestions(word, dialogs_in(folder));
    return fail(Code::no_input, "no such dialog", path,
                near.empty() ? "give a file, or a name in [oksana] dialogs"
                             : fmt::format("did you mean {}?", text::join(near, ", ")));
}

Result<speech::PromptSettings> prompt_settings(const config::Settings& settings,
                                               const dialog::Dialog& dialog) {
    speech::PromptSettings prompts{.language = std::string(dialog::name_of(dialog.language))};
    auto& folders = prompts.sounds.folders;
    auto own = settings.text("oksana", "sounds");
    folders.erase(std::remove(folders.begin(), folders.end(), own), folders.end());
    folders.insert(folders.begin(), own);
    prompts.cache.folder = settings.text("oksana", "prompts");
    prompts.cache.most_bytes = static_cast<std::uint64_t>(settings.bytes("oksana", "prompts_size"));
    // the language's own voice unless somebody chose one
    if (settings.origin("oksana", "voice") != config::Origin::preset) {
        auto voice = voice_settings(settings, settings.text("oksana", "voice"), dialog);
        if (!voice) return Unexpected(voice.error());
        prompts.voices[""] = *voice;
    }
    if (!dialog.voice.empty()) {
        auto voice = voice_settings(settings, dialog.voice, dialog);
        if (!voice) return Unexpected(voice.error());
        prompts.voices[dialog.voice] = *voice;
    }
    return prompts;
}

Result<std::optional<speech::EarSettings>> ear_settings(const config::Settings& settings,
                                                        const dialog::Dialog& dialog) {
    const std::string name = dialog.ear.empty() ? settings.text("oksana", "ear") : dialog.ear;
    speech::EarSettings ear{.language = {}};  // speak_in() fills it
    auto named = settings.names("ear");
    if (std::find(named.begin(), named.end(), name) != named.end()) {
        const std::string section = "ear " + name;
        ear.engine = settings.text(section, "engine");
        ear.model = settings.text(section, "model");
        ear.dictionary = settings.text(section, "dictionary");
        ear.accept = settings.number(section, "accept");
        ear.confirm = settings.number(section, "confirm");
        if (auto language = settings.text(section, "language"); !language.empty()) ear.language = language;
    } else if (is_one_of(name, {"pocketsphinx", "none"})) {
        ear.engine = name;
    } else {
        return unknown_name(settings, "ear", name, dialog);
    }
    if (ear.engine == "none") return std::optional<speech::EarSettings>{};
    return std::optional(std::move(ear));
}

Result<Robot> prepare_robot(const config::Settings& settings, const std::string& file) {
    if (auto folder = settings.text("general", "driver_folder"); !folder.empty()) set_driver_folder(folder);
    auto loaded = dialog::load(file);
    if (!loaded) return Unexpected(loaded.error());
    auto dialog = std::move(*loaded).take();
    if (!dialog) return Unexpected(dialog.error());
    auto prompts = prompt_settings(settings, *dialog);
    if (!prompts) return Unexpected(prompts.error());
    auto ear = ear_settings(settings, *dialog);
    if (!ear) return Unexpected(ear.error());
    CallSettings call{.recordings = settings.text("oksana", "recordings"),
                      .record_calls = settings.flag("oksana", "record_calls"),
                      .transfer_context = settings.text("oksana", "transfer_context"),
                      .header_context = settings.text("oksana", "header_context"),
                      .ring_time = std::chrono::duration_cast<std::chrono::seconds>(
                          settings.duration("oksana", "ring_time"))};
    return Robot{.dialog = std::move(*dialog),
                 .prompts = std::move(*prompts),
                 .ear = std::move(*ear),
                 .call = std::move(call),
                 .store = settings.text("store", "path")};
}

void speak_in(Robot& robot, dialog::Language language) {
    const std::string name(dialog::name_of(language));
    robot.prompts.language = name;
    for (auto& [voice, settings] : robot.prompts.voices)
        if (settings.language.empty()) settings.language = name;
    if (robot.ear && robot.ear->language.empty()) robot.ear->language = name;
}

dialog::Now local_time(WallTime moment) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return {.date = std::chrono::year_month_day(std::chrono::year(parts.tm_year + 1900),
                                                std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
                                                std::chrono::day(static_cast<unsigned>(parts.tm_mday))),
            .hour = parts.tm_hour,
            .minute = parts.tm_min};
}

}  // namespace pbx::oksana
