#include "net/tls.hpp"

#include "core/driver.hpp"
#include "core/text.hpp"
#include "net/bell.hpp"
#include "net/deadline.hpp"
#include "net/tls_driver.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pbx::net {

namespace {

constexpr std::size_t piece = 16 * 1024;  // a TLS record's worth: what is encrypted or decrypted at once

}  // namespace

struct TlsSide::Inside {
    const pbx_tls_table* driver = nullptr;
    void* side = nullptr;

    Inside(const pbx_tls_table* its_driver, void* its_side) : driver(its_driver), side(its_side) {}
    ~Inside() { driver->close_side(side); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
};

namespace {

struct Told {
    const char* what;
    Code code;
    const char* hint;
};

Told told(pbx_tls_trouble trouble) {
    switch (trouble) {
        case PBX_TLS_EXPIRED:
            return {"its certificate has expired", Code::refused,
                    "renew the peer's certificate, or check this machine's clock"};
        case PBX_TLS_NOT_YET_VALID:
            return {"its certificate is not valid yet", Code::refused, "check this machine's clock"};
        case PBX_TLS_WRONG_NAME:
            return {"its certificate is for another name", Code::refused,
                    "name the peer as its certificate does, or issue one with this name"};
        case PBX_TLS_UNKNOWN_CA:
            return {"nobody we trust signed its certificate", Code::refused,
                    "set ca_file to the CA that signed it"};
        case PBX_TLS_WRONG_PURPOSE:
            return {"its certificate is not for this use", Code::refused,
                    "issue it with extendedKeyUsage serverAuth and clientAuth"};
        case PBX_TLS_NO_CERTIFICATE:
            return {"it shows no certificate", Code::refused, "set certificate and key at the peer"};
        case PBX_TLS_OURS_REFUSED:
            return {"it does not accept our certificate", Code::refused,
                    "set certificate and key here, and at the peer the CA that signed it"};
        case PBX_TLS_NO_COMMON_WAY:
            return {"no TLS version or cipher in common", Code::refused, "it must speak TLS 1.2 or newer"};
        case PBX_TLS_NO_TLS:
            return {"it does not speak TLS", Code::protocol, "check the port"};
        case PBX_TLS_OTHER:
            break;
    }
    return {"TLS failed", Code::protocol, ""};
}

// One connection; shared with the coroutines that work on it.
struct Session {
    using Self = std::shared_ptr<Session>;

    Session(const Executor& executor, std::unique_ptr<Stream> its_below,
            std::shared_ptr<const TlsSide> its_side)
        : below(std::move(its_below)),
          name(below->peer()),
          side(std::move(its_side)),
          driver(side->inside().driver),
          sent(executor) {}
    ~Session() {
        if (tls != nullptr) driver->close(tls);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] Unexpected failed() const {
        std::array<char, 200> text{};
        const auto trouble = driver->trouble(tls, text.data(), text.size());
        const auto is = told(trouble);
        std::string what = is.what;
        if (trouble == PBX_TLS_OTHER && text[0] != '\0') what += std::string(": ") + text.data();
        return fail(is.code, std::move(what), name, is.hint);
    }

    static Task<Result<void>> send(Self self, milliseconds limit);
    static Task<Result<std::size_t>> receive(Self self, milliseconds limit);
    static Task<Result<void>> shake(Self self);
    static Task<Result<std::size_t>> read(Self self, std::span<char> into, milliseconds limit);
    static Task<Result<void>> write(Self self, std::string bytes, milliseconds limit);

    std::unique_ptr<Stream> below;
    std::string name;
    std::shared_ptr<const TlsSide> side;
    const pbx_tls_table* driver;
    void* tls = nullptr;
    Bell sent;
    bool sending = false;  // the reader, too, may have to answer: one of both writes at a time
};

// What the driver has for the peer goes out.
Task<Result<void>> Session::send(Self self, milliseconds limit) {
    while (self->sending) {
        bool rung = co_await self->sent.wait(limit);
        if (!rung) co_return fail(Code::try_again, "the peer does not read", self->name);
    }
    self->sending = true;
    Result<void> out;
    while (out) {
        std::string bytes(piece, '\0');
        bytes.resize(self->driver->take(self->tls, bytes.data(), bytes.size()));
        if (bytes.empty()) break;
        Result<void> written = co_await self->below->write_all(std::move(bytes), limit);
        out = std::move(written);
    }
    self->sending = false;
    self->sent.ring();
    co_return out;
}

// Bytes of the peer go to the driver; 0: it closed.
Task<Result<std::size_t>> Session::receive(Self self, milliseconds limit) {
    std::array<char, 4096> part;
    Result<std::size_t> got = co_await self->below->read_some(part, limit);
    if (got && *got > 0 && self->driver->feed(self->tls, part.data(), *got) == 0)
        co_return fail(Code::unavailable, "no memory for TLS", self->name);
    co_return got;
}

Task<Result<void>> Session::shake(Self self) {
    while (true) {
        const auto step = self->driver->shake(self->tls);
        Result<void> written = co_await send(self, no_deadline);  // an alert, too
        if (step == PBX_TLS_FAILED) co_return self->failed();
        if (!written) co_return written;
        if (step == PBX_TLS_DONE) co_return written;
        Result<std::size_t> got = co_await receive(self, no_deadline);
        if (!got) co_return tl::unexpected(got.error());
        if (step == PBX_TLS_CLOSED || *got == 0)
            co_return fail(Code::protocol, "it hung up in the TLS handshake", self->name,
                           "check that the port speaks TLS");
    }
}

Task<Result<std::size_t>> Session::read(Self self, std::span<char> into, milliseconds limit) {
    if (into.empty()) co_return std::size_t{0};
    while (true) {
        std::size_t size = 0;
        const auto step = self->driver->read(self->tls, into.data(), into.size(), &size);
        if (step == PBX_TLS_DONE) co_return size;
        if (step == PBX_TLS_CLOSED) co_return std::size_t{0};
        if (!self->sending) {  // else whoever sends takes it along
            Result<void> written = co_await send(self, limit);
            if (!written && step != PBX_TLS_FAILED) co_return tl::unexpected(written.error());
        }
        if (step == PBX_TLS_FAILED) co_return self->failed();
        Result<std::size_t> got = co_await receive(self, limit);
        // an end without TLS' own goodbye: what is above counts its bytes itself
        if (!got || *got == 0) co_return got;
    }
}

Task<Result<void>> Session::write(Self self, std::string bytes, milliseconds limit) {
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const auto size = std::min(piece, bytes.size() - at);
        if (self->driver->write(self->tls, bytes.data() + at, size) != PBX_TLS_DONE) co_return self->failed();
        Result<void> written = co_await send(self, limit);
        if (!written) co_return written;
    }
    co_return Result<void>{};
}

class Encrypted final : public TlsStream {
  public:
    explicit Encrypted(Session::Self session) : session_(std::move(session)) {
        auto sink = [](void* user, const char* name, std::size_t size) {
            static_cast<std::vector<std::string>*>(user)->emplace_back(name, size);
        };
        session_->driver->peer_names(session_->tls, sink, &names_);
    }
    ~Encrypted() override { session_->below->close(); }
    Encrypted(const Encrypted&) = delete;
    Encrypted& operator=(const Encrypted&) = delete;

