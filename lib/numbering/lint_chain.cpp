// Where the non-terminal records of a zone lead, as far as the zone itself knows.
#include "core/text.hpp"
#include "numbering/lint_zone.hpp"
#include "numbering/lookup.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr std::size_t max_steps = 1000;  // of one owner: a record's chain is short, or wrong
constexpr std::string_view no_uri = "no resolver gets a URI by it";

bool leads_on(const Record& record) {
    return record.flags.empty() && record.regexp.empty() && record.replacement != ".";
}

class Chains {
  public:
    explicit Chains(LintZone& zone) : zone_(zone) {}

    void follow(std::size_t start) {
        steps_ = 0;
        path_ = {start};
        walk();
    }

  private:
    void walk() {
        const auto here = path_.back();
        for (std::size_t i = 0; i < zone_.owners[here].records.size(); ++i) {
            const auto& record = zone_.owners[here].records[i];
            if (!leads_on(record.judged) || ++steps_ > max_steps) continue;
            const auto* target = zone_.find(record.judged.replacement);
            if (target == nullptr) {
                look_elsewhere(here, record);
                continue;
            }
            step(here, record, static_cast<std::size_t>(target - zone_.owners.data()));
        }
    }

    void step(std::size_t here, const LintRecord& record, std::size_t next) {
        auto& target = zone_.owners[next];
        target.led_to = true;
        if (std::find(path_.begin(), path_.end(), next) != path_.end())
            return add(here, record, "loop", "leads back to where it came from");
        if (path_.size() > max_hops)
            return add(here, record, "too_deep", "a sixth non-terminal record in a row");
        if (target.aus.empty()) target.aus = zone_.owners[here].aus;
        path_.push_back(next);
        walk();
        path_.pop_back();
    }

    // The name has no NAPTR record here: which may be right where this zone does not have the say.
    void look_elsewhere(std::size_t here, const LintRecord& record) {
        auto name = text::lower_ascii(record.judged.replacement);
        if (zone_.apex.empty() || (name != zone_.apex && !name.ends_with('.' + zone_.apex))) return;
        if (zone_.others.count(name) > 0) return;
        for (; name != zone_.apex; name = name.substr(name.find('.') + 1))
            if (zone_.cuts.count(name) > 0 || zone_.by_name.count("*." + name) > 0 ||
                zone_.others.count("*." + name) > 0)
                return;
        if (zone_.by_name.count("*." + zone_.apex) == 0)
            add(here, record, "no_record", "leads to a name without NAPTR records");
    }

    void add(std::size_t here, const LintRecord& record, std::string_view code, std::string_view what) {
        if (!told_.emplace(record.line, code).second) return;
        auto& finding = zone_.add(record.line, Severity::fault, code, zone_.owners[here]);
        finding.field = Field::replacement;
        finding.what = fmt::format("{}: {}", what, record.judged.replacement);
        finding.effect = no_uri;
    }

    LintZone& zone_;
    std::vector<std::size_t> path_;
    std::size_t steps_ = 0;
    std::set<std::pair<std::size_t, std::string_view>> told_;
};
}  // namespace

void judge_chains(LintZone& zone) {
    Chains chains(zone);
    for (const bool numbers : {true, false})  // first those whose number the others' regexps are matched with
        for (std::size_t i = 0; i < zone.owners.size(); ++i)
            if (numbers != zone.owners[i].whose.aus.empty()) chains.follow(i);
}

}  // namespace pbx::numbering
