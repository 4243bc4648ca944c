#include "devstate/snapshot_client.hpp"

#include "net/bell.hpp"
#include "net/loop.hpp"

#include <memory>
#include <utility>

namespace pbx::devstate {

namespace {

// The questions of one snapshot under way.
struct Asking : std::enable_shared_from_this<Asking> {
    Asking(ami::Client& the_client, Source& source, Wants wants, std::function<void(Result<Table>)> the_done)
        : client(the_client), snapshot(std::move(wants), source), done(std::move(the_done)) {}

    void go_on();
    void send(const Snapshot::Question& question);

    ami::Client& client;
    Snapshot snapshot;
    std::function<void(Result<Table>)> done;
};

void Asking::send(const Snapshot::Question& question) {
    const auto self = shared_from_this();
    const auto number = question.number;
    if (question.is_list) {
        const auto on_list = [self, number](const Result<ami::List>& list) {
            self->snapshot.on_list(number, list);
            self->go_on();
        };
        auto on_entry = [self, number](const ami::Message& entry) { self->snapshot.on_entry(number, entry); };
        const auto asked = client.send_list(question.action, std::move(on_entry), on_list);
        if (!asked) on_list(tl::unexpected(asked.error()));
        return;
    }
    const auto on_answer = [self, number](const Result<ami::Message>& answer) {
        self->snapshot.on_answer(number, answer);
        self->go_on();
    };
    const auto asked = client.send(question.action, on_answer);
    if (!asked) on_answer(tl::unexpected(asked.error()));
}

void Asking::go_on() {
    const auto questions = snapshot.questions();
    for (const auto& question : questions)
        send(question);
    if (snapshot.is_done() && done) std::exchange(done, {})(snapshot.take());
}

Error cut() {
    return {Code::unavailable, "the connection was cut", {}, {}};
}

net::Task<Result<Table>> ask_once(net::Executor executor, ami::Client* client, Source* source, Wants wants) {
    auto bell = std::make_shared<net::Bell>(executor);
    auto table = std::make_shared<std::optional<Result<Table>>>();
    auto done = [bell, table](Result<Table> came) {
        *table = std::move(came);
        bell->ring();
    };
    std::make_shared<Asking>(*client, *source, std::move(wants), std::move(done))->go_on();
    while (!*table) {
        bool rung = co_await bell->wait(net::no_deadline);  // each question has a deadline of its own
        static_cast<void>(rung);
    }
    co_return std::move(**table);
}

net::Task<void> hand_on(net::Task<Result<Table>> asking, std::function<void(Result<Table>)> done) {
    auto table = co_await std::move(asking);
    done(std::move(table));
}

}  // namespace

net::Task<Result<Table>> take_snapshot(net::Executor executor, ami::Client* client, Source* source,
                                       Wants wants) {
    const auto login = client->logins();
    for (int tried = 1;; ++tried) {
        auto table = co_await ask_once(executor, client, source, wants);
        if (tried == snapshot_tries || !table || !lacks_lists(*table, wants)) co_return table;
        co_await net::sleep_for(between_tries);
        if (!client->is_up() || client->logins() != login) co_return tl::unexpected(cut());
    }
}

void ask_snapshot(net::Executor executor, ami::Client& client, Source& source, Wants wants,
                  std::function<void(Result<Table>)> done) {
    net::spawn(executor,
               hand_on(take_snapshot(executor, &client, &source, std::move(wants)), std::move(done)));
}

}  // namespace pbx::devstate