    Task<Result<std::size_t>> read_some(std::span<char> into, milliseconds limit) override {
        return Session::read(session_, into, limit);
    }
    Task<Result<void>> write_all(std::string bytes, milliseconds limit) override {
        return Session::write(session_, std::move(bytes), limit);
    }
    std::optional<std::size_t> unread_by_peer() const override { return session_->below->unread_by_peer(); }
    void close() override { session_->below->close(); }
    std::string peer() const override { return session_->name; }
    const std::vector<std::string>& peer_names() const override { return names_; }
    std::string protocol() const override { return session_->driver->protocol(session_->tls); }

  private:
    Session::Self session_;
    std::vector<std::string> names_;
};

Task<Result<std::unique_ptr<TlsStream>>> begin(std::unique_ptr<Stream> below,
                                               std::shared_ptr<const TlsSide> side, std::string name,
                                               milliseconds limit) {
    auto executor = co_await boost::asio::this_coro::executor;
    auto session = std::make_shared<Session>(executor, std::move(below), std::move(side));
    session->tls = session->driver->open(session->side->inside().side, name.c_str());
    if (session->tls == nullptr) co_return fail(Code::config, "no name a certificate could have", name);
    Result<void> shaken = co_await with_deadline(Session::shake(session), limit, "TLS handshake");
    if (!shaken && shaken.error().where.empty()) co_return within(session->name, shaken.error());
    if (!shaken) co_return tl::unexpected(shaken.error());
    co_return std::make_unique<Encrypted>(std::move(session));
}

Result<std::unique_ptr<TlsSide::Inside>> open_side(bool is_server, const TlsFiles& files) {
    auto driver = load_driver_as<pbx_tls_table>("tls", "libssl3");
    if (!driver) return tl::unexpected(driver.error());
    const auto given = [](const std::string& file) { return file.empty() ? nullptr : file.c_str(); };
    const pbx_tls_files its{
        .ca_file = given(files.ca_file), .certificate = given(files.certificate), .key = given(files.key)};
    std::array<char, 400> error{};
    void* side = (*driver)->open_side(is_server ? 1 : 0, &its, error.data(), error.size());
    if (side == nullptr) {
        const std::string_view text(error.data());
        const auto colon = text.find(": ");
        return fail(Code::config, std::string(text.substr(colon == std::string_view::npos ? 0 : colon + 2)),
                    std::string(text.substr(0, colon)));
    }
    return std::make_unique<TlsSide::Inside>(*driver, side);
}

}  // namespace

TlsSide::TlsSide(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
TlsSide::~TlsSide() = default;

Result<std::shared_ptr<const TlsSide>> TlsSide::client(TlsFiles files) {
    auto inside = open_side(false, files);
    if (!inside) return tl::unexpected(inside.error());
    return std::shared_ptr<const TlsSide>(new TlsSide(std::move(*inside)));
}

Result<std::shared_ptr<const TlsSide>> TlsSide::server(TlsFiles files) {
    if (files.certificate.empty()) return fail(Code::config, "a TLS server needs a certificate");
    auto inside = open_side(true, files);
    if (!inside) return tl::unexpected(inside.error());
    return std::shared_ptr<const TlsSide>(new TlsSide(std::move(*inside)));
}

Task<Result<std::unique_ptr<TlsStream>>> tls_connect(std::unique_ptr<Stream> below,
                                                     std::shared_ptr<const TlsSide> side, std::string name,
                                                     milliseconds limit) {
    return begin(std::move(below), std::move(side), std::move(name), limit);
}

Task<Result<std::unique_ptr<TlsStream>>> tls_accept(std::unique_ptr<Stream> below,
                                                    std::shared_ptr<const TlsSide> side, milliseconds limit) {
    return begin(std::move(below), std::move(side), std::string(), limit);
}

}  // namespace pbx::net
