#include "dns/loop_resolver.hpp"

#include "net/bell.hpp"

#include <cerrno>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fcntl.h>

namespace pbx::dns {

namespace asio = boost::asio;

namespace {

struct Waiter {
    Waiter(const net::Executor& executor, const Question& the_question)
        : bell(executor), question(the_question) {}
    net::Bell bell;
    Question question;
    Reply reply;
};

}  // namespace

struct LoopResolver::Inside : std::enable_shared_from_this<LoopResolver::Inside> {
    Inside(const net::Executor& the_executor, const Clock& the_clock)
        : executor(the_executor), clock(the_clock), descriptor(the_executor), alarm(the_executor) {}

    void finish(const Finished& finished);
    void work_soon();
    void work();
    void watch();
    void set_alarm();
    void close();

    net::Executor executor;
    const Clock& clock;
    std::unique_ptr<Client> client;
    std::unordered_map<std::uint64_t, std::shared_ptr<Waiter>> waiters;
    asio::posix::stream_descriptor descriptor;  // a copy of the client's
    asio::steady_timer alarm;
    std::optional<Moment> alarm_at;
    std::uint64_t last_token = 0;
    bool watching = false, work_posted = false, closed = false;
};

void LoopResolver::Inside::finish(const Finished& finished) {
    const auto found = waiters.find(finished.token);
    if (found == waiters.end()) return;
    const auto waiter = found->second;
    waiters.erase(found);
    waiter->reply = own(finished, waiter->question);
    waiter->bell.ring();
}

void LoopResolver::Inside::work_soon() {
    if (std::exchange(work_posted, true)) return;
    asio::post(executor, [self = shared_from_this()] {
        self->work_posted = false;
        self->work();
    });
}

void LoopResolver::Inside::work() {
    if (closed) return;
    client->work();
    if (client->in_flight() == 0) return;
    watch();
    set_alarm();
}

void LoopResolver::Inside::watch() {
    if (std::exchange(watching, true)) return;
    const auto came = [self = shared_from_this()](const boost::system::error_code& error) {
        self->watching = false;
        if (!error) self->work();
    };
    descriptor.async_wait(asio::posix::descriptor_base::wait_read, came);
}

// An alarm that rings too early does no harm, so it is only ever set to an earlier moment: most questions are
// answered long before theirs.
void LoopResolver::Inside::set_alarm() {
    const auto next = client->next_moment();
    if (!next || (alarm_at && *alarm_at <= *next)) return;
    alarm_at = next;
    alarm.expires_at(*next);
    alarm.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (error) return;  // set anew
        self->alarm_at.reset();
        self->work();
    });
}

void LoopResolver::Inside::close() {
    closed = true;
    alarm.cancel();
    boost::system::error_code ignored;
    descriptor.close(ignored);
}

Result<std::shared_ptr<LoopResolver>> LoopResolver::open(const net::Executor& executor,
                                                         const ClientSettings& settings, const Clock& clock) {
    auto inside = std::make_shared<Inside>(executor, clock);
    auto client = Client::open(settings, clock,
                               [raw = inside.get()](const Finished& finished) { raw->finish(finished); });
    if (!client) return tl::unexpected(client.error());
    inside->client = std::move(*client);
    const int copy = ::fcntl(inside->client->descriptor(), F_DUPFD_CLOEXEC, 0);
    boost::system::error_code error;
    if (copy >= 0) inside->descriptor.assign(copy, error);
    if (copy < 0 || error) return fail(Code::unavailable, std::generic_category().message(errno), "dns");
    return std::shared_ptr<LoopResolver>(new LoopResolver(std::move(inside)));
}

LoopResolver::~LoopResolver() {
    inside_->close();
}

const Client& LoopResolver::client() const {
    return *inside_->client;
}

net::Task<Result<Reply>> LoopResolver::ask(std::shared_ptr<LoopResolver> self, Question question,
                                           net::milliseconds limit) {
    auto& inside = *self->inside_;
    const auto token = ++inside.last_token;
    const auto waiter = std::make_shared<Waiter>(inside.executor, question);
    if (!inside.client->ask(waiter->question, token, inside.clock.now() + limit))
        co_return fail(Code::try_again, "too many questions are open", "dns");
    inside.waiters.emplace(token, waiter);
    inside.work_soon();
    bool rung = co_await waiter->bell.wait(net::no_deadline);  // the client keeps the limit
    if (!rung) co_return fail(Code::try_again, "the loop ends", "dns");
    co_return std::move(waiter->reply);
}

}  // namespace pbx::dns
