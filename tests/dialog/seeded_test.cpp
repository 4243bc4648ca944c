// Faults seeded mechanically in the shipped dialogs: each mutation of a line has a kind that check must find.
// The same dialogs without the mutation have no finding (shipped_test).
#include "config/files.hpp"
#include "core/text.hpp"
#include "dialog/check.hpp"
#include "dialog/load.hpp"
#include "support/places.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace pbx;
using namespace pbx::dialog;

namespace {
const std::string folder = test::source_folder() + "/scripts/examples/dialogs/";

struct Seed {
    Fault kind;
    std::string how, text;
};

// One shipped dialog and its mutations.
class Seeding {
  public:
    Seeding(const std::string& name, std::string stop_word, std::string other_language)
        : name_(name), stop_word_(std::move(stop_word)), other_(std::move(other_language)) {
        auto text = config::read_file(folder + name);
        REQUIRE(text);
        for (const auto line : text::split(*text, '\n'))
            lines_.emplace_back(line);
    }

    std::vector<Seed> all() {
        for (std::size_t at = 0; at < lines_.size(); ++at) {
            const auto& line = lines_[at];
            if (line.starts_with("[")) section_ = line.substr(1, line.find(']') - 1);
            if (line.starts_with("[") || line.starts_with(";")) continue;
            arrows(at);
            words(at);
            prompts(at);
            removals(at);
        }
        additions();
        return std::move(seeds_);
    }

  private:
    [[nodiscard]] bool is(std::size_t at, std::string_view key) const {
        const auto words = text::words(lines_[at]);
        return !words.empty() && words[0] == key;
    }
    void seed(Fault kind, std::size_t at, const std::string& with) {
        auto changed = lines_;
        changed[at] = with;
        seeds_.push_back({kind, fmt::format("{}:{}: {}", name_, at + 1, with), text::join(changed, "\n")});
    }
    void seed_whole(Fault kind, const std::string& how, std::vector<std::string> lines) {
        seeds_.push_back({kind, fmt::format("{}: {}", name_, how), text::join(lines, "\n")});
    }

    void arrows(std::size_t at) {
        const auto& line = lines_[at];
        const auto arrow = line.rfind("=> ");
        const bool list = section_.starts_with("list");
        if (arrow == std::string::npos || list) return;
        seed(Fault::unknown_step, at, line + "_");
        if (is(at, "hear") || is(at, "key")) seed(Fault::stray_back, at, line.substr(0, arrow) + "=> back");
    }

    void words(std::size_t at) {
        const auto& line = lines_[at];
        const auto arrow = line.rfind("=> ");
        if (is(at, "hear") && line.find('@') == std::string::npos) {
            seed(Fault::unhearable, at, line.substr(0, arrow) + "| 24 " + line.substr(arrow));
            seed(Fault::unhearable, at, line.substr(0, arrow) + "| /2.*/ " + line.substr(arrow));
            seed(Fault::needs_dictation, at, "hear = {what:@any} => message\n" + line);
            const auto from = line.find("= ") + 2;
            for (const auto word : text::split(std::string_view(line).substr(from, arrow - from), '|'))
                seed(Fault::same_words, at, fmt::format("{}\nhear = {} => message", line, text::trim(word)));
            seed(Fault::same_words, at, fmt::format("{}\nhear = {} => message", line, stop_word_));
        }
        if (is(at, "hear") && line.find("@staff") != std::string::npos)
            for (const auto& word : {first_form(), last_form()})
                seed(Fault::same_words, at, fmt::format("{}\nhear = {} => message", line, word));
        if (is(at, "hear") &&
            (line.find("@yes") != std::string::npos || line.find("@no") != std::string::npos))
            seed(Fault::same_words, at,
                 fmt::format("{}\nhear = {} => sales", line,
                             line.find("@yes") != std::string::npos ? "@yes" : "@no"));
        if (is(at, "key")) seed(Fault::same_words, at, line + "\n" + line.substr(0, arrow) + "=> lobby");
    }

