// Sends Bot API messages over HTTP, one at a time. Blocks: for a pool's thread or a command with nothing else
// to do. Retries nothing by itself: it says whether a later try may help. The token is in no error and no
// log.
#pragma once

#include "core/result.hpp"
#include "core/secret.hpp"
#include "net/http_client.hpp"
#include "telegram/codec.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace pbx::telegram {

struct ClientOptions {
    Secret token{};
    std::string api_root = "https://api.telegram.org";  // or a reverse proxy, a local server, a test's own
    std::string proxy{};                                // net::HttpClient::Request's
    std::string ca_file{};
    std::chrono::milliseconds whole{15'000};
};

enum class Verdict { sent, refused, again };

struct Sending {
    Verdict verdict = Verdict::again;
    std::string error{};                         // for people
    std::optional<std::chrono::seconds> wait{};  // the server's own word
    bool maybe_sent = false;                     // the request left, no answer came
    std::optional<std::int64_t> message_id{};
    std::optional<std::int64_t> moved_to{};  // the chat's new number: pbxctl.conf should say it
};

class Client {
  public:
    Client(net::HttpClient http, ClientOptions options)
        : http_(std::move(http)), options_(std::move(options)) {}

    // A chat that has moved is followed once.
    [[nodiscard]] Sending send(SendMessage message);

  private:
    [[nodiscard]] Result<Answer> call(const std::string& method, std::string body);

    net::HttpClient http_;
    ClientOptions options_;
};

}  // namespace pbx::telegram
