#include "oksana/checked.hpp"

#include "dialog/load.hpp"
#include "oksana/robot.hpp"

#include <utility>

namespace pbx::oksana {

Result<Checked> check_dialog(const config::Settings& settings, const std::string& path) {
    auto loaded = dialog::load(path);
    if (!loaded) return Unexpected(loaded.error());
    if (!loaded->ok()) return Checked{std::move(loaded->faults), {}, {}};
    auto& dialog = loaded->dialog;
    auto prompts = prompt_settings(settings, dialog);
    if (!prompts) return Unexpected(prompts.error());
    auto ear = ear_settings(settings, dialog);
    if (!ear) return Unexpected(ear.error());
    speech::SoundFiles sounds(prompts->sounds);
    const dialog::CheckOptions options{
        .ear = *ear ? dialog::ear_named((*ear)->engine) : dialog::Ear::none,
        .sound_exists = [&](const std::string& name, dialog::Language language) {
            auto found = sounds.find(name, dialog::name_of(language));
            return found && found->has_value();
        }};
    Checked out{dialog::check(dialog, options), dialog::extent(dialog), {}};
    out.dialog = std::move(dialog);
    return out;
}

}  // namespace pbx::oksana
