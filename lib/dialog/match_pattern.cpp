#include "core/text.hpp"
#include "dialog/match_parts.hpp"

#include <tuple>

namespace pbx::dialog {

namespace {
std::string said(const HeardWords& heard, std::size_t from, std::size_t to) {
    return pbx::text::join(std::span(heard.words).subspan(from, to - from), " ");
}

std::optional<Candidate> try_words(const ReadyWords& pattern, const HeardWords& heard) {
    const auto found = in_order(pattern.words, heard, 0, heard.size());
    if (!found) return std::nullopt;
    return Candidate{.length = found->length, .exactness = found->exactness};
}

std::optional<Candidate> try_exact(const ReadyExact& pattern, const HeardWords& heard) {
    if (pattern.words != heard.words) return std::nullopt;
    return Candidate{.length = heard.size(), .exactness = heard.size() * weight(Nearness::whole)};
}

std::optional<Candidate> try_regex(const ReadyRegex& pattern, const HeardWords& heard) {
    const std::string text = said(heard, 0, heard.size());
    RegexMatch found;
    if (!pattern.regex->find(text, found)) return std::nullopt;
    Candidate out;
    std::size_t begin = 0;
    for (const auto& word : heard.words) {
        const std::size_t end = begin + word.size();
        if (begin < found.to && end > found.from) ++out.length;
        begin = end + 1;
    }
    out.exactness = out.length * weight(Nearness::part);
    for (auto& [name, value] : found.groups)
        out.filled.push_back({name, {value}, value});
    return out;
}

std::optional<Fill> fill_from_reader(Reader reader, Language language, const HeardWords& heard,
                                     std::size_t at, std::size_t to, const Now& now) {
    if (reader != Reader::any && heard.negated[at]) return std::nullopt;
    if (at > 0 && continues(reader, language, heard.words[at - 1])) return std::nullopt;
    auto reading = read(reader, language, std::span(heard.words).subspan(at, to - at), now);
    if (!reading) return std::nullopt;
    Fill fill{.words = reading->words, .length = 0, .exactness = 0, .values = {std::move(reading->value)}};
    if (!reading->unit.empty()) fill.values.push_back(std::move(reading->unit));
    if (reader == Reader::any) return fill;
    fill.length = reading->words;
    // «ноль» of another branch is meant knowingly beside @number: the word itself is nearer
    const bool answer = reader == Reader::yes || reader == Reader::no;
    fill.exactness = reading->words * weight(answer ? Nearness::same : Nearness::form);
    return fill;
}

class SlotSearch {
  public:
    SlotSearch(const ReadySlot& slot, Language language, const HeardWords& heard, const Now& now)
        : slot_(slot), language_(language), heard_(heard), now_(now) {}

    std::optional<Candidate> best() const {
        const auto before = in_order(slot_.before, heard_, 0, heard_.size());
        if (!before) return std::nullopt;
        std::optional<Candidate> best;
        for (std::size_t at = before->end; at < heard_.size(); ++at) {
            auto candidate = starting(at, *before);
            if (candidate && (!best || candidate->better_than(*best))) best = std::move(candidate);
            if (slot_.reader == Reader::any && best) break;  // the first place takes most
        }
        return best;
    }

  private:
    std::optional<Candidate> starting(std::size_t at, const Found& before) const {
        // for @any the words after it end it; all others end where they end
        const std::size_t to =
            slot_.reader == Reader::any && !slot_.after.empty() ? end_of_any(at) : heard_.size();
        if (to <= at) return std::nullopt;
        auto fill = slot_.reader ? fill_from_reader(*slot_.reader, language_, heard_, at, to, now_)
                                 : fill_from_list(*slot_.list, heard_, at, to);
        if (!fill) return std::nullopt;
        const auto after = in_order(slot_.after, heard_, at + fill->words, heard_.size());
        if (!after) return std::nullopt;
        Candidate out{.length = before.length + fill->length + after->length,
                      .exactness = before.exactness + fill->exactness + after->exactness,
                      .reader = slot_.reader};
        if (!slot_.variable.empty())
            out.filled.push_back(
                {slot_.variable, std::move(fill->values), said(heard_, at, at + fill->words)});
        return out;
    }

    std::size_t end_of_any(std::size_t at) const {
        for (std::size_t to = heard_.size(); to-- > at + 1;) {
            const auto after = in_order(slot_.after, heard_, to, heard_.size());
            if (after && after->first == to) return to;
        }
        return at;
    }

    const ReadySlot& slot_;
    Language language_;
    const HeardWords& heard_;
    const Now& now_;
};
}  // namespace

bool Candidate::better_than(const Candidate& other) const {
    return std::tie(length, exactness) > std::tie(other.length, other.exactness);
}

std::optional<Candidate> try_pattern(const ReadyPattern& pattern, Language language, const HeardWords& heard,
                                     const Now& now) {
    if (const auto* words = std::get_if<ReadyWords>(&pattern)) return try_words(*words, heard);
    if (const auto* exact = std::get_if<ReadyExact>(&pattern)) return try_exact(*exact, heard);
    if (const auto* regex = std::get_if<ReadyRegex>(&pattern)) return try_regex(*regex, heard);
    return SlotSearch(std::get<ReadySlot>(pattern), language, heard, now).best();
}

}  // namespace pbx::dialog
