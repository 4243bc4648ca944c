#include "numbering/bulk.hpp"

#include <algorithm>
#include <limits>

namespace pbx::numbering {

namespace {
constexpr std::size_t most_kept_records = 8;        // of a lookup whose room is used again
constexpr std::size_t most_kept_octets = 4 * 1024;  // of a row's room that is
constexpr std::size_t most_spare = 4096;
}  // namespace

// A number whose answers are not all there.
struct Bulk::Active {
    Active(const Order& order, Rewriter& rewriter) : lookup(std::in_place, order, rewriter) {}
    std::optional<Lookup> lookup;
    std::uint64_t line = 0;
    unsigned times_again = 0;
    Moment began{}, deadline{};
    dns::Question question;
};

Bulk::Bulk(const LookupSettings& settings, RowLook look)
    : settings_(settings),
      order_(settings.order),
      rewriter_(settings.reading),
      rows_(std::move(look)),
      places_(max_ahead) {
    const auto& wanted = rows_.look();
    order_.all_orders = order_.all_orders || wanted.form == RowForm::side;
    order_.enough = wanted.form == RowForm::side ? std::numeric_limits<std::size_t>::max() : wanted.record;
}

Bulk::~Bulk() = default;

bool Bulk::full() const {
    return next_ - first_ >= max_ahead || ahead_octets_ >= max_ahead_octets ||
           output_.size() >= max_waiting_octets;
}

Bulk::Active& Bulk::begin(std::uint64_t line, Moment now) {
    if (free_.empty()) {
        actives_.push_back(std::make_unique<Active>(order_, rewriter_));
        free_.push_back(actives_.back().get());
    }
    auto& active = *free_.back();
    free_.pop_back();
    active.line = line;
    active.times_again = 0;
    active.began = now;
    active.deadline = now + settings_.timeout;
    return active;
}

Bulk::Query Bulk::take(const InputRow& row, Moment now) {
    const auto token = next_++;
    const auto refuse = [&](std::string_view why) {
        rows_.append_refused(row.line, row.typed, why, text_for(token));
        finish(token);
        count(Status::bad_number);
        return Query{};
    };
    if (!row.fault.empty()) return refuse(row.fault);
    auto number = parse_number(row.typed, settings_.plan);
    if (!number) return refuse(number.error().what);
    auto& active = begin(row.line, now);
    place(token).active = &active;
    return go_on(token, active.lookup->start(std::move(*number)), now);
}

void Bulk::keep(std::string_view row) {
    const auto token = next_++;
    text_for(token).append(row) += '\n';
    finish(token);
}

Bulk::Query Bulk::on(std::uint64_t token, const dns::Answer& answer, Moment now) {
    return go_on(token, place(token).active->lookup->on(answer), now);
}

Bulk::Query Bulk::on(std::uint64_t token, Status failure, Moment now) {
    return go_on(token, place(token).active->lookup->on(failure), now);
}

Bulk::Query Bulk::again(std::uint64_t token, Moment now) {
    auto& active = *place(token).active;
    ++active.times_again;
    active.deadline = now + settings_.timeout;
    return {token, &active.question, active.deadline};
}

unsigned Bulk::times_again(std::uint64_t token) {
    return place(token).active->times_again;
}

Bulk::Query Bulk::go_on(std::uint64_t token, const std::optional<dns::Question>& next, Moment now) {
    auto& active = *place(token).active;
    if (next) {
        active.question = *next;
        return {token, &active.question, active.deadline};
    }
    const auto status = rows_.append(active.line, active.lookup->number(), active.lookup->outcome(),
                                     now - active.began, text_for(token));
    place(token).active = nullptr;
    release(active);
    finish(token);
    count(status);
    return {};
}

std::optional<std::string> Bulk::beginning(const InputRow& row) const {
    const auto number = row.fault.empty() ? parse_number(row.typed, settings_.plan)
                                          : fail(Code::data, std::string(row.fault));
    return rows_.beginning(row.line, number ? number->text() : std::string(row.typed));
}

void Bulk::release(Active& active) {
    if (active.lookup->outcome().room.size() > most_kept_records) active.lookup.emplace(order_, rewriter_);
    free_.push_back(&active);
}

// A row that is next in order is written where it stays.
std::string& Bulk::text_for(std::uint64_t token) {
    if (token == first_) return output_;
    auto& text = place(token).text;
    if (!spare_.empty()) {
        text = std::move(spare_.back());
        spare_.pop_back();
    }
    text.clear();
    return text;
}

void Bulk::finish(std::uint64_t token) {
    auto& done = place(token);
    done.done = true;
    if (token != first_) ahead_octets_ += done.text.capacity();
    if (token == first_) put_in_order();
}

void Bulk::put_in_order() {
    for (; first_ != next_ && place(first_).done; ++first_) {
        auto& next = place(first_);
        next.done = false;
        if (next.text.empty()) continue;  // it was next when it came
        ahead_octets_ -= next.text.capacity();
        output_ += next.text;
        if (next.text.capacity() <= most_kept_octets && spare_.size() < most_spare)
            spare_.push_back(std::move(next.text));
        next.text = {};
    }
}

void Bulk::count(Status status) {
    ++counts_.rows;
    const int exit = exit_of(status);
    counts_.worst = std::max(counts_.worst, exit);
    if (status == Status::ok)
        ++counts_.found;
    else if (status == Status::bad_number)
        ++counts_.bad;
    else
        ++(exit == static_cast<int>(Code::no) ? counts_.absent : counts_.failed);
}

}  // namespace pbx::numbering
