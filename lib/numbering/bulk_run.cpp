#include "numbering/bulk_run.hpp"

#include "net/stop_signals.hpp"
#include "numbering/bulk_outlet.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::numbering {

namespace {
using dns::Moment;
using namespace std::chrono_literals;

constexpr auto progress_period = 250ms;
constexpr auto longest_wait = 60s;

int descriptor_of(const BulkSettings& settings) {
    if (settings.again) return settings.again->descriptor();
    return settings.resume ? settings.resume->descriptor() : settings.out;
}

class Run {
  public:
    Run(const BulkSettings& settings, const Clock& clock)
        : settings_(settings),
          clock_(clock),
          input_(settings.column),
          outlet_(descriptor_of(settings), settings.resume != nullptr),
          began_(clock.now()),
          now_(began_) {}

    [[nodiscard]] Result<BulkEnd> go(const std::vector<BulkSide>& sides);

  private:
    [[nodiscard]] Result<void> begin(const std::vector<BulkSide>& sides);
    [[nodiscard]] Result<void> begin_rows(Bulk& bulk);
    [[nodiscard]] bool may_fill() const;
    [[nodiscard]] Result<void> fill();
    [[nodiscard]] Result<void> skip(const InputRow& row);
    [[nodiscard]] Result<std::string_view> row_kept();
    [[nodiscard]] Result<void> take(const InputRow& row, std::string_view kept);
    [[nodiscard]] Result<bool> rows_left();
    [[nodiscard]] bool may_begin();
    [[nodiscard]] Result<void> read();
    [[nodiscard]] Result<void> write();
    [[nodiscard]] std::string& rows();
    [[nodiscard]] bool done() const;
    [[nodiscard]] Result<void> wait();
    [[nodiscard]] Moment next_moment() const;
    void on_signal(int number);
    void on_moment(Moment expected);
    void tell();
    [[nodiscard]] Result<void> end();
    [[nodiscard]] Unexpected give_up(Error silence);

