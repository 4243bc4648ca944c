// HTTP requests, one at a time, by the curl driver. Blocks: for a pool's thread or a command with nothing
// else to do. Follows no redirect, asks no http_proxy, trusts only verified certificates. No error of it
// names a URL's path: a token may be in it.
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct pbx_http_table;

namespace pbx::net {

class HttpClient {
  public:
    struct Request {
        std::string method = "GET";
        std::string url{};  // http:// or https://
        std::vector<std::pair<std::string, std::string>> headers{};
        std::string body{};                        // sent unless the method is GET or HEAD
        std::chrono::milliseconds connect{5'000};  // name, TCP, TLS
        std::chrono::milliseconds whole{15'000};
        std::size_t most_answer = 1024 * 1024;
        std::string proxy{};    // http://…, socks5://…, socks5h://…; empty: none
        std::string ca_file{};  // instead of the system's
    };

    struct Answer {
        int status = 0;
        std::vector<std::pair<std::string, std::string>> headers{};
        std::string body{};

        [[nodiscard]] std::string_view header(
            std::string_view name) const;  // any case; the last one; "" when absent
    };

    // unavailable: no driver. `go_on` is asked while a request runs; false ends it with try_again.
    [[nodiscard]] static Result<HttpClient> open(std::function<bool()> go_on = {});

    // Any status is an answer. Errors: unavailable (no connection), refused (TLS), try_again (deadline,
    // stopped), protocol (no HTTP, answer too big), data (bad URL or header).
    [[nodiscard]] Result<Answer> send(const Request& request);
    // Of the last send(): the request left, so that the other side may have acted on it in spite of an error.
    [[nodiscard]] bool left() const { return left_; }
    [[nodiscard]] std::string version() const;

  private:
    HttpClient(const pbx_http_table* driver, void* session, std::function<bool()> go_on);

    const pbx_http_table* driver_;
    std::unique_ptr<void, void (*)(void*)> session_;
    std::function<bool()> go_on_;
    bool left_ = false;
};

// "https://host:port" of a URL, for errors and logs; "" when it is none of http and https.
[[nodiscard]] std::string origin_of(std::string_view url);

}  // namespace pbx::net
