// TLS 1.2 and 1.3 over any Stream, as client or server, by the tls driver (OpenSSL over memory BIOs): what it
// encrypts goes through the stream below, so deadlines, limits and tests are those of every Stream. No
// renegotiation, no 0-RTT, no session tickets.
#pragma once

#include "net/stream.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pbx::net {

// PEM files; read when a TlsSide is opened, not later.
struct TlsFiles {
    std::string ca_file{};  // client: whom to trust, empty = the system's; server: who may come, empty = all
    std::string certificate{};  // own, with the chain; empty: none (a client only)
    std::string key{};          // of `certificate`; empty: it is in the same file
};

// What connections of one side share: certificates, key, trust. A reload is a new one.
class TlsSide {
  public:
    // config: a file that is missing, is no PEM, has expired or does not fit; unavailable: no driver.
    [[nodiscard]] static Result<std::shared_ptr<const TlsSide>> client(TlsFiles files);
    [[nodiscard]] static Result<std::shared_ptr<const TlsSide>> server(TlsFiles files);
    ~TlsSide();
    TlsSide(const TlsSide&) = delete;
    TlsSide& operator=(const TlsSide&) = delete;

    struct Inside;
    [[nodiscard]] const Inside& inside() const { return *inside_; }

  private:
    explicit TlsSide(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

class TlsStream : public Stream {
  public:
    // DNS names and addresses the peer's verified certificate is for, else its common name; empty: it showed
    // none.
    [[nodiscard]] virtual const std::vector<std::string>& peer_names() const = 0;
    [[nodiscard]] virtual std::string protocol() const = 0;  // "TLSv1.3"
};

// The handshake over a connected stream, all of it within `limit`. `name` is who must be there: the
// certificate must be for it (a DNS name or an address). refused: the certificate is not trusted, expired,
// for another name, or ours is not accepted there: the error says which and how to mend it; protocol: no TLS.
[[nodiscard]] Task<Result<std::unique_ptr<TlsStream>>> tls_connect(std::unique_ptr<Stream> below,
                                                                   std::shared_ptr<const TlsSide> side,
                                                                   std::string name, milliseconds limit);
[[nodiscard]] Task<Result<std::unique_ptr<TlsStream>>> tls_accept(std::unique_ptr<Stream> below,
                                                                  std::shared_ptr<const TlsSide> side,
                                                                  milliseconds limit);

}  // namespace pbx::net
