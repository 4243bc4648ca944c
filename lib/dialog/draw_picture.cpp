#include "core/text.hpp"
#include "dialog/draw_parts.hpp"

#include <utility>

#include <fmt/format.h>

namespace pbx::dialog::drawing {

namespace {
constexpr std::size_t widest = 60, most_alternatives = 3;

std::string worded(const Dialog& dialog, const Wording& wording) {
    for (const auto language : {dialog.language, Language::ru, Language::en})
        if (const auto& text = wording.of(language)) return text->source();
    return {};
}

struct DoneLine {
    const Dialog& dialog;

    std::string operator()(const line::Say& say) const {
        const auto text = worded(dialog, say.text);
        return text.empty() && say.file ? "play " + say.file->source() : text;
    }
    std::string operator()(const line::Set& set) const { return set.variable + ": " + set.text.source(); }
    std::string operator()(const line::If&) const { return {}; }  // an arrow
    std::string operator()(const line::Ask&) const { return {}; }
    std::string operator()(const line::Record& record) const { return "record " + record.variable; }
    std::string operator()(const line::Save& save) const {
        return fmt::format("save {}: {}", save.table, text::join(save.fields, ", "));
    }
    std::string operator()(const line::Notify& notify) const {
        return fmt::format("notify {} {}", notify.kind, notify.target.source());
    }
};

std::string_view sign_of(Condition::Kind kind) {
    switch (kind) {
        case Condition::Kind::equal:
            return "=";
        case Condition::Kind::unequal:
            return "!=";
        case Condition::Kind::less:
            return "<";
        case Condition::Kind::less_or_equal:
            return "<=";
        case Condition::Kind::greater:
            return ">";
        case Condition::Kind::greater_or_equal:
            return ">=";
        default:
            return "";
    }
}

std::string written(const Condition& condition) {
    using Kind = Condition::Kind;
    if (condition.kind == Kind::negated) return "not (" + written(condition.inner.front()) + ")";
    if (condition.kind == Kind::all || condition.kind == Kind::any) {
        std::string out;
        for (const auto& inner : condition.inner)
            out += (out.empty() ? "(" : condition.kind == Kind::all ? ") and (" : ") or (") + written(inner);
        return out + ")";
    }
    if (condition.kind == Kind::truth) return condition.left.source();
    return fmt::format("{} {} {}", condition.left.source(), sign_of(condition.kind),
                       condition.right.source());
}

class Drawing {
  public:
    explicit Drawing(const Dialog& dialog) : dialog_(dialog) {}

    Picture whole() {
        picture_.title = dialog_.name;
        if (dialog_.start.kind == Target::Kind::step) picture_.start = dialog_.start.step;
        for (const auto& step : dialog_.steps)
            block(step);
        notes();
        return std::move(picture_);
    }

  private:
    void block(const Step& step) {
        Block block;
        block.name = step.name;
        at_ = picture_.blocks.size();
        for (const auto& line : step.lines) {
            auto text = std::visit(DoneLine{dialog_}, line.what);
            if (!text.empty()) block.lines.push_back(shortened(text, widest));
            if (const auto* branch = std::get_if<line::If>(&line.what))
                add(branch->arrow, "if " + written(branch->condition));
            if (const auto* ask = std::get_if<line::Ask>(&line.what)) add(ask->group, "ask");
        }
        first_ = picture_.lines.size();
        if (const auto* question = std::get_if<Question>(&step.end.what)) {
            block.shape = Block::Shape::question;
            asked(*question);
        } else if (const auto* to = std::get_if<Arrow>(&step.end.what)) {
            add(*to, {});
        } else if (const auto* transfer = std::get_if<end::Transfer>(&step.end.what)) {
            block.shape = Block::Shape::transfer;
            block.lines.push_back("transfer " + transfer->target.source());
            handed(*transfer);
        } else if (std::holds_alternative<end::Hangup>(step.end.what)) {
            block.shape = Block::Shape::hangup;
            block.lines.emplace_back("hangup");
        }
        picture_.blocks.push_back(std::move(block));
    }

    void asked(const Question& question) {
        for (const auto& hear : question.hears) {
            std::string label;
            for (std::size_t at = 0; at < hear.sources.size() && at < most_alternatives; ++at)
                label += (at == 0 ? "" : " | ") + hear.sources[at];
            if (hear.sources.size() > most_alternatives) label += " | …";
            arrow(hear.arrow, label);
        }
        for (const auto& keys : question.keys)
            arrow(keys.arrow,
                  "key " + (keys.exact.empty() ? fmt::format("{{{}}}", keys.variable) : keys.exact));
    }

    void handed(const end::Transfer& transfer) {
        const std::pair<const std::optional<Arrow>&, const char*> outcomes[] = {
            {transfer.busy, "busy"}, {transfer.noanswer, "noanswer"}, {transfer.failed, "failed"}};
        for (const auto& [to, name] : outcomes)
            if (to) arrow(*to, name, true);
    }

    void add(const Arrow& arrow, std::string label, bool dashed = false) {
        const auto to = arrow.to.kind == Target::Kind::step ? arrow.to.step : outside;
        picture_.lines.push_back({at_, to, arrow.to.name, shortened(label, widest), dashed});
    }

    // Answers, or outcomes of a transfer, that lead to one step become one arrow.
    void arrow(const Arrow& arrow, std::string_view label, bool dashed = false) {
        for (auto line = first_; line < picture_.lines.size(); ++line)
            if (picture_.lines[line].target == arrow.to.name) {
                picture_.lines[line].label += "\n" + shortened(label, widest);
                return;
            }
        add(arrow, std::string(label), dashed);
    }

    void notes() {
        for (const auto& interrupt : dialog_.interrupts) {
            std::string words;
            for (const auto& source : interrupt.sources)
                words += (words.empty() ? "" : " | ") + source;
            picture_.notes.push_back(
                fmt::format("{} => {}", shortened(words, widest), interrupt.arrow.to.name));
        }
        if (dialog_.fail) picture_.notes.push_back("tries or turns run out => " + dialog_.fail->name);
        if (dialog_.hangup) picture_.notes.push_back("the caller hangs up => " + dialog_.hangup->name);
    }

    const Dialog& dialog_;
    Picture picture_;
    std::size_t at_ = 0, first_ = 0;  // the block at hand, and the first arrow of its end
};
}  // namespace

Picture picture_of(const Dialog& dialog) {
    return Drawing(dialog).whole();
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text::columns(text) <= most) return std::string(text);
    auto letters = text::decode_utf8(text);
    letters.resize(most - 1);
    return text::encode_utf8(letters) + "…";
}

}  // namespace pbx::dialog::drawing
