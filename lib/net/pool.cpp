#include "net/pool.hpp"

#include "net/bell.hpp"
#include "net/stream.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

namespace pbx::net {

namespace {
// The guard keeps the loop's run() from ending while a thread still owes it a `done`.
struct Job {
    std::function<void()> work, done;
    boost::asio::executor_work_guard<Executor> owed;
};
}  // namespace

struct Pool::Inside {
    Inside(Executor home, std::size_t most) : executor(std::move(home)), max_waiting(most) {}

    Executor executor;
    std::size_t max_waiting;
    std::mutex mutex;  // of what follows: loop and threads meet here only
    std::condition_variable more;
    std::deque<Job> waiting;
    bool stopping = false;
    std::vector<std::thread> threads;

    void serve() {
        for (;;) {
            std::unique_lock lock(mutex);
            more.wait(lock, [this] { return stopping || !waiting.empty(); });
            if (stopping) return;
            Job job = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            job.work();
            boost::asio::post(executor, std::move(job.done));
        }
    }
};

Pool::Pool(Loop& loop, std::size_t threads, std::size_t max_waiting)
    : inside_(std::make_shared<Inside>(loop.executor(), max_waiting)) {
    for (std::size_t i = 0; i < threads; ++i)
        inside_->threads.emplace_back([inside = inside_.get()] { inside->serve(); });
}

Pool::~Pool() {
    {
        std::lock_guard lock(inside_->mutex);
        inside_->stopping = true;
    }
    inside_->more.notify_all();
    for (auto& thread : inside_->threads)
        thread.join();
    inside_->waiting.clear();
}

bool Pool::submit(std::function<void()> work, std::function<void()> done) {
    {
        std::lock_guard lock(inside_->mutex);
        if (inside_->waiting.size() >= inside_->max_waiting) return false;
        inside_->waiting.push_back(
            {std::move(work), std::move(done), boost::asio::make_work_guard(inside_->executor)});
    }
    inside_->more.notify_one();
    return true;
}

Task<bool> Pool::await(std::function<void()> work) {
    auto bell = std::make_shared<Bell>(inside_->executor);
    if (!submit(std::move(work), [bell] { bell->ring(); })) co_return false;
    bool rung = co_await bell->wait(no_deadline);
    co_return rung;
}

// Touched on the loop only: what waits goes to a thread in one batch when the batch before it is done.
struct Pool::Lane::Order : std::enable_shared_from_this<Order> {
    struct Step {
        std::function<void()> work, done;
    };
    explicit Order(Pool& its_pool) : pool(its_pool), most(its_pool.inside_->max_waiting) {}

    bool send() {
        auto batch = std::make_shared<std::vector<Step>>();
        batch->swap(waiting);
        running = pool.submit(
            [batch] {
                for (const auto& step : *batch)
                    step.work();
            },
            [batch, self = shared_from_this()] { self->finished(*batch); });
        return running;
    }
    void finished(const std::vector<Step>& batch) {
        running = false;
        for (const auto& step : batch)
            if (!closed && step.done) step.done();
        if (!closed && !running && !waiting.empty() && !send()) waiting.clear();
    }

    Pool& pool;
    std::size_t most;
    std::vector<Step> waiting;
    bool running = false, closed = false;
};

Pool::Lane::Lane(Pool& pool) : order_(std::make_shared<Order>(pool)) {}

Pool::Lane::~Lane() {
    order_->closed = true;
    order_->waiting.clear();
}

bool Pool::Lane::submit(std::function<void()> work, std::function<void()> done) {
    if (order_->waiting.size() >= order_->most) return false;
    order_->waiting.push_back({std::move(work), std::move(done)});
    return order_->running || order_->send();
}

}  // namespace pbx::net
