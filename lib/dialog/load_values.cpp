#include "dialog/load_values.hpp"

#include "core/duration.hpp"
#include "core/text.hpp"
#include "dialog/load.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog::loading {

Place Piece::place(std::size_t offset) const {
    const auto& whole = of_key ? entry->key : entry->value;
    auto at = of_key ? entry->at : entry->value_at;
    const auto before = static_cast<std::size_t>(text.data() - whole.data()) + offset;
    at.column += static_cast<std::uint32_t>(text::columns(std::string_view(whole).substr(0, before)));
    return at;
}

Piece Piece::part(std::size_t from, std::size_t count) const {
    const auto wanted = text.substr(from, count);
    const auto inner = text::trim(wanted);
    // an empty trim keeps no address of its own
    return {inner.empty() ? wanted.substr(0, 0) : inner, entry, of_key};
}

Piece value_of(const Entry& entry) {
    return {entry.value, &entry, false};
}
Piece key_of(const Entry& entry) {
    return {entry.key, &entry, true};
}

void Faults::add(Place at, std::string what, std::string hint) {
    const auto file = at.file < document_.files.size() ? document_.files[at.file] : std::string();
    found_.push_back({Fault::syntax, file, at.line, at.column, std::move(what), std::move(hint)});
}

void Faults::unknown(Place at, std::string_view what, std::string_view word,
                     std::span<const std::string> known) {
    const auto near = text::suggestions(word, known);
    add(at, fmt::format("unknown {} \"{}\"", what, word),
        near.empty() ? fmt::format("known: {}", text::join(known, ", "))
                     : fmt::format("did you mean {}?", text::join(near, " or ")));
}

Arrow arrow_to(const Piece& target) {
    Arrow arrow;
    arrow.place = arrow.to.place = target.place();
    arrow.to.name = std::string(target.text);
    return arrow;
}

Arrowed split_arrow(const Piece& piece) {
    const auto at = piece.text.rfind("=>");
    if (at == std::string_view::npos) return {piece, std::nullopt};
    auto arrow = arrow_to(piece.part(at + 2));
    arrow.place = piece.place(at);
    return {piece.part(0, at), std::move(arrow)};
}

std::vector<Piece> split(const Piece& piece, char separator) {
    std::vector<Piece> parts;
    char closing = 0;
    std::size_t start = 0;
    bool fresh = true;  // nothing but blanks in this part so far
    for (std::size_t at = 0; at < piece.text.size(); ++at) {
        const char c = piece.text[at];
        if (closing != 0) {
            if (c == '\\' && closing == '/') ++at;
            if (c == closing) closing = 0;
        } else if (c == separator) {
            parts.push_back(piece.part(start, at - start));
            start = at + 1;
            fresh = true;
            continue;
        } else if (c == '{' || (fresh && (c == '"' || c == '/'))) {
            closing = c == '{' ? '}' : c;
        }
        if (c != ' ' && c != '\t') fresh = false;
    }
    parts.push_back(piece.part(start));
    return parts;
}

Headed split_head(const Piece& piece, char separator) {
    const auto at = piece.text.find(separator);
    if (at == std::string_view::npos) return {piece, piece.part(piece.text.size()), false};
    return {piece.part(0, at), piece.part(at + 1), true};
}

std::optional<Text> text_of(const Piece& piece, Faults& faults) {
    auto text = parse_text(piece.text);
    if (!text) {
        faults.add(piece.place(text.error().at), text.error().what, text.error().hint);
        return std::nullopt;
    }
    text->place = piece.place();
    return std::move(*text);
}

std::optional<std::chrono::milliseconds> duration_of(const Piece& piece, std::chrono::milliseconds least,
                                                     std::chrono::milliseconds most, Faults& faults) {
    auto parsed = parse_duration(piece.text);
    if (!parsed) {
        faults.add(piece.place(), parsed.error().what, parsed.error().hint);
        return std::nullopt;
    }
    if (*parsed < least || *parsed > most) {
        faults.add(piece.place(), fmt::format("{} is out of range", piece.text),
                   fmt::format("write {} to {}", format_duration(least), format_duration(most)));
        return std::nullopt;
    }
    return *parsed;
}

std::optional<std::size_t> count_of(const Piece& piece, std::size_t least, std::size_t most, Faults& faults) {
    const auto number = text::to_integer(piece.text);
    if (!number || *number < static_cast<long long>(least) || *number > static_cast<long long>(most)) {
        faults.add(piece.place(),
                   fmt::format("\"{}\" is not a number from {} to {}", piece.text, least, most));
        return std::nullopt;
    }
    return static_cast<std::size_t>(*number);
}

std::vector<std::string> references_of(const Piece& piece, Faults& faults) {
    std::vector<std::string> names;
    for (const auto& name : split(piece, ',')) {
        if (!is_variable_reference(name.text))
            faults.add(name.place(), fmt::format("\"{}\" is not a variable's name", name.text),
                       "write names with commas between them, e.g. caller, who, who.2");
        else
            names.emplace_back(name.text);
    }
    return names;
}

namespace {
// `hear = @yes` is heard in every language; words are of the language they are written in.
bool has_words(const Pattern& pattern) {
    const auto* slot = std::get_if<Slot>(&pattern);
    return slot == nullptr || !slot->before.empty() || !slot->after.empty();
}
}  // namespace

Hear hear_of(const Piece& alternatives, Arrow arrow, std::optional<Language> only, Language own,
             Faults& faults) {
    Hear hear;
    hear.arrow = std::move(arrow);
    bool words = false;
    const auto parts = split(alternatives, '|');
    if (parts.size() > max_branches)
        faults.add(alternatives.place(), fmt::format("more than {} alternatives", max_branches),
                   "make it a [list NAME]");
    for (const auto& part : parts) {
        if (part.text.empty()) {
            faults.add(part.place(), "an alternative is empty", "remove the | or write words beside it");
            continue;
        }
        auto pattern = parse_pattern(part.text);
        if (!pattern) {
            faults.add(part.place(), pattern.error().what, pattern.error().hint);
            continue;
        }
        if (const auto* slot = std::get_if<Slot>(&*pattern);
            slot != nullptr && !slot->variable.empty() && !is_variable_name(slot->variable))
            faults.add(part.place(), fmt::format("\"{}\" is not a variable's name", slot->variable),
                       "write e.g. {who:@staff}");
        words = words || has_words(*pattern);
        hear.branch.patterns.push_back(std::move(*pattern));
        hear.sources.emplace_back(part.text);
        hear.places.push_back(part.place());
    }
    hear.in.fill(!only && !words);
    hear.in[index_of(only.value_or(own))] = true;
    return hear;
}

Key split_key(const Entry& entry, Faults& faults) {
    static const std::vector<std::string> suffixes{"ru", "en"};
    const auto dot = entry.key.find('.');
    if (dot == std::string::npos) return {entry.key, std::nullopt};
    const auto suffix = std::string_view(entry.key).substr(dot + 1);
    const auto language = language_named(suffix);
    if (!language) {
        auto at = entry.at;
        at.column += static_cast<std::uint32_t>(dot + 1);
        faults.unknown(at, "language", suffix, suffixes);
    }
    return {entry.key.substr(0, dot), language};
}

}  // namespace pbx::dialog::loading
