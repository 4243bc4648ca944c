#include "config/settings.hpp"

#include "support/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace pbx::config;
using pbx::Code;

namespace {
using Variables = std::map<std::string, std::string>;

pbx::Environment environment_of(Variables variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}
}  // namespace

namespace {
class Machine {
  public:
    void write(const std::string& name, const std::string& text) {
        const std::filesystem::path path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
    Reading read(Variables variables = {}, std::vector<Override> overrides = {}, std::string file = {}) {
        variables.emplace("HOME", folder_ / "home");
        return read_settings({.file = std::move(file),
                              .environment = environment_of(std::move(variables)),
                              .overrides = std::move(overrides),
                              .system_folder = folder_ / "etc"});
    }
    [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
    // The faults as text, without the folder of this run.
    [[nodiscard]] std::string faults(const Reading& reading) const {
        std::string out;
        for (const auto& fault : reading.faults)
            out += fault.text() + "\n";
        const auto prefix = folder_.path() + "/";
        for (auto at = out.find(prefix); at != std::string::npos; at = out.find(prefix, at))
            out.erase(at, prefix.size());
        return out;
    }

  private:
    pbx::test::TempFolder folder_;
};
}  // namespace

TEST_CASE("settings: without any file every value is its default") {
    Machine machine;
    const auto reading = machine.read();
    REQUIRE(reading.faults.empty());
    CHECK(reading.settings.files().empty());
    CHECK(reading.settings.text("oksana", "dialogs") == "/etc/pbxctl/dialogs");
    CHECK(reading.settings.bytes("oksana", "prompts_size") == 200LL * 1024 * 1024);
    CHECK(reading.settings.origin("oksana", "dialogs") == Origin::preset);
    CHECK(reading.settings.number("voice any", "speed") == 1.0);
    CHECK(reading.settings.names("voice").empty());
}

TEST_CASE(
    "settings: every default in the schema is a value of its own type, and every section has its help") {
    for (const auto& key : schema()) {
        INFO(key.section << " " << key.name);
        if (!key.preset.empty()) CHECK_FALSE(wrong_with(key, key.preset).has_value());
        CHECK_FALSE(key.help.empty());
        CHECK((key.type == Type::choice) == !key.choices.empty());
        CHECK(section_kind(key.section) == key.section);
    }
}

TEST_CASE("settings: an option goes before the environment, that before the file, that before the default") {
    Machine machine;
    machine.write("etc/pbxctl.conf", "[oksana]\nsounds = /file\nprompts = /file\nlanguage = ru\n");
    const auto reading = machine.read({{"PBXCTL_OKSANA_SOUNDS", "/env"}, {"PBXCTL_OKSANA_PROMPTS", "/env"}},
                                      {{"oksana", "sounds", "/flag", "--sounds"}});
    REQUIRE(machine.faults(reading).empty());
    const auto& settings = reading.settings;
    CHECK(settings.text("oksana", "sounds") == "/flag");
    CHECK(settings.text("oksana", "prompts") == "/env");
    CHECK(settings.text("oksana", "language") == "ru");
    CHECK(settings.origin("oksana", "sounds") == Origin::option);
    CHECK(settings.origin("oksana", "prompts") == Origin::environment);
    CHECK(settings.origin("oksana", "language") == Origin::file);
    for (const auto& value : settings.values()) {
        if (value.key->name == "sounds") CHECK(value.from == "--sounds");
        if (value.key->name == "prompts") CHECK(value.from == "$PBXCTL_OKSANA_PROMPTS");
        if (value.section == "oksana" && value.key->name == "language")
            CHECK(value.from == machine.path("etc/pbxctl.conf:4:12"));
    }
}

TEST_CASE("settings: --config, then $PBXCTL_CONFIG, then the home folder, then /etc with conf.d in order") {
    Machine machine;
    machine.write("etc/pbxctl.conf", "[log]\nlevel = error\nformat = json\n");
    machine.write("etc/conf.d/20.conf", "[log]\nlevel = debug\n");
    machine.write("etc/conf.d/10.conf", "[log]\nlevel = info\n");
    CHECK(machine.read().settings.text("log", "level") == "debug");
    CHECK(machine.read().settings.text("log", "format") == "json");
    machine.write("home/.config/pbxctl/pbxctl.conf", "[log]\nlevel = off\n");
    CHECK(machine.read().settings.text("log", "level") == "off");
    CHECK(machine.read().settings.text("log", "format") == "text");
    machine.write("other.conf", "[log]\nlevel = warning\n");
    const Variables other{{"PBXCTL_CONFIG", machine.path("other.conf")}};
    CHECK(machine.read(other).settings.text("log", "level") == "warning");
    machine.write("flag.conf", "[log]\nlevel = info\n");
    CHECK(machine.read(other, {}, machine.path("flag.conf")).settings.text("log", "level") == "info");
}

TEST_CASE("settings: a file that was named must be there") {
    Machine machine;
    CHECK(machine.faults(machine.read({{"PBXCTL_CONFIG", machine.path("no.conf")}})) ==
          "no.conf: No such file or directory; check --config and $PBXCTL_CONFIG\n");
    CHECK(machine.faults(machine.read({}, {}, machine.path("no.conf"))) ==
          "no.conf: No such file or directory; check --config and $PBXCTL_CONFIG\n");
}

TEST_CASE("settings: faults are told with their place and what was meant") {
    Machine machine;
    machine.write("etc/pbxctl.conf",
                  "[oksana]\nsound = /x\nlanguage = rus\nprompts_size = 10\nzzzzzzzz = 1\n[oksna]\nx = 1\n"
                  "[voice]\n[voice a]\nspeed = fast\nengine = festival\n[service]\nhealth_listen = 9190\n"
                  "[tg]\ntoken = 1:a\nsecret_file\n[general\n");
    const auto reading = machine.read();
    CHECK(machine.faults(reading) ==
          "etc/pbxctl.conf:2:1: unknown key 'sound' in [oksana]; did you mean sounds?\n"
          "etc/pbxctl.conf:3:12: language: 'rus' is not known here; did you mean ru?\n"
          "etc/pbxctl.conf:4:16: prompts_size: 10 is out of range; write 1M to 1T\n"
          "etc/pbxctl.conf:5:1: unknown key 'zzzzzzzz' in [oksana]; known are: " +
              [] {
                  std::string known;
                  for (const auto& key : schema())
                      if (key.section == "oksana") known.append(known.empty() ? "" : ", ").append(key.name);
                  return known;
              }() +
              "\n"
              "etc/pbxctl.conf:6:2: unknown section [oksna]; did you mean oksana?\n"
              "etc/pbxctl.conf:8:2: unknown section [voice]; write [voice NAME]\n"
              "etc/pbxctl.conf:10:9: speed: 'fast' is not a number\n"
              "etc/pbxctl.conf:11:10: engine: 'festival' is not known here; write one of: espeak-ng, flite, "
              "none\n"
              "etc/pbxctl.conf:13:17: health_listen: '9190' is not an address (host:port); write host:port, "
              "e.g. "
              "127.0.0.1:9190\n"
              "etc/pbxctl.conf:15:1: unknown key 'token' in [tg]; a secret stands in a file of its own: "
              "secret_file = "
              "/path\n"
              "etc/pbxctl.conf:16:1: 'secret_file' has no value; write secret_file = value\n"
              "etc/pbxctl.conf:17:1: no closing ']'; write [name]\n");
    for (const auto& fault : reading.faults)
        CHECK(fault.code == Code::config);
}

TEST_CASE("settings: a wrong value of the environment or an option is told by its name") {
    Machine machine;
    const auto reading =
        machine.read({{"PBXCTL_LOG_LEVEL", "loud"}}, {{"oksana", "language", "fr", "--language"}});
    REQUIRE(reading.faults.size() == 2);
    CHECK(reading.faults[0].where == "$PBXCTL_LOG_LEVEL");
    CHECK(reading.faults[0].code == Code::config);
    CHECK(reading.faults[1].where == "--language");
    CHECK(reading.faults[1].code == Code::usage);
}

TEST_CASE("settings: named sections keep their names, their defaults and their environment") {
    Machine machine;
    machine.write(
        "etc/pbxctl.conf",
        "[base](!)\nspeed = 0.9\n[voice anna](base)\nengine = flite\n[voice  ru slow](base)\nspeed = 0.7\n");
    const auto reading = machine.read({{"PBXCTL_VOICE_RU_SLOW_VOICE", "ru+f2"}});
    REQUIRE(machine.faults(reading).empty());
    CHECK(reading.warnings.empty());
    CHECK(reading.settings.names("voice") == std::vector<std::string>{"anna", "ru slow"});
    CHECK(reading.settings.text("voice anna", "engine") == "flite");
    CHECK(reading.settings.number("voice anna", "speed") == Approx(0.9));
    CHECK(reading.settings.number("voice ru slow", "speed") == Approx(0.7));
    CHECK(reading.settings.text("voice ru slow", "engine") == "espeak-ng");
    CHECK(reading.settings.text("voice ru slow", "voice") == "ru+f2");
}

TEST_CASE("settings: a key that may repeat keeps all its lines, another that does is warned of") {
    Machine machine;
    machine.write("etc/pbxctl.conf",
                  "[tg]\nchat = ops, 1\nchat = boss, 2\n[log]\nlevel = info\nlevel = debug\n");
    const auto reading = machine.read();
    REQUIRE(machine.faults(reading).empty());
    CHECK(reading.settings.all("tg", "chat") == std::vector<std::string>{"ops, 1", "boss, 2"});
    CHECK(reading.settings.text("log", "level") == "debug");
    REQUIRE(reading.warnings.size() == 1);
    CHECK(reading.warnings[0].what == "'level' is set twice in [log]");
    CHECK(reading.warnings[0].where == machine.path("etc/pbxctl.conf:6:1"));
}

TEST_CASE("settings: a secret is the first line of its file, or a systemd credential of the section's name") {
    Machine machine;
    machine.write("token", "12:abc\nrest\n");
    machine.write("etc/pbxctl.conf", "[tg]\nsecret_file = " + machine.path("token") + "\n");
    ::chmod(machine.path("token").c_str(), 0600);
    auto secret = machine.read().settings.secret("tg");
    REQUIRE(secret);
    CHECK(secret->read() == "12:abc");
    CHECK(exposure(machine.path("token")).empty());
    ::chmod(machine.path("token").c_str(), 0644);
    CHECK(exposure(machine.path("token")) == "everybody can read this secret");

    machine.write("etc/pbxctl.conf", "");
    machine.write("credentials/tg", "34:def");
    secret = machine.read({{"CREDENTIALS_DIRECTORY", machine.path("credentials")}}).settings.secret("tg");
    REQUIRE(secret);
    CHECK(secret->read() == "34:def");

    secret = machine.read().settings.secret("tg");
    REQUIRE_FALSE(secret);
    CHECK(secret.error().code == Code::config);
    CHECK(secret.error().where == "[tg] secret_file");
}

TEST_CASE("settings: an empty or missing secret file is an error that names it") {
    Machine machine;
    machine.write("token", "\n12:abc\n");
    machine.write("etc/pbxctl.conf", "[tg]\nsecret_file = " + machine.path("token") + "\n");
    auto secret = machine.read().settings.secret("tg");
    REQUIRE_FALSE(secret);
    CHECK(secret.error().where == machine.path("token"));
    std::filesystem::remove(machine.path("token"));
    secret = machine.read().settings.secret("tg");
    REQUIRE_FALSE(secret);
    CHECK(secret.error().code == Code::no_input);
}

TEST_CASE("settings: values by type") {
    CHECK(to_flag("Yes") == true);
    CHECK(to_flag("off") == false);
    CHECK_FALSE(to_flag("maybe").has_value());
    CHECK(to_size("4096") == 4096);
    CHECK(to_size("2G") == 2LL << 30);
    CHECK_FALSE(to_size("2GB").has_value());
    CHECK_FALSE(to_size("-1").has_value());
    CHECK_FALSE(to_size("9999999999T").has_value());
    CHECK_FALSE(to_size("").has_value());
    const Key address{.section = "s", .name = "k", .type = Type::address};
    for (auto good : {"127.0.0.1:80", "host:0", "[::1]:9190"})
        CHECK_FALSE(wrong_with(address, good).has_value());
    for (auto bad : {"", ":80", "host", "host:", "host:x", "::1:80", "host:70000", "a b:1"})
        CHECK(wrong_with(address, bad).has_value());
    const Key time{.section = "s", .name = "k", .type = Type::duration, .least = 100, .most = 60000};
    CHECK_FALSE(wrong_with(time, "6s").has_value());
    CHECK(wrong_with(time, "6").has_value());
    CHECK(wrong_with(time, "2m")->hint == "write 100ms to 1m");
    const Key number{.section = "s", .name = "k", .type = Type::number, .least = 0.5, .most = 2};
    for (auto bad : {"nan", "inf", "0.4", "2.1", "x", ""})
        CHECK(wrong_with(number, bad).has_value());
}
