#include "dialog/load.hpp"

#include "config/files.hpp"
#include "core/text.hpp"
#include "dialog/load_lists.hpp"
#include "dialog/load_settings.hpp"
#include "dialog/load_step.hpp"
#include "dialog/targets.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog {

namespace {
using namespace loading;

std::string base_name(std::string_view path) {
    auto name = path.substr(path.rfind('/') + 1);
    if (name.ends_with(".conf")) name.remove_suffix(5);
    return std::string(name);
}

// conf's own errors carry their place as text: "file:line:column".
Finding finding_of(const Error& error) {
    Finding finding{Fault::syntax, error.where, 0, 0, error.what, error.hint};
    for (auto* number : {&finding.column, &finding.line}) {
        const auto colon = finding.file.rfind(':');
        if (colon == std::string::npos) break;
        const auto value = text::to_integer(std::string_view(finding.file).substr(colon + 1));
        if (!value) break;
        *number = static_cast<std::uint32_t>(*value);
        finding.file.resize(colon);
    }
    return finding;
}

bool is_step_name(std::string_view name) {
    return std::none_of(name.begin(), name.end(), [](char c) {
        return c == ' ' || c == '\t' || c == '.' || c == '|' || c == '=' || c == '>' || c == '{' || c == '"';
    });
}

class Loading {
  public:
    explicit Loading(const config::Document& document)
        : document_(document), faults_(document, loaded_.faults) {}

    Loaded whole() {
        for (const auto& error : document_.errors)
            loaded_.faults.push_back(finding_of(error));
        dialog().files = document_.files;
        dialog().name = base_name(document_.files.empty() ? "" : document_.files.front());
        read_settings(document_, dialog(), faults_);
        for (const auto& section : document_.sections)
            if (!section.is_template) one(section);
        link();
        known_slots();
        spoken_languages();
        std::stable_sort(loaded_.faults.begin(), loaded_.faults.end(),
                         [&](const Finding& a, const Finding& b) {
                             return std::tuple(order(a.file), a.line, a.column) <
                                    std::tuple(order(b.file), b.line, b.column);
                         });
        return std::move(loaded_);
    }

  private:
    Dialog& dialog() { return loaded_.dialog; }
    std::size_t order(const std::string& file) const {
        return static_cast<std::size_t>(std::find(document_.files.begin(), document_.files.end(), file) -
                                        document_.files.begin());
    }
    void one(const config::Section& section);
    void step(const config::Section& section);
    void link();
    void known_slots();
    void only_kept(const Step& step);
    void spoken_languages();

