// Real MQTT brokers as children of a test: mosquitto, and nats-servers as a cluster. Their packages are in
// scripts/install-deps' group lab.
#pragma once

#include "support/temp_folder.hpp"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pbx::test {

// Free just now: nobody else is likely to take it in the moment until the broker does.
inline std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd, generic, size) != 0 || ::getsockname(fd, generic, &size) != 0) std::abort();
    ::close(fd);
    return ntohs(address.sin_port);
}

// A program that ends with the test.
class Child {
  public:
    explicit Child(std::vector<std::string> words) : words_(std::move(words)) { start(); }
    ~Child() { kill(SIGKILL); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void start() {
        pid_ = ::fork();
        if (pid_ != 0) return;
        const int quiet = ::open("/dev/null", O_RDWR);
        for (const int fd : {0, 1, 2})
            ::dup2(quiet, fd);
        std::vector<char*> argv;
        for (auto& word : words_)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    void kill(int signal) {
        if (pid_ <= 0) return;
        ::kill(pid_, signal);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
    }
    void pause() { ::kill(pid_, SIGSTOP); }
    void go_on() { ::kill(pid_, SIGCONT); }
    void save() { ::kill(pid_, SIGUSR1); }  // mosquitto's

  private:
    std::vector<std::string> words_;
    pid_t pid_ = -1;
};

class Mosquitto {
  public:
    // `more`: lines of its configuration beside the listener.
    explicit Mosquitto(const TempFolder& folder, const std::string& more = "allow_anonymous true\n")
        : port(free_port()) {
        const auto file = folder / ("mosquitto-" + std::to_string(port) + ".conf");
        std::ofstream(file) << "listener " << port << " 127.0.0.1\nuser root\n" << more;
        child = std::make_unique<Child>(std::vector<std::string>{"mosquitto", "-c", file});
    }
    [[nodiscard]] std::string url() const { return "mqtt://127.0.0.1:" + std::to_string(port); }

    std::uint16_t port;
    std::unique_ptr<Child> child;
};

// nats-servers with JetStream, which their MQTT needs.
class NatsCluster {
  public:
    explicit NatsCluster(const TempFolder& folder, int size = 3) {
        std::vector<std::uint16_t> routes;
        std::string all;
        for (int i = 0; i < size; ++i) {
            routes.push_back(free_port());
            mqtt.push_back(free_port());
            all += (i == 0 ? "" : ", ") + std::string("nats://127.0.0.1:") + std::to_string(routes.back());
        }
        for (std::size_t i = 0; i < routes.size(); ++i) {
            const auto name = "n" + std::to_string(i);
            const auto file = folder / (name + ".conf");
            std::ofstream(file) << "server_name: " << name << "\nlisten: 127.0.0.1:" << free_port()
                                << "\njetstream { store_dir: \"" << folder / name
                                << "\" }\nmqtt { listen: 127.0.0.1:" << mqtt[i]
                                << " }\ncluster { name: c\n listen: 127.0.0.1:" << routes[i] << "\n routes: ["
                                << all << "]\n}\n";
            nodes.push_back(std::make_unique<Child>(std::vector<std::string>{"nats-server", "-c", file}));
        }
    }
    // The broker `first` and then the others in turn.
    [[nodiscard]] std::string url(std::size_t first) const {
        std::string out = "mqtt://";
        for (std::size_t i = 0; i < mqtt.size(); ++i)
            out += (i == 0 ? "" : ",") + ("127.0.0.1:" + std::to_string(mqtt[(first + i) % mqtt.size()]));
        return out;
    }

    std::vector<std::uint16_t> mqtt;
    std::vector<std::unique_ptr<Child>> nodes;
};

}  // namespace pbx::test
