#include "core/text.hpp"
#include "devstate/frame.hpp"
#include "devstate/rules.hpp"

#include <algorithm>

namespace pbx::devstate {

// One line, word by word; the first fault stays.
struct Rules::Reader {
    Rules& rules;
    std::vector<std::string_view> words;
    std::size_t at = 0;
    std::string fault{}, hint{};

    void refuse(std::string what, std::string what_to_do) {
        if (!fault.empty()) return;
        fault = std::move(what);
        hint = std::move(what_to_do);
    }
    [[nodiscard]] bool ok() const { return fault.empty(); }
    [[nodiscard]] bool more() const { return ok() && at < words.size(); }
    std::string_view word(std::string_view what) {
        if (at < words.size()) return words[at++];
        refuse(std::string(what) + " is missing", "");
        return {};
    }
    bool take_word(std::string_view expected) {
        if (at >= words.size() || words[at] != expected) return false;
        ++at;
        return true;
    }
    void end() {
        if (more()) refuse("\"" + std::string(words[at]) + "\" is not understood here", usage);
    }
    std::string usage{};

    Pattern pattern() {
        const auto text = word("a name or pattern");
        auto out = Pattern::parse(text);
        if (out) return std::move(*out);
        if (ok()) refuse(std::string(text) + ": " + out.error().what, "_1XX is a pattern, 101 a name");
        return {};
    }
    Local::Kind kind() {
        const auto text = word("extension, device, mailbox or presence");
        for (const auto one :
             {Local::Kind::extension, Local::Kind::device, Local::Kind::mailbox, Local::Kind::presence})
            if (text == name_of(one)) return one;
        refuse("\"" + std::string(text) + "\" is no source", "extension, device, mailbox or presence");
        return Local::Kind::extension;
    }
    State state() {
        const auto text = word("a state");
        if (const auto out = state_of(text)) return *out;
        refuse("\"" + std::string(text) + "\" is no state of Asterisk's",
               "NOT_INUSE INUSE BUSY INVALID UNAVAILABLE RINGING RINGINUSE ONHOLD UNKNOWN");
        return State::unknown;
    }
    std::string server() {
        const auto text = word("a server");
        if (text != "*" && !is_server_name(text))
            refuse("\"" + std::string(text) + "\" is no server name",
                   "letters, digits and . _ -; * is every server");
        return std::string(text);
    }
    std::string name(bool of_server) {
        const std::string out(word("a name"));
        for (auto brace = out.find('{'); brace != std::string::npos; brace = out.find('{', brace + 1)) {
            const auto rest = std::string_view(out).substr(brace);
            const bool known = rest.starts_with("{1}") || rest.starts_with("{name}") ||
                               (of_server && rest.starts_with("{server}"));
            if (!known)
                refuse("\"" + out + "\": no such place in braces",
                       of_server ? "{1}, {name} and {server} are" : "{1} and {name} are");
        }
        return out;
    }

    void send();
    void hide();
    void take(std::vector<Take>& into, bool renames);
    void map();
    void presence();
    void read(std::string_view key);
};

void Rules::Reader::send() {
    usage = "SOURCE PATTERN [as NAME] [lamp]";
    Send out{.thing = {.kind = kind(), .pattern = pattern()}};
    out.as = out.thing.kind == Local::Kind::mailbox ? "mwi{1}" : "{1}";
    if (take_word("as")) out.as = name(false);
    if (take_word("lamp")) {
        out.lamp = true;
        if (out.thing.kind != Local::Kind::presence)
            refuse("only a presence needs the word lamp", "the others are lamps by themselves");
    }
    end();
    if (ok()) rules.send_.push_back(std::move(out));
}

void Rules::Reader::hide() {
    usage = "SOURCE PATTERN";
    Thing out{.kind = kind(), .pattern = pattern()};
    end();
    if (ok()) rules.hide_.push_back(std::move(out));
}

void Rules::Reader::take(std::vector<Take>& into, bool renames) {
    usage = renames ? "PATTERN [from SERVER] [as NAME]" : "PATTERN [from SERVER]";
    Take out{.pattern = pattern(), .server = "*", .as = "{name}"};
    if (take_word("from")) out.server = server();
    if (renames && take_word("as")) out.as = name(true);
    end();
    if (ok()) into.push_back(std::move(out));
}

void Rules::Reader::map() {
    usage = "STATE to STATE [from SERVER], or STATE to STATE on send";
    Map out{.from = state(), .server = "*"};
    if (ok() && !take_word("to")) refuse("\"to\" is missing", usage);
    out.to = state();
    if (out.to == State::unknown)
        refuse("Asterisk can't be told UNKNOWN", "UNAVAILABLE or INVALID come nearest");
    if (take_word("from")) out.server = server();
    if (take_word("on")) {
        out.on_send = true;
        if (word("send") != "send") refuse("\"on\" is followed by \"send\"", usage);
    }
    end();
    if (ok()) rules.map_.push_back(out);
}

void Rules::Reader::presence() {
    usage = "WORD to STATE";
    const std::string from(word("a presence"));
    if (ok() && !is_presence_word(from))
        refuse("\"" + from + "\" is no presence of Asterisk's",
               "not_set unavailable available away xa chat dnd");
    if (ok() && !take_word("to")) refuse("\"to\" is missing", usage);
    const auto to = state();
    end();
    if (ok()) rules.presence_[from] = to;
}

void Rules::Reader::read(std::string_view key) {
    if (key == "send") return send();
    if (key == "hide") return hide();
    if (key == "take") return take(rules.take_, true);
    if (key == "refuse") return take(rules.refuse_, false);
    if (key == "map") return map();
    if (key == "presence") return presence();
    refuse("no such rule", "send, hide, take, refuse, map or presence");
}

// What a telephone shows for a presence when nothing else was said.
Rules::Rules()
    : presence_{{"dnd", State::busy},
                {"away", State::onhold},
                {"xa", State::onhold},
                {"unavailable", State::unavailable},
                {"available", State::not_inuse},
                {"chat", State::not_inuse},
                {"not_set", State::not_inuse}} {
    send_.push_back(
        {.thing = {.kind = Local::Kind::extension, .pattern = *Pattern::parse("_.")}, .as = "{1}"});
}

Rules Rules::parse(std::span<const RuleLine> lines, std::vector<Error>& faults) {
    Rules out;
    const bool has_send =
        std::any_of(lines.begin(), lines.end(), [](const RuleLine& line) { return line.key == "send"; });
    if (has_send) out.send_.clear();
    for (const auto& line : lines) {
        if (static_cast<std::size_t>(&line - lines.data()) >= max_rules) {
            faults.push_back(
                {Code::config, "more than " + std::to_string(max_rules) + " rules", line.where, ""});
            break;
        }
        Reader reader{.rules = out, .words = text::words(line.text)};
        reader.read(line.key);
        if (!reader.ok())
            faults.push_back(
                {Code::config, "[devstate] " + line.key + ": " + reader.fault, line.where, reader.hint});
    }
    return out;
}

}  // namespace pbx::devstate