    const config::Document& document_;
    Loaded loaded_;
    Faults faults_;
    std::unordered_map<std::string, std::size_t> steps_;
};

void Loading::one(const config::Section& section) {
    const auto words = text::words(section.name);
    if (section.name == "dialog") return;
    const auto word = words.empty() ? std::string_view() : words.front();
    if (word == "interrupt" || word.starts_with("interrupt.") || (word == "list" && words.size() == 2))
        return read_lists(section, dialog(), faults_);
    if (words.size() != 1 || !is_step_name(section.name)) {
        static const std::vector<std::string> known{"dialog", "interrupt", "list NAME"};
        return faults_.add(section.at, fmt::format("\"{}\" is not a step's name", section.name),
                           "a name is one word without dots; other sections: [dialog], [interrupt], "
                           "[list NAME], each with .ru or .en where wordings differ");
    }
    if (section.name == "stop" || section.name == "again" || section.name == "back" || section.name == "list")
        return faults_.add(section.at, fmt::format("\"{}\" can't be a step's name", section.name),
                           "the word has a meaning of its own in arrows: choose another");
    step(section);
}

void Loading::step(const config::Section& section) {
    const auto [found, fresh] = steps_.emplace(section.name, dialog().steps.size());
    if (!fresh)
        return faults_.add(section.at, fmt::format("step \"{}\" is there twice", section.name),
                           fmt::format("the other one is at {}; give one of them another name",
                                       document_.where(dialog().steps[found->second].place)));
    if (dialog().steps.size() == max_steps)
        return faults_.add(section.at, fmt::format("more than {} steps", max_steps), "split the dialog");
    dialog().steps.push_back(step_of(section, dialog().language, faults_));
}

// Names of arrows become indexes; what can't is left to check, which knows the nearest step.
void Loading::link() {
    each_target(dialog(), [&](Target& target) {
        if (const auto found = steps_.find(target.name); found != steps_.end()) {
            target.kind = Target::Kind::step;
            target.step = found->second;
        } else if (target.name == "back") {
            target.kind = Target::Kind::back;
        } else if (target.name == "stop") {
            target.kind = Target::Kind::stop;
        } else if (target.name == "again") {
            target.kind = Target::Kind::again;
        }
    });
    each_arrow(dialog(), [&](const Arrow& arrow) {
        if (arrow.to.kind == Target::Kind::stop || arrow.to.kind == Target::Kind::again)
            faults_.add(arrow.to.place, fmt::format("=> {} is for [interrupt] only", arrow.to.name),
                        "point it at a step");
    });
    if (const auto& last = dialog().hangup; last && last->kind == Target::Kind::step)
        only_kept(dialog().steps[last->step]);
    for (const auto& target : dialog().quiet)
        if (target.kind == Target::Kind::step) dialog().steps[target.step].quiet = true;
}

// {name:@SOURCE} is a reader's or a list's.
void Loading::known_slots() {
    std::vector<std::string> known{"yes", "no", "number", "digits", "phone", "date", "time", "money", "any"};
    for (const auto& list : dialog().lists)
        known.push_back(list.list.name);
    for (const auto& step : dialog().steps) {
        const auto* question = step.question();
        if (question == nullptr) continue;
        for (const auto& hear : question->hears)
            for (std::size_t at = 0; at < hear.branch.patterns.size(); ++at)
                if (const auto* slot = std::get_if<Slot>(&hear.branch.patterns[at]);
                    slot != nullptr && std::find(known.begin(), known.end(), slot->source) == known.end())
                    faults_.unknown(hear.places[at], "reader or list", slot->source, known);
    }
}

// Nobody is there any more who could hear or be asked.
void Loading::only_kept(const Step& step) {
    const std::string hint = "after the caller hung up there are save, notify and set only";
    for (const auto& line : step.lines)
        if (!std::holds_alternative<line::Save>(line.what) &&
            !std::holds_alternative<line::Notify>(line.what) && !std::holds_alternative<line::Set>(line.what))
            faults_.add(line.place, "nobody is there for this line", hint);
    if (!std::holds_alternative<std::monostate>(step.end.what))
        faults_.add(step.end.place, "nobody is there for this line", hint);
}

void Loading::spoken_languages() {
    auto& speaks = dialog().speaks;
    speaks[index_of(dialog().language)] = true;
    const auto note = [&](const Wording& wording) {
        for (std::size_t at = 0; at < languages; ++at)
            speaks[at] = speaks[at] || wording.in[at].has_value();
    };
    for (const auto& step : dialog().steps) {
        for (const auto& line : step.lines) {
            if (const auto* say = std::get_if<line::Say>(&line.what)) note(say->text);
            if (const auto* set = std::get_if<line::Set>(&line.what);
                set != nullptr && set->variable == "language")
                if (const auto language = language_named(set->text.source()))
                    speaks[index_of(*language)] = true;
        }
        const auto* question = step.question();
        if (question == nullptr) continue;
        std::for_each(question->otherwise.begin(), question->otherwise.end(), note);
        std::for_each(question->silence.begin(), question->silence.end(), note);
        if (question->confirm) note(*question->confirm);
    }
}

}  // namespace

Result<Dialog> Loaded::take() && {
    if (faults.empty()) return std::move(dialog);
    const auto& first = faults.front();
    auto what = first.what;
    if (faults.size() > 1) what += fmt::format(" (and {} more faults)", faults.size() - 1);
    return fail(Code::data, std::move(what), fmt::format("{}:{}:{}", first.file, first.line, first.column),
                first.hint);
}

Loaded read(const config::Document& document) {
    return Loading(document).whole();
}

Loaded read(std::string_view text, const std::string& name, const config::FileReader& reader) {
    return read(config::parse(text, name, reader));
}

Result<Loaded> load(const std::string& path) {
    auto document = config::parse_file(path);
    if (!document) return tl::unexpected(document.error());
    return read(*document);
}

}  // namespace pbx::dialog
