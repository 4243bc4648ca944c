#include "ami/settings.hpp"

#include "support/temp_folder.hpp"

#include <fstream>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::ami;

namespace {

struct Files {
    test::TempFolder folder;
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name) << text;
        return folder / name;
    }
    Result<ClientOptions> options(const std::string& conf, const Environment& environment = {}) const {
        auto reading = config::read_settings({.file = write("pbxctl.conf", conf)});
        for (const auto& fault : reading.faults)
            FAIL(fault.text());
        return client_options(reading.settings, environment, "call");
    }
};

constexpr std::string_view manager_conf =
    "[general]\nenabled = yes\nport = 5039\n"
    "[rights](!)\nread = call,reporting\nwrite = call\n"
    "[relay](rights)\nsecret = opensesame\n"
    "[bare]\nread = all\n";

}  // namespace

TEST_CASE("ami settings: user and secret_file make a client") {
    Files files;
    const auto secret = files.write("ami.secret", "opensesame\n");
    const auto options =
        files.options("[ami]\nhost = 192.0.2.1\nuser = relay\ndead_after = 2s\nsecret_file = " + secret);
    REQUIRE(options);
    CHECK(options->host == "192.0.2.1");
    CHECK(options->port == 5038);
    CHECK(options->user == "relay");
    CHECK(options->secret.read() == "opensesame");
    CHECK(options->events == "call");
    CHECK(options->login == Login::md5);
    CHECK(options->dead_after == std::chrono::seconds(2));
}

TEST_CASE("ami settings: what is missing is said with what to write") {
    Files files;
    const auto no_user = files.options("[general]\n");
    REQUIRE_FALSE(no_user);
    CHECK(no_user.error().code == Code::config);
    CHECK(no_user.error().where == "[ami] user");
    const auto no_secret = files.options("[ami]\nuser = relay\n");
    REQUIRE_FALSE(no_secret);
    CHECK(no_secret.error().where == "[ami] secret_file");
}

TEST_CASE("ami settings: Asterisk's own manager.conf gives port and secret") {
    Files files;
    const auto path = files.write("manager.conf", std::string(manager_conf));
    const auto options = files.options("[ami]\nuser = relay\nmanager_conf = " + path);
    REQUIRE(options);
    CHECK(options->secret.read() == "opensesame");
    CHECK(options->port == 5039);
    const auto own_port = files.options("[ami]\nuser = relay\nport = 5040\nmanager_conf = " + path);
    REQUIRE(own_port);
    CHECK(own_port->port == 5040);
}

TEST_CASE("ami settings: a relative manager_conf is where Asterisk says its files are") {
    Files files;
    files.write("manager.conf", std::string(manager_conf));
    const auto folder = files.folder.path();
    const auto options = files.options("[ami]\nuser = relay\nmanager_conf = manager.conf\n",
                                       [&](const std::string& name) -> std::optional<std::string> {
                                           if (name == "AST_CONFIG_DIR") return folder;
                                           return std::nullopt;
                                       });
    REQUIRE(options);
    CHECK(options->secret.read() == "opensesame");
}

TEST_CASE("ami settings: a user that manager.conf has not, or not with a secret") {
    Files files;
    const auto path = files.write("manager.conf", std::string(manager_conf));
    for (const auto* user : {"nobody", "bare"}) {
        const auto found = manager_user(path, user);
        REQUIRE_FALSE(found);
        CHECK(found.error().code == Code::config);
    }
    CHECK_FALSE(manager_user(files.folder / "none.conf", "relay"));
}

TEST_CASE("ami settings: a user's classes come by its template, and all is every class") {
    Files files;
    const auto user = manager_user(files.write("manager.conf", std::string(manager_conf)), "relay");
    REQUIRE(user);
    CHECK(has_class(user->read, "call"));
    CHECK(has_class(user->write, "call"));
    CHECK_FALSE(has_class(user->write, "command"));
    CHECK(has_class("ALL", "command"));
    CHECK(has_class("system, call", "call"));
    CHECK_FALSE(has_class("", "call"));
    CHECK_FALSE(has_class("callx", "call"));
}
