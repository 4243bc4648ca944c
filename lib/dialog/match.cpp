#include "dialog/match.hpp"

#include "core/text.hpp"
#include "dialog/heard.hpp"
#include "dialog/readers/numerals.hpp"
#include "dialog/regex.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace pbx::dialog {

namespace {
// One spoken form of one list entry.
struct ListForm {
    std::size_t entry;
    std::vector<Wanted> words;
};

struct ReadyList {
    std::vector<ListEntry> entries;
    std::vector<ListForm> forms;
    // every word or stem a form can begin with -> the forms, so that a list of thousands costs one look-up a
    // word
    std::unordered_map<std::string, std::vector<std::size_t>> starts;
};

void index_form(ReadyList& list, std::size_t form) {
    const auto& first = list.forms[form].words.front();
    auto put = [&](const std::string& key) {
        auto& forms = list.starts[key];
        if (forms.empty() || forms.back() != form) forms.push_back(form);
    };
    put(first.word());
    if (!first.stem().empty()) put(first.stem());
    for (const auto& other : first.forms())
        put(other);
}

// Figures in a pattern are heard as words from most ears.
std::vector<std::vector<std::string>> ways_to_say(Language language, const std::vector<std::string>& words) {
    std::vector<std::vector<std::string>> out{words};
    const bool figures = std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return word.find_first_of("0123456789") != std::string::npos;
    });
    if (figures) out.push_back(words_as_written(spoken(language, pbx::text::join(words, " "))));
    return out;
}

ReadyList ready_list(Language language, const List& list) {
    ReadyList out{.entries = list.entries, .forms = {}, .starts = {}};
    for (std::size_t entry = 0; entry < list.entries.size(); ++entry)
        for (const auto& form : list.entries[entry].forms)
            for (const auto& way : ways_to_say(language, words_as_written(form))) {
                if (way.empty()) continue;
                out.forms.push_back({entry, wanted(language, way)});
                index_form(out, out.forms.size() - 1);
            }
    return out;
}

struct ReadyWords {
    std::vector<Wanted> words;
};
struct ReadyExact {
    std::vector<std::string> words;  // ё = е
};
struct ReadyRegex {
    std::shared_ptr<const CompiledRegex> regex;
};
struct ReadySlot {
    std::string variable;
    std::optional<Reader> reader;
    const ReadyList* list = nullptr;  // when it is no reader
    std::vector<Wanted> before, after;
};
using ReadyPattern = std::variant<ReadyWords, ReadyExact, ReadyRegex, ReadySlot>;

struct ReadyBranchPattern {
    std::size_t branch;
    ReadyPattern pattern;
};

// What a pattern made of the answer.
struct Candidate {
    std::size_t branch = 0, length = 0, exactness = 0;
    std::vector<Filled> filled = {};
    std::optional<Reader> reader = {};

    [[nodiscard]] bool better_than(const Candidate& other) const {
        return std::tie(length, exactness) > std::tie(other.length, other.exactness);
    }
};

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

// What stands in the slot when its words begin at `at`.
struct Fill {
    std::size_t words = 0;   // heard words taken
    std::size_t length = 0;  // those that count: @any takes all and claims none
    std::size_t exactness = 0;
    std::vector<std::string> values;
};

std::optional<Fill> fill_from_list(const ReadyList& list, const HeardWords& heard, std::size_t at,
                                   std::size_t to) {
    if (heard.negated[at]) return std::nullopt;
    std::optional<Fill> best;
    auto look = [&](const std::string& key) {
        const auto starts = list.starts.find(key);
        if (starts == list.starts.end()) return;
        for (const std::size_t index : starts->second) {
            const auto& form = list.forms[index];
            const auto found = in_order(form.words, heard, at, to);
            if (!found || found->first != at) continue;
            const bool better =
                !best || std::tie(found->length, found->exactness) > std::tie(best->length, best->exactness);
            if (better)
                best =
                    Fill{found->end - at, found->length, found->exactness, list.entries[form.entry].values};
        }
    };
    look(heard.words[at]);
    if (heard.stems[at] != heard.words[at]) look(heard.stems[at]);
    return best;
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

std::optional<Candidate> try_pattern(const ReadyPattern& pattern, Language language, const HeardWords& heard,
                                     const Now& now) {
    if (const auto* words = std::get_if<ReadyWords>(&pattern)) return try_words(*words, heard);
    if (const auto* exact = std::get_if<ReadyExact>(&pattern)) return try_exact(*exact, heard);
    if (const auto* regex = std::get_if<ReadyRegex>(&pattern)) return try_regex(*regex, heard);
    return SlotSearch(std::get<ReadySlot>(pattern), language, heard, now).best();
}

// «да ... нет»: both were said, one as much as the other. Nobody can say which is meant.
bool contradict(const Candidate& a, const Candidate& b) {
    const bool opposite = (a.reader == Reader::yes && b.reader == Reader::no) ||
                          (a.reader == Reader::no && b.reader == Reader::yes);
    return opposite && a.branch != b.branch && a.length == b.length;
}
}  // namespace

