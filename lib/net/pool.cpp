#include "net/pool.hpp"

#include "net/bell.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

namespace pbx::net {

namespace asio = boost::asio;

struct Pool::Inside {
    struct Job {
        std::function<void()> work, done;
        Executor tracked;  // the loop does not run dry while a job is under way
    };

    Inside(Executor loop_executor, std::size_t most)
        : executor(std::move(loop_executor)), max_waiting(most) {}

    Executor executor;
    std::size_t max_waiting;
    std::size_t most_threads = 1;
    std::mutex mutex;
    std::condition_variable came;
    std::deque<Job> waiting;
    std::vector<std::thread> threads;
    std::size_t idle = 0;
    bool stopped = false;

    [[nodiscard]] Job job(std::function<void()> work, std::function<void()> done) const {
        return Job{std::move(work), std::move(done),
                   asio::prefer(executor, asio::execution::outstanding_work.tracked)};
    }

    // under the mutex; threads are begun when work comes, so a pool nobody uses costs nothing. false: there
    // is no thread and none is to be had, the job is not taken
    bool add(Job its_job) {
        waiting.push_back(std::move(its_job));
        if (idle < waiting.size() && threads.size() < most_threads && !begin_thread() && threads.empty()) {
            waiting.pop_back();
            return false;
        }
        came.notify_one();
        return true;
    }

    bool begin_thread() {
        try {
            threads.emplace_back([this] { run(); });
        } catch (const std::system_error&) {  // over a limit of processes or memory
            return false;
        }
        return true;
    }

    void run() {
        std::unique_lock lock(mutex);
        while (true) {
            ++idle;
            came.wait(lock, [this] { return stopped || !waiting.empty(); });
            --idle;
            if (stopped) return;
            auto next = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            next.work();
            if (next.done) asio::post(executor, std::move(next.done));
            next = Job{};
            lock.lock();
        }
    }
};

Pool::Pool(Loop& loop, std::size_t threads, std::size_t max_waiting)
    : inside_(std::make_shared<Inside>(loop.executor(), max_waiting)) {
    inside_->most_threads = std::max<std::size_t>(1, threads);
}

Pool::~Pool() {
    std::deque<Inside::Job> dropped;
    {
        const std::lock_guard lock(inside_->mutex);
        inside_->stopped = true;
        dropped.swap(inside_->waiting);
    }
    inside_->came.notify_all();
    for (auto& thread : inside_->threads)
        thread.join();
}

bool Pool::submit(std::function<void()> work, std::function<void()> done) {
    const std::lock_guard lock(inside_->mutex);
    if (inside_->stopped || inside_->waiting.size() >= inside_->max_waiting) return false;
    return inside_->add(inside_->job(std::move(work), std::move(done)));
}

bool Pool::is_stopping() const {
    const std::lock_guard lock(inside_->mutex);
    return inside_->stopped;
}

Task<bool> Pool::await(std::function<void()> work) {
    auto bell = std::make_shared<Bell>(inside_->executor);
    const bool taken = submit(std::move(work), [bell] { bell->ring(); });
    if (!taken) co_return false;
    bool rung = co_await bell->wait(no_deadline);
    co_return rung;
}

// One of its jobs at a time is in the pool, as a job that runs the first of `waiting` and then asks for the
// next.
struct Pool::Lane::Order : std::enable_shared_from_this<Order> {
    explicit Order(std::shared_ptr<Inside> its_pool) : pool(std::move(its_pool)) {}

    std::shared_ptr<Inside> pool;
    std::deque<Inside::Job> waiting;  // under the pool's mutex
    bool under_way = false;
    bool closed = false;  // on the loop only: nobody wants a `done` any more

    void run_first() {
        Inside::Job job;
        {
            const std::lock_guard lock(pool->mutex);
            if (!waiting.empty()) {
                job = std::move(waiting.front());
                waiting.pop_front();
            }
        }
        if (job.work) job.work();
        if (job.done) asio::post(pool->executor, told(std::move(job.done)));
        job = Inside::Job{};
        const std::lock_guard lock(pool->mutex);
        under_way = !waiting.empty() && !pool->stopped;
        if (under_way) under_way = ask();
    }

    [[nodiscard]] std::function<void()> told(std::function<void()> done) {
        return [self = shared_from_this(), done = std::move(done)] {
            if (!self->closed) done();
        };
    }

    [[nodiscard]] bool ask() {  // under the mutex
        return pool->add(pool->job([self = shared_from_this()] { self->run_first(); }, nullptr));
    }
};

Pool::Lane::Lane(Pool& pool) : order_(std::make_shared<Order>(pool.inside_)) {}

Pool::Lane::~Lane() {
    std::deque<Inside::Job> dropped;
    order_->closed = true;
    const std::lock_guard lock(order_->pool->mutex);
    dropped.swap(order_->waiting);
}

bool Pool::Lane::submit(std::function<void()> work, std::function<void()> done) {
    auto& pool = *order_->pool;
    const std::lock_guard lock(pool.mutex);
    if (pool.stopped || order_->waiting.size() >= pool.max_waiting) return false;
    order_->waiting.push_back(pool.job(std::move(work), std::move(done)));
    if (order_->under_way) return true;
    order_->under_way = order_->ask();
    if (!order_->under_way) order_->waiting.pop_back();
    return order_->under_way;
}

}  // namespace pbx::net
