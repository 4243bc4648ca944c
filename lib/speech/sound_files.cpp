#include "speech/sound_files.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

namespace pbx::speech {

namespace {
namespace fs = std::filesystem;

// What Asterisk's format modules play, the likely ones first; of those with a constant rate the length is
// known from the size: `bytes` each `ms`, after `header`.
struct Format {
    std::string_view extension;
    std::uint64_t bytes = 0, ms = 0, header = 0;
};
constexpr std::array formats{
    Format{"wav", 16, 1, 44},
    Format{"sln", 16, 1, 0},
    Format{"slin", 16, 1, 0},
    Format{"ulaw", 8, 1, 0},
    Format{"ul", 8, 1, 0},
    Format{"pcm", 8, 1, 0},
    Format{"alaw", 8, 1, 0},
    Format{"al", 8, 1, 0},
    Format{"gsm", 33, 20, 0},
    Format{"wav49", 65, 40, 60},
    Format{"WAV", 65, 40, 60},
    Format{"g722", 8, 1, 0},
    Format{"sln16", 32, 1, 0},
    Format{"wav16", 32, 1, 44},
    Format{"sln32", 64, 1, 0},
    Format{"sln44", 441, 5, 0},
    Format{"sln48", 96, 1, 0},
    Format{"g729", 10, 10, 0},
    Format{"ilbc", 50, 30, 0},
    Format{"opus"},
    Format{"ogg"},
    Format{"mp3"},
    Format{"siren7", 4, 1, 0},
    Format{"siren14", 6, 1, 0},
};
constexpr std::size_t max_name = 200;

Result<void> check(std::string_view name) {
    std::string shown(name.substr(0, max_name));
    if (name.empty() || name.size() > max_name || !text::is_plain_line(name))
        return fail(Code::data, "no name of a sound file", shown);
    for (auto part : text::split(name, '/'))
        if (part == "..") return fail(Code::data, "name of a sound file leaves its folder", shown);
    if (name.find('&') != name.npos)
        return fail(Code::data, "one sound file at a time", shown, "write a `play` line for each");
    for (const auto& format : formats)
        if (name.size() > format.extension.size() + 1 && name.ends_with(format.extension) &&
            name[name.size() - format.extension.size() - 1] == '.')
            return fail(Code::data, "sound files are named without extension", shown,
                        "write " + std::string(name.substr(0, name.size() - format.extension.size() - 1)));
    return {};
}

std::optional<SoundFile> at(const fs::path& stem) {
    for (const auto& format : formats) {
        auto file = stem;
        file += "." + std::string(format.extension);
        std::error_code missing;
        auto size = fs::file_size(file, missing);
        if (missing) continue;
        SoundFile found{.path = stem.string(), .extension = std::string(format.extension)};
        if (format.bytes > 0 && size > format.header)
            found.duration = std::chrono::milliseconds((size - format.header) * format.ms / format.bytes);
        return found;
    }
    return std::nullopt;
}

// ru_RU_f_Name, ru_RU_f, ru_RU, ru, none, en: file.c cuts a language at its last underscore.
std::vector<std::string> languages(std::string_view language) {
    std::vector<std::string> list;
    bool sane = language.find('/') == language.npos && text::is_plain_line(language) && language != "..";
    while (sane && !language.empty()) {
        list.emplace_back(language);
        language = language.substr(0, std::min(language.rfind('_'), language.size()));
        if (list.back() == language) break;
    }
    list.emplace_back();
    if (std::find(list.begin(), list.end(), "en") == list.end()) list.emplace_back("en");
    return list;
}
}  // namespace

Result<std::optional<SoundFile>> SoundFiles::find(std::string_view name, std::string_view language) const {
    auto good = check(name);
    if (!good) return tl::unexpected(good.error());
    if (name.front() == '/') return at(fs::path(name));
    for (const auto& folder : folders_.folders)
        for (const auto& spoken : languages(language))
            if (auto found = at(fs::path(folder) / spoken / name)) return found;
    return std::nullopt;
}

}  // namespace pbx::speech
