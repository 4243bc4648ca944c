#include "ami/fake_ami.hpp"

#include "ami/digest.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace pbx::ami::test {

namespace {
constexpr std::string_view challenge = "199584870";
constexpr net::milliseconds patience{10'000};
}  // namespace

struct FakeAmi::Inside {
    struct Guest {
        explicit Guest(net::Executor executor) : bell(std::move(executor)) {}
        std::unique_ptr<net::Stream> stream;
        net::Bell bell;
        std::string output;
        bool is_gone = false;
    };

    static net::Task<void> serve(std::shared_ptr<Inside> self, std::unique_ptr<net::Stream> stream);
    static net::Task<void> write(std::shared_ptr<Inside> self, std::shared_ptr<Guest> guest);
    void say(const std::shared_ptr<Guest>& guest, const std::string& bytes) const {
        if (ways.is_silent) return;
        guest->output += bytes;
        guest->bell.ring();
    }
    [[nodiscard]] std::string answer_to(const Message& action);
    [[nodiscard]] std::string log_in(const Message& action);

    Inside(net::Executor the_executor, Ways the_ways)
        : executor(std::move(the_executor)), ways(std::move(the_ways)) {}

    net::Executor executor;
    Ways ways;
    std::unique_ptr<net::Listener> listener;
    std::vector<std::shared_ptr<Guest>> guests;
    std::vector<std::string> actions;
    int logins = 0, pings = 0;
    std::size_t reads = 0;
};

std::string response(const Message& action, std::string_view kind, std::string_view more) {
    std::string out = "Response: ";
    out.append(kind).append("\r\n");
    if (action.find("ActionID")) out.append("ActionID: ").append(action.get("ActionID")).append("\r\n");
    return out.append(more).append("\r\n");
}

std::string list_event(const Message& action, std::string_view event, std::string_view more) {
    std::string out = "Event: ";
    out.append(event).append("\r\nActionID: ").append(action.get("ActionID")).append("\r\n");
    return out.append(more).append("\r\n");
}

std::string FakeAmi::Inside::log_in(const Message& action) {
    const bool by_key = action.get("AuthType") == "MD5";
    const bool is_right = action.get("Username") == ways.user &&
                          (by_key ? action.get("Key") == login_key(challenge, Secret(ways.secret))
                                  : action.get("Secret") == ways.secret);
    if (!is_right) return response(action, "Error", "Message: Authentication failed\r\n");
    ++logins;
    return response(action, "Success", "Message: Authentication accepted\r\n") + ways.after_login;
}

std::string FakeAmi::Inside::answer_to(const Message& action) {
    const auto name = action.get("Action");
    if (name == "Ping") {
        ++pings;
        return response(action, "Success", "Ping: Pong\r\n");
    }
    actions.emplace_back(name);
    if (name == "Login") return log_in(action);
    if (name == "Challenge" && ways.has_challenge)
        return response(action, "Success", "Challenge: " + std::string(challenge) + "\r\n");
    if (ways.answer && name != "Challenge") return ways.answer(action);
    return response(action, "Error", "Message: Invalid/unknown command: " + std::string(name) + ".\r\n");
}

net::Task<void> FakeAmi::Inside::write(std::shared_ptr<Inside> self, std::shared_ptr<Guest> guest) {
    while (!guest->is_gone) {
        bool rung = co_await guest->bell.wait(patience);
        if (!rung) break;
        auto bytes = std::exchange(guest->output, {});
        const auto piece = self->ways.piece == 0 ? bytes.size() : self->ways.piece;
        for (std::size_t at = 0; at < bytes.size() && !guest->is_gone; at += piece) {
            auto written = co_await guest->stream->write_all(bytes.substr(at, piece), patience);
            if (!written) break;
        }
    }
    co_return;
}

net::Task<void> FakeAmi::Inside::serve(std::shared_ptr<Inside> self, std::unique_ptr<net::Stream> stream) {
    auto guest = std::make_shared<Guest>(self->executor);
    guest->stream = std::move(stream);
    self->guests.push_back(guest);
    net::spawn(self->executor, write(self, guest));
    self->say(guest, self->ways.banner);
    Decoder decoder;
    std::array<char, 64 * 1024> room;
    while (!guest->is_gone) {
        auto got = co_await guest->stream->read_some(room, patience);
        if (!got || *got == 0) break;
        ++self->reads;
        decoder.feed({room.data(), *got});
        for (auto action = decoder.next(); action && *action; action = decoder.next())
            self->say(guest, self->answer_to(**action));
    }
    guest->is_gone = true;
    guest->bell.ring();
    std::erase(self->guests, guest);
    co_return;
}

FakeAmi::FakeAmi(net::Executor executor, Ways ways)
    : inside_(std::make_shared<Inside>(executor, std::move(ways))) {
    auto listener = net::Listener::open(executor, {}, [inside = std::weak_ptr(inside_)](auto stream) {
        return Inside::serve(inside.lock(), std::move(stream));
    });
    if (!listener) std::abort();
    inside_->listener = std::move(*listener);
}

FakeAmi::~FakeAmi() {
    inside_->listener.reset();
    cut();
}

std::uint16_t FakeAmi::port() const {
    return inside_->listener->port();
}

FakeAmi::Ways& FakeAmi::ways() {
    return inside_->ways;
}

void FakeAmi::say(std::string bytes) {
    for (const auto& guest : inside_->guests)
        inside_->say(guest, bytes);
}

void FakeAmi::cut() {
    for (const auto& guest : inside_->guests) {
        guest->is_gone = true;
        guest->stream->close();
        guest->bell.ring();
    }
    inside_->guests.clear();
}

int FakeAmi::logins() const {
    return inside_->logins;
}

int FakeAmi::pings() const {
    return inside_->pings;
}

const std::vector<std::string>& FakeAmi::actions() const {
    return inside_->actions;
}

std::size_t FakeAmi::reads() const {
    return inside_->reads;
}

}  // namespace pbx::ami::test