    void prompts(std::size_t at) {
        const auto& line = lines_[at];
        if (!is(at, "say") && !is(at, "else") && !is(at, "silence")) return;
        seed(Fault::own_interrupt, at, line + " " + stop_word_ + "!");
        seed(Fault::unset_variable, at, line + " ${nobody}");
        if (section_ == "hello") seed(Fault::unset_variable, at, line + " ${who.2}");
        std::string longer = line;
        while (text::columns(longer) < 230)
            longer += " bla";
        seed(Fault::long_prompt, at, longer);
        if (is(at, "say"))
            seed(Fault::missing_translation, at, fmt::format("{}\nsay.{} = Bla.", line, other_));
        if (is(at, "say")) seed(Fault::missing_sound, at, "play = oksana/missing\nset = a: b\n" + line);
    }

    void removals(std::size_t at) {
        if (is(at, "busy") || is(at, "noanswer")) seed(Fault::no_transfer_arrow, at, "");
        if (is(at, "silence")) seed(Fault::no_reask, at, "");
        if (is(at, "hangup") && lines_[at] == "hangup") {
            seed(Fault::dead_end, at, "");
            seed(Fault::endless_path, at, "=> message");
        }
        if (is(at, "transfer")) seed(Fault::dead_end, at, "");
        if (is(at, "fail")) seed(Fault::no_fail, at, "");
        if (is(at, "else")) {  // all of the step
            auto changed = lines_;
            for (std::size_t other = at; other < changed.size() && !changed[other].empty(); ++other)
                if (changed[other].starts_with("else")) changed[other].clear();
            if (!lines_[at - 1].starts_with("else"))
                seed_whole(Fault::no_reask, fmt::format("no else from line {}", at + 1), std::move(changed));
        }
    }

    void additions() {
        const auto add = [&](Fault kind, const std::string& step) {
            auto changed = lines_;
            changed.push_back(step);
            seed_whole(kind, step, std::move(changed));
        };
        add(Fault::unreachable_step, "[island]\nhangup");
        add(Fault::unreachable_step, "[one]\n=> two\n[two]\n=> message");
        for (std::size_t at = 0; at < lines_.size(); ++at)
            if (is(at, "busy")) seed(Fault::endless_path, at, "busy => sales");
    }

    [[nodiscard]] std::string first_form() const { return form(" | ", true); }
    [[nodiscard]] std::string last_form() const { return form(" | ", false); }
    [[nodiscard]] std::string form(std::string_view between, bool first) const {
        for (std::size_t at = 0; at < lines_.size(); ++at)
            if (lines_[at].starts_with("[list staff]")) {
                const auto& line = lines_[at + 1];
                const auto bar = line.find(between), arrow = line.find("=>");
                return std::string(
                    text::trim(first ? line.substr(0, bar) : line.substr(bar + 3, arrow - bar - 3)));
            }
        return {};
    }

    std::string name_, stop_word_, other_, section_;
    std::vector<std::string> lines_;
    std::vector<Seed> seeds_;
};

std::vector<Finding> findings_of(const std::string& text) {
    const auto loaded = read(text, folder + "seeded.conf", config::disk_reader());
    for (const auto& fault : loaded.faults)
        UNSCOPED_INFO(fault.text());
    CheckOptions options;
    options.sound_exists = [](const std::string& name, Language) { return name != "oksana/missing"; };
    return check(loaded.dialog, options);
}
}  // namespace

TEST_CASE("check finds every fault that is seeded in the shipped dialogs") {
    auto seeds = Seeding("secretary.ru.conf", "замолчи", "en").all();
    for (auto& seed : Seeding("secretary.en.conf", "stop", "ru").all())
        seeds.push_back(std::move(seed));
    CHECK(seeds.size() >= 100);
    std::map<Fault, std::size_t> kinds;
    for (const auto& seed : seeds) {
        ++kinds[seed.kind];
        INFO(seed.how);
        INFO(name_of(seed.kind));
        const auto found = findings_of(seed.text);
        CHECK(std::any_of(found.begin(), found.end(), [&](const Finding& one) {
            return one.kind == seed.kind && one.line > 0 && one.column > 0 && !one.hint.empty();
        }));
    }
    CHECK(kinds.size() >= 15);
}
