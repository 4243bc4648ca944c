#include "speech/prompts.hpp"

#include "audio/wav.hpp"
#include "core/driver.hpp"
#include "support/places.hpp"
#include "support/temp_folder.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::speech;
using Source = Prompt::Source;
namespace fs = std::filesystem;

namespace {
void write(const fs::path& file, std::string_view bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
std::vector<std::byte> read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
    auto view = std::as_bytes(std::span(bytes));
    return {view.begin(), view.end()};
}
// Files of a folder that end so.
std::size_t count(const std::string& folder, std::string_view end) {
    std::size_t found = 0;
    for (const auto& entry : fs::directory_iterator(folder))
        found += entry.path().string().ends_with(end);
    return found;
}
void age(const fs::path& file, std::chrono::seconds by) {
    fs::last_write_time(file, fs::last_write_time(file) - by);
}
PromptSettings settings(const test::TempFolder& folder) {
    set_driver_folder(test::drivers_folder());
    return {.language = "ru",
            .sounds = {.folders = {folder / "sounds"}},
            .cache = {.folder = folder / "cache"},
            .voices = {{"", {.engine = "espeak-ng", .language = "ru"}},
                       {"fast", {.engine = "espeak-ng", .language = "ru", .speed = 1.5}},
                       {"english", {.engine = "flite", .language = "en", .voice = "kal"}},
                       {"none", {.engine = "none"}}}};
}
}  // namespace

TEST_CASE("sound files: the language's folder first, then none, then English, in any format") {
    test::TempFolder folder;
    write(folder / "a/ru_RU_f_Name/oksana/hello.gsm", std::string(33 * 50, 'x'));
    write(folder / "a/ru/oksana/hello.wav", std::string(44 + 16000, 'x'));
    write(folder / "a/bye.sln16", std::string(32000, 'x'));
    write(folder / "a/en/beep.ulaw", std::string(4000, 'x'));
    write(folder / "b/ru/own.mp3", "x");
    SoundFiles files({.folders = {folder / "a", folder / "b"}});
    auto find = [&](const char* name, const char* language) {
        auto found = files.find(name, language);
        REQUIRE(found);
        return found->value_or(SoundFile{});
    };
    CHECK(find("oksana/hello", "ru").path == folder / "a/ru/oksana/hello");
    CHECK(find("oksana/hello", "ru").duration == std::chrono::seconds(1));
    CHECK(find("oksana/hello", "ru_RU_f_Name").path == folder / "a/ru_RU_f_Name/oksana/hello");
    CHECK(find("oksana/hello", "ru_RU_f_Name").duration == std::chrono::seconds(1));
    CHECK(find("oksana/hello", "ru_RU").path == folder / "a/ru/oksana/hello");
    CHECK(find("bye", "ru").extension == "sln16");
    CHECK(find("bye", "ru").duration == std::chrono::seconds(1));
    CHECK(find("beep", "ru").duration == std::chrono::milliseconds(500));
    CHECK(find("own", "ru").path == folder / "b/ru/own");
    CHECK(find("own", "ru").duration.count() == 0);
    CHECK(find("none", "ru").path.empty());
    CHECK(find((folder / "a/bye").c_str(), "ru").path == folder / "a/bye");
    CHECK(find("bye", "../b").path == folder / "a/bye");
}

TEST_CASE("sound files: what is no name is refused") {
    test::TempFolder folder;
    SoundFiles files({.folders = {folder.path()}});
    for (const char* name : {"", "../etc/passwd", "a/../../b", "a\nb", "hello.wav", "a&b"}) {
        auto found = files.find(name, "ru");
        REQUIRE_FALSE(found);
        CHECK(found.error().code == Code::data);
    }
    CHECK(files.find("hello.wav", "ru").error().hint == "write hello");
    CHECK(files.find("v1.2", "ru"));  // a dot is no extension
}

TEST_CASE("prompts: rendered once, then found; the file is the 8 kHz WAV Asterisk plays, readable for all") {
    test::TempFolder folder;
    Prompts prompts(settings(folder));
    auto first = prompts.prepare({.text = "Добрый день!"});
    REQUIRE(first);
    CHECK(first->source == Source::rendered);
    CHECK(first->path.starts_with(folder / "cache/"));
    auto wav = audio::decode_wav(read(first->path + ".wav"));
    REQUIRE(wav);
    CHECK(wav->format.rate == 8000);
    CHECK(audio::duration_of(wav->samples.size()) == first->duration);
    CHECK(first->duration > std::chrono::milliseconds(400));
    struct stat at {};
    REQUIRE(::stat((first->path + ".wav").c_str(), &at) == 0);
    CHECK((at.st_mode & 0777) == 0644);
    auto second = prompts.prepare({.text = "Добрый день!"});
    REQUIRE(second);
    CHECK(second->source == Source::cached);
    CHECK(second->path == first->path);
    CHECK(second->duration == first->duration);
    CHECK(count(folder / "cache", ".wav") == 1);
}

