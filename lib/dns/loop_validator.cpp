#include "dns/loop_validator.hpp"

#include "net/bell.hpp"

#include <cerrno>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <fcntl.h>

namespace pbx::dns {

namespace asio = boost::asio;

namespace {
struct Waiter {
    Waiter(const net::Executor& executor, const Question& the_question)
        : bell(executor), question(the_question) {}
    net::Bell bell;
    Question question;
    std::optional<Reply> reply;
};
}  // namespace

struct LoopValidator::Inside : std::enable_shared_from_this<LoopValidator::Inside> {
    explicit Inside(const net::Executor& the_executor) : executor(the_executor), descriptor(the_executor) {}

    void finish(const Judged& judged) {
        const auto found = waiters.find(judged.token);
        if (found == waiters.end()) return;
        const auto waiter = found->second;
        waiters.erase(found);
        waiter->reply = own(judged, waiter->question);
        waiter->bell.ring();
    }
    // Its threads write there when an answer is ready.
    void watch() {
        if (closed || waiters.empty() || std::exchange(watching, true)) return;
        descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                              [self = shared_from_this()](const boost::system::error_code& error) {
                                  self->watching = false;
                                  if (error || self->closed) return;
                                  self->validator->work();
                                  self->watch();
                              });
    }
    void close() {
        closed = true;
        boost::system::error_code ignored;
        descriptor.close(ignored);
    }

    net::Executor executor;
    std::unique_ptr<Validator> validator;
    asio::posix::stream_descriptor descriptor;  // a copy of the validator's
    std::unordered_map<std::uint64_t, std::shared_ptr<Waiter>> waiters;
    std::uint64_t last_token = 0;
    bool watching = false, closed = false;
};

Result<std::shared_ptr<LoopValidator>> LoopValidator::open(const net::Executor& executor,
                                                           const ValidatorSettings& settings,
                                                           const Clock& clock) {
    auto validator = Validator::open(settings, clock);
    if (!validator) return tl::unexpected(validator.error());
    auto inside = std::make_shared<Inside>(executor);
    inside->validator = std::move(*validator);
    inside->validator->set_sink([raw = inside.get()](const Judged& judged) { raw->finish(judged); });
    const int copy = ::fcntl(inside->validator->descriptor(), F_DUPFD_CLOEXEC, 0);
    boost::system::error_code error;
    if (copy >= 0) inside->descriptor.assign(copy, error);
    if (copy < 0 || error) return fail(Code::unavailable, std::generic_category().message(errno), "dns");
    return std::shared_ptr<LoopValidator>(new LoopValidator(std::move(inside)));
}

LoopValidator::~LoopValidator() {
    inside_->close();
}

bool LoopValidator::covers(const Name& name) const {
    return inside_->validator->covers(name);
}

net::Task<Result<Reply>> LoopValidator::ask(std::shared_ptr<LoopValidator> self, Question question,
                                            net::milliseconds limit) {
    auto& inside = *self->inside_;
    const auto token = ++inside.last_token;
    if (inside.waiters.size() >= most_open || !inside.validator->start(question, token))
        co_return fail(Code::try_again, "too many questions are open", "dns");
    const auto waiter = std::make_shared<Waiter>(inside.executor, question);
    inside.waiters.emplace(token, waiter);
    inside.watch();
    bool rung = co_await waiter->bell.wait(limit);
    if (rung && waiter->reply) co_return std::move(*waiter->reply);
    inside.validator->cancel(token);
    inside.waiters.erase(token);
    co_return Reply{};
}

}  // namespace pbx::dns