    const BulkSettings& settings_;
    const Clock& clock_;
    InputRows input_;
    Outlet outlet_;
    net::StopSignals signals_;
    std::vector<std::unique_ptr<BulkAsker>> askers_;  // one, or two whose rows are joined
    std::string joined_;
    std::uint64_t skip_ = 0, resumed_ = 0;
    bool has_header_ = false;
    bool old_rows_ = false;  // the next row is one that the file has
    std::uint64_t read_ = 0, size_ = 0;
    bool hungry_ = true;     // all that was read is used up
    bool rationed_ = false;  // the next row is not due yet
    int signal_ = 0;
    bool leave_ = false;
    Moment began_, now_, told_{};
    Moment stop_by_ = Moment::max(), next_row_{};
};

Result<void> Run::begin(const std::vector<BulkSide>& sides) {
    if (auto opened = signals_.open(); !opened) return opened;
    for (const auto& side : sides) {
        auto asker = BulkAsker::open(side.lookup, side.look, clock_);
        if (!asker) return Unexpected(asker.error());
        askers_.push_back(std::move(*asker));
    }
    struct stat about {};
    if (::fstat(settings_.in, &about) == 0 && S_ISREG(about.st_mode))
        size_ = static_cast<std::uint64_t>(about.st_size);
    return settings_.join ? Result<void>() : begin_rows(askers_.front()->bulk());
}

// The result's own first line, and where a file is gone on with.
Result<void> Run::begin_rows(Bulk& bulk) {
    std::string header;
    bulk.rows().append_header(header);
    const auto* file = settings_.resume;
    if (file == nullptr || file->lines() == 0) {
        bulk.output() += header;
        return {};
    }
    has_header_ = !header.empty();
    resumed_ = file->lines() - (has_header_ ? 1 : 0);
    if (!header.empty() && file->first() + '\n' != header)
        return fail(Code::data, "its first line is another one than would be written now", "--resume",
                    "give the same options as before, or another file");
    if (!settings_.again) {
        skip_ = resumed_;
        return {};
    }
    resumed_ = 0;
    if (!has_header_) return {};
    if (auto line = settings_.again->line(); !line) return Unexpected(line.error());
    settings_.again->pop();
    bulk.output() += header;
    return {};
}

// A row that the file has already. The last one of them must be the row of this list.
Result<void> Run::skip(const InputRow& row) {
    if (--skip_ > 0) return {};
    const auto beginning = askers_.front()->bulk().beginning(row);
    if (beginning && settings_.resume->last().starts_with(*beginning)) return {};
    return fail(Code::data, fmt::format("its last row is not of line {} of this list", row.line), "--resume",
                "give the same list and the same options as before, or another file");
}

// The next row as the file has it, when it has an answer; empty: it is to be asked for.
Result<std::string_view> Run::row_kept() {
    old_rows_ = false;
    if (!settings_.again) return std::string_view();
    auto line = settings_.again->line();
    if (!line || line->empty()) return line;
    old_rows_ = true;
    const auto status = askers_.front()->bulk().rows().status_in(*line);
    if (!status) return fail(Code::data, "a line of it is no row", "--resume", "give another file");
    return is_final(*status) ? *line : std::string_view();
}

Result<void> Run::take(const InputRow& row, std::string_view kept) {
    auto& first = *askers_.front();
    if (old_rows_) {
        const auto line = settings_.again->line();
        const auto beginning = first.bulk().beginning(row);
        if (!line || !beginning || !line->starts_with(*beginning))
            return fail(Code::data, fmt::format("it has another row for line {} of this list", row.line),
                        "--resume", "give the same list and the same options as before, or another file");
        settings_.again->pop();
        old_rows_ = false;
    }
    if (!kept.empty()) {
        ++resumed_;
        first.bulk().keep(kept);
        return {};
    }
    for (auto& asker : askers_)
        asker->take(row, now_);
    return {};
}

// Rows that the file has, but not the list.
Result<bool> Run::rows_left() {
    if (!settings_.again) return skip_ > 0;
    const auto line = settings_.again->line();
    if (!line) return Unexpected(line.error());
    return !line->empty();
}

bool Run::may_begin() {
    if (settings_.rate == 0) return true;
    rationed_ = now_ < next_row_;
    if (rationed_) return false;
    // a tenth of a second's rows may be caught up with, so that a coarse clock costs none
    next_row_ = std::max(next_row_, now_ - 100ms) + std::chrono::nanoseconds(1'000'000'000 / settings_.rate);
    return true;
}

bool Run::may_fill() const {
    return !hungry_ && !rationed_ && signal_ == 0 &&
           std::none_of(askers_.begin(), askers_.end(), [](const auto& asker) { return asker->full(); });
}

Result<void> Run::fill() {
    rationed_ = false;
    while (may_fill()) {
        const auto kept = row_kept();
        if (!kept) return Unexpected(kept.error());
        if (skip_ == 0 && kept->empty() && !may_begin()) return {};
        auto row = input_.next();
        if (!row) return Unexpected(row.error());
        if (!*row) {
            hungry_ = true;
            return {};
        }
        if (skip_ > 0) {
            if (auto skipped = skip(**row); !skipped) return skipped;
            continue;
        }
        if (auto taken = take(**row, *kept); !taken) return taken;
    }
    return {};
}

Result<void> Run::read() {
    const auto room = input_.room();
    const auto got = ::read(settings_.in, room.data(), room.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return {};
    if (got < 0) return fail(Code::no_input, std::generic_category().message(errno), "the list");
    input_.filled(static_cast<std::size_t>(got));
    read_ += static_cast<std::uint64_t>(got);
    hungry_ = got == 0 && input_.at_end();
    return {};
}

std::string& Run::rows() {
    if (!settings_.join) return askers_.front()->bulk().output();
    if (joined_.size() < max_waiting_octets)
        settings_.join(askers_.front()->bulk().output(), askers_.back()->bulk().output(), joined_);
    return joined_;
}

Result<void> Run::write() {
    const bool at_rest =
        std::all_of(askers_.begin(), askers_.end(), [](const auto& asker) { return asker->at_rest(); });
    return outlet_.write(rows(), at_rest, now_);
}

bool Run::done() const {
    if (leave_ || outlet_.reader_left() || now_ >= stop_by_) return true;
    const bool no_more = signal_ != 0 || (hungry_ && input_.at_end());
    return no_more && outlet_.is_empty() &&
           std::all_of(askers_.begin(), askers_.end(), [](const auto& asker) {
               return asker->bulk().idle() && asker->bulk().output().empty();
           });
}

Moment Run::next_moment() const {
    if (may_fill()) return now_;
    auto out = now_ + longest_wait;
    for (const auto& asker : askers_)
        if (const auto due = asker->next_moment()) out = std::min(out, *due);
    if (const auto due = outlet_.next_moment()) out = std::min(out, *due);
    if (settings_.progress) out = std::min(out, told_ + progress_period);
    if (rationed_) out = std::min(out, next_row_);
    return std::min(out, stop_by_);
}

Result<void> Run::wait() {
    const bool wants_input = hungry_ && !input_.at_end() && signal_ == 0;
    std::array<pollfd, 5> polled{
        pollfd{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = wants_input ? settings_.in : -1, .events = POLLIN, .revents = 0},
        pollfd{.fd = outlet_.is_blocked() ? outlet_.descriptor() : -1, .events = POLLOUT, .revents = 0},
        pollfd{.fd = askers_.front()->descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = askers_.back()->descriptor(), .events = POLLIN, .revents = 0}};
    const auto until = next_moment();
    const auto left = std::max(until - now_, std::chrono::nanoseconds(0));
    const timespec limit{.tv_sec = left / 1s, .tv_nsec = (left % 1s).count()};
    const int ready = ::ppoll(polled.data(), polled.size(), &limit, nullptr);
    on_moment(until);
    if (ready <= 0) return {};
    if (polled[0].revents != 0) on_signal(signals_.take());
    if (polled[1].revents != 0) return read();
    return {};
}

// It is later than `expected`: by how much tells whether we slept over answers.
void Run::on_moment(Moment expected) {
    now_ = clock_.now();
    if (now_ <= expected + stall) return;
    for (auto& asker : askers_)
        asker->on_stall(now_);
}

void Run::on_signal(int number) {
    if (number == 0) return;
    leave_ = signal_ != 0;
    if (signal_ == 0) stop_by_ = now_ + stop_time;
    signal_ = number;
}

void Run::tell() {
    if (!settings_.progress || now_ - told_ < progress_period) return;
    told_ = now_;
    const auto rows = askers_.front()->bulk().counts().rows;
    settings_.progress({.rows = rows, .read = read_, .size = size_, .took = now_ - began_});
}

// What is there is written, whatever ends the run.
Result<void> Run::end() {
    if (auto written = outlet_.write(rows(), true, now_); !written) return written;
    if (auto finished = outlet_.finish(); !finished || !settings_.again) return finished;
    return settings_.again->finish(askers_.front()->bulk().in_order() + (has_header_ ? 1 : 0));
}

Unexpected Run::give_up(Error silence) {
    if (auto ended = end(); !ended) return Unexpected(ended.error());
    if (!settings_.join)
        silence.hint = settings_.resume ? "the same command goes on where this one ended"
                                        : "with --resume FILE the next one goes on where this one ended";
    return Unexpected(std::move(silence));
}

Result<BulkEnd> Run::go(const std::vector<BulkSide>& sides) {
    if (auto begun = begin(sides); !begun) return Unexpected(begun.error());
    while (true) {
        if (auto filled = fill(); !filled) return Unexpected(filled.error());
        for (auto& asker : askers_)
            asker->work();
        if (auto written = write(); !written) return Unexpected(written.error());
        tell();
        if (done()) break;
        on_moment(now_);
        for (const auto& asker : askers_)
            if (auto silence = asker->silence(now_)) return give_up(std::move(*silence));
        if (auto waited = wait(); !waited) return Unexpected(waited.error());
    }
    auto left = rows_left();
    if (!left) return Unexpected(left.error());
    if (*left && signal_ == 0)
        return fail(Code::data, "it has more rows than this list", "--resume",
                    "give the same list as before, or another file");
    if (auto ended = end(); !ended) return Unexpected(ended.error());
    return BulkEnd{.counts = askers_.front()->bulk().counts(),
                   .signal = signal_,
                   .reader_left = outlet_.reader_left(),
                   .resumed = resumed_,
                   .took = clock_.now() - began_};
}
}  // namespace

Result<BulkEnd> run_bulk(const std::vector<BulkSide>& sides, const BulkSettings& settings,
                         const Clock& clock) {
    return Run(settings, clock).go(sides);
}

}  // namespace pbx::numbering