TEST_CASE("prompts: another voice, speed or text is another file") {
    test::TempFolder folder;
    Prompts prompts(settings(folder));
    auto path = [&](const char* text, const char* voice) {
        auto prompt = prompts.prepare({.text = text, .voice = voice});
        if (!prompt) FAIL(prompt.error().text());
        return prompt->path;
    };
    auto plain = path("taxi", "");
    CHECK(path("taxi", "fast") != plain);
    CHECK(path("taxi", "english") != plain);
    CHECK(path("taxi!", "") != plain);
    CHECK(path("taxi", "") == plain);
}

TEST_CASE("prompts: a second process finds them without loading the engine") {
    test::TempFolder folder;
    REQUIRE(Prompts(settings(folder)).prepare({.text = "да"}));
    set_driver_folder(folder / "nothing");
    Prompts later(settings(folder));
    set_driver_folder(test::drivers_folder());
    CHECK(later.prepare({.text = "да"})->source == Source::cached);
    CHECK(count(folder / "cache", ".note") == 1);
}

TEST_CASE("prompts: when the engine's library is another one, its version is asked again") {
    test::TempFolder folder;
    REQUIRE(Prompts(settings(folder)).prepare({.text = "да"}));
    auto note = folder / "cache/espeak-ng.note";
    REQUIRE(fs::exists(note));
    auto good = read(note);
    for (const char* other :
         {"", "x", "/no/such.so\n1 2.3\n9.99", "\n\n9.99", "/etc/passwd\n1 1.000000000\n9.99"}) {
        write(note, other);
        CHECK(Prompts(settings(folder)).prepare({.text = "да"})->source == Source::cached);
        CHECK(read(note) == good);
    }
}

TEST_CASE("prompts: a torn or foreign file is rendered anew, never played") {
    test::TempFolder folder;
    Prompts prompts(settings(folder));
    auto prompt = prompts.prepare({.text = "нет"});
    REQUIRE(prompt);
    auto file = prompt->path + ".wav";
    auto whole = read(file);
    for (std::size_t size :
         {std::size_t{0}, std::size_t{20}, std::size_t{44}, whole.size() / 2, whole.size() - 2}) {
        fs::resize_file(file, size);
        CHECK(prompts.prepare({.text = "нет"})->source == Source::rendered);
        CHECK(fs::file_size(file) == Approx(whole.size()).margin(400));
    }
    fs::resize_file(file, whole.size() + 320);
    CHECK(prompts.prepare({.text = "нет"})->source == Source::rendered);
    write(file, std::string(whole.size(), '\0'));
    CHECK(prompts.prepare({.text = "нет"})->source == Source::rendered);
}

TEST_CASE("prompts: a recorded file is preferred, its text is spoken when it is missing") {
    test::TempFolder folder;
    write(folder / "sounds/ru/oksana/hello.wav", std::string(44 + 16000, 'x'));
    Prompts prompts(settings(folder));
    auto recorded = prompts.prepare({.text = "Здравствуйте!", .file = "oksana/hello"});
    REQUIRE(recorded);
    CHECK(recorded->source == Source::recorded);
    CHECK(recorded->path == folder / "sounds/ru/oksana/hello");
    CHECK(recorded->duration == std::chrono::seconds(1));
    CHECK(prompts.prepare({.text = "Пока!", .file = "oksana/bye"})->source == Source::rendered);
    auto missing = prompts.prepare({.file = "oksana/bye"});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Code::no_input);
    CHECK(missing.error().text() ==
          "oksana/bye: sound file not found; record it, or put a `say` line after it");
    CHECK(prompts.prepare({.text = "x", .file = "../x"}).error().code == Code::data);
}