struct Lists::Ready {
    std::unordered_map<std::string, ReadyList> by_name;
};

Lists::Lists(Language language, const std::vector<List>& lists) {
    auto ready = std::make_shared<Ready>();
    for (const auto& list : lists)
        ready->by_name.emplace(list.name, ready_list(language, list));
    ready_ = std::move(ready);
}

const std::vector<ListEntry>* Lists::entries(const std::string& name) const {
    const auto found = ready_->by_name.find(name);
    return found == ready_->by_name.end() ? nullptr : &found->second.entries;
}

struct Matcher::Ready {
    Language language;
    std::size_t branches;
    Lists lists;  // the patterns point into it
    std::vector<ReadyBranchPattern> patterns;

    void add(std::size_t branch, const Pattern& pattern);
    void add_slot(std::size_t branch, const Slot& slot);
    [[nodiscard]] std::optional<Candidate> best(const HeardWords& heard, const Now& now) const;
};

void Matcher::Ready::add_slot(std::size_t branch, const Slot& slot) {
    ReadySlot out{slot.variable, reader_named(slot.source), nullptr, wanted(language, slot.before),
                  wanted(language, slot.after)};
    if (!out.reader) {
        const auto found = lists.ready_->by_name.find(slot.source);
        if (found == lists.ready_->by_name.end()) return;
        out.list = &found->second;
    }
    patterns.push_back({branch, std::move(out)});
}

void Matcher::Ready::add(std::size_t branch, const Pattern& pattern) {
    if (const auto* words = std::get_if<Words>(&pattern)) {
        for (const auto& way : ways_to_say(language, words->words))
            if (!way.empty()) patterns.push_back({branch, ReadyWords{wanted(language, way)}});
    } else if (const auto* exact = std::get_if<Exact>(&pattern)) {
        for (const auto& way : ways_to_say(language, exact->words))
            patterns.push_back({branch, ReadyExact{tokens(pbx::text::join(way, " "))}});
    } else if (const auto* regex = std::get_if<Regex>(&pattern)) {
        if (auto compiled = compile_regex(regex->source))
            patterns.push_back({branch, ReadyRegex{std::move(*compiled)}});
    } else {
        add_slot(branch, std::get<Slot>(pattern));
    }
}

std::optional<Candidate> Matcher::Ready::best(const HeardWords& heard, const Now& now) const {
    std::vector<Candidate> all;
    for (const auto& [branch, pattern] : patterns) {
        auto candidate = try_pattern(pattern, language, heard, now);
        if (!candidate) continue;
        candidate->branch = branch;
        all.push_back(std::move(*candidate));
    }
    const auto best = std::max_element(
        all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return b.better_than(a); });
    if (best == all.end()) return std::nullopt;
    if (std::any_of(all.begin(), all.end(), [&](const Candidate& other) { return contradict(*best, other); }))
        return std::nullopt;
    return std::move(*best);
}

Matcher::Matcher(Language language, const std::vector<Branch>& branches, Lists lists) {
    auto ready = std::make_shared<Ready>(Ready{language, branches.size(), std::move(lists), {}});
    for (std::size_t branch = 0; branch < branches.size(); ++branch)
        for (const auto& pattern : branches[branch].patterns)
            ready->add(branch, pattern);
    ready_ = std::move(ready);
}

Matcher::Matcher(Language language, const std::vector<Branch>& branches, const std::vector<List>& lists)
    : Matcher(language, branches, Lists(language, lists)) {}

std::optional<Match> Matcher::match(std::string_view heard, const Now& now) const {
    auto words = tokens(heard);
    if (words.empty()) return std::nullopt;
    auto best = ready_->best(HeardWords(ready_->language, std::move(words)), now);
    if (!best && heard.find_first_of("0123456789") != std::string_view::npos) {
        auto said_as_words = tokens(spoken(ready_->language, heard));  // "5" for a pattern «пять»
        if (!said_as_words.empty())
            best = ready_->best(HeardWords(ready_->language, std::move(said_as_words)), now);
    }
    if (!best) return std::nullopt;
    return Match{best->branch, best->length, best->exactness, std::move(best->filled)};
}

std::size_t Matcher::size() const {
    return ready_->branches;
}

}  // namespace pbx::dialog