TEST_CASE("prompts: no voice, an unknown voice and a folder that can't be written are clear errors") {
    test::TempFolder folder;
    Prompts prompts(settings(folder));
    CHECK(prompts.prepare({.text = "x", .voice = "none"}).error().code == Code::unavailable);
    CHECK(prompts.prepare({.text = "x", .voice = "bob"}).error().text() ==
          "bob: no such voice; add [voice bob] to pbxctl.conf");
    write(folder / "file", "x");
    auto broken = settings(folder);
    broken.cache.folder = folder / "file/cache";
    auto failed = Prompts(broken).prepare({.text = "да"});
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == Code::write_failed);
    CHECK(failed.error().where == folder / "file/cache");
}

TEST_CASE("prompts: what was not used longest goes first, what was just used and notes stay") {
    test::TempFolder folder;
    PromptCache cache({.folder = folder / "cache", .most_bytes = 8 << 20});
    const audio::Samples minute(std::size_t{60} * 8000);  // 0.96 MB
    std::vector<std::string> paths;
    for (int i = 0; i < 8; ++i) {
        auto stored = cache.store(std::to_string(i), minute);
        REQUIRE(stored);
        paths.push_back(stored->path + ".wav");
        age(paths.back(), std::chrono::seconds(10'000 - i));
    }
    cache.set_note("engine", "1");
    age(folder / "cache/engine.note", std::chrono::hours(99));
    write(folder / "cache/.rendering-dead", "x");
    age(folder / "cache/.rendering-dead", std::chrono::hours(2));
    write(folder / "cache/.rendering-live", "x");
    REQUIRE(cache.find("0"));  // used again
    REQUIRE(cache.store("8", minute));
    CHECK(fs::exists(paths[0]));
    CHECK_FALSE(fs::exists(paths[1]));
    CHECK(fs::exists(paths[7]));
    CHECK(cache.note("engine") == "1");
    CHECK_FALSE(fs::exists(folder / "cache/.rendering-dead"));
    CHECK(fs::exists(folder / "cache/.rendering-live"));
    for (int i = 9; i < 14; ++i)
        REQUIRE(cache.store(std::to_string(i), minute));  // all just used: none goes
    for (int i = 9; i < 14; ++i)
        CHECK(cache.find(std::to_string(i)));
}

TEST_CASE("prompts: calls that want the same text at once render it once") {
    test::TempFolder folder;
    Prompts prompts(settings(folder));
    std::atomic<int> rendered = 0, failed = 0;
    std::vector<std::thread> calls;
    for (int i = 0; i < 6; ++i)
        calls.emplace_back([&, i] {
            for (const char* text : {"раз", "два", "три"}) {
                auto prompt = prompts.prepare({.text = text, .voice = i % 2 == 0 ? "" : "fast"});
                rendered += prompt && prompt->source == Source::rendered;
                failed += !prompt;
            }
        });
    for (auto& call : calls)
        call.join();
    CHECK(failed == 0);
    CHECK(rendered == 6);  // three texts, two voices
    CHECK(count(folder / "cache", ".wav") == 6);
}

TEST_CASE("prompts: a dialog's texts are rendered ahead, past the ones that fail") {
    test::TempFolder folder;
    write(folder / "sounds/beep.sln", std::string(1600, 'x'));
    Prompts prompts(settings(folder));
    const std::vector<Utterance> all{
        {.text = "да"}, {.file = "beep"}, {.text = "да"}, {.text = "a\nb"}, {.text = "нет"}};
    std::vector<std::size_t> steps;
    auto report = prompts.render_all(all, [&](std::size_t done, std::size_t of, const Utterance&) {
        CHECK(of == 5);
        steps.push_back(done);
    });
    CHECK(steps == std::vector<std::size_t>{1, 2, 3, 4, 5});
    CHECK(report.rendered == 2);
    CHECK(report.cached == 1);
    CHECK(report.recorded == 1);
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failures[0].index == 3);
    CHECK(report.failures[0].error.code == Code::data);
}

TEST_CASE("prompts: root renders for the folder's owner") {
    if (::geteuid() != 0) return;  // only root may give files away
    test::TempFolder folder;
    fs::create_directories(folder / "cache");
    REQUIRE(::chown((folder / "cache").c_str(), 12345, 12346) == 0);
    auto stored = PromptCache({.folder = folder / "cache"}).store("x", audio::Samples(100));
    REQUIRE(stored);
    struct stat at {};
    REQUIRE(::stat((stored->path + ".wav").c_str(), &at) == 0);
    CHECK(at.st_uid == 12345);
    CHECK(at.st_gid == 12346);
}
