// Where settings come from and which origin wins.
#include "config/files.hpp"
#include "config/settings.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

namespace pbx::config {

struct SettingsReader {
    const Sources& sources;
    Reading out{};

    void run();

  private:
    void files();
    void file(const std::string& path, bool must_exist);
    void section(const Document& document, const Section& section);
    void entry(const Document& document, const std::string& section, const Entry& entry);
    void doubled(const Document& document, const Section& part, const Entry& line);
    void unknown_section(const Document& document, const Section& section);
    void unknown_key(const Document& document, const std::string& section, const Entry& entry);
    void environment();
    void overrides();
    void put(Value value);
    void order();

    [[nodiscard]] std::optional<std::string> variable(const std::string& name) const {
        return sources.environment ? sources.environment(name) : std::nullopt;
    }
    void fault(std::string what, std::string where, std::string hint, Code code = Code::config) {
        out.faults.push_back({code, std::move(what), std::move(where), std::move(hint)});
    }
};

namespace {
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         std::string otherwise) {
    const auto near = text::suggestions(word, known);
    return near.empty() ? std::move(otherwise) : fmt::format("did you mean {}?", text::join(near, ", "));
}

std::vector<std::string> keys_of(std::string_view kind) {
    std::vector<std::string> out;
    for (const auto& row : schema())
        if (row.section == kind) out.emplace_back(row.name);
    return out;
}

// "  voice   anna " as "voice anna"
std::string tidy(std::string_view section) {
    std::string out;
    for (auto word : text::words(section))
        out.append(out.empty() ? "" : " ").append(word);
    return out;
}

// "file:12:3" as what sorts by file, line and column.
std::tuple<std::string_view, long long, long long> place_of(std::string_view where) {
    const auto column = where.rfind(':');
    const auto line = column == std::string_view::npos || column == 0 ? column : where.rfind(':', column - 1);
    if (line == std::string_view::npos || column == line) return {where, 0, 0};
    return {where.substr(0, line), text::to_integer(where.substr(line + 1, column - line - 1)).value_or(0),
            text::to_integer(where.substr(column + 1)).value_or(0)};
}

// A word that belongs in a file of its own, not in pbxctl.conf.
bool names_a_secret(std::string_view key) {
    for (auto word : {"secret", "password", "token", "key", "api_key"})
        if (text::iequal_ascii(key, word)) return true;
    return false;
}
}  // namespace

void SettingsReader::run() {
    out.settings.credentials_ = variable("CREDENTIALS_DIRECTORY").value_or("");
    files();
    environment();
    overrides();
    order();
}

void SettingsReader::files() {
    if (!sources.file.empty()) return file(sources.file, true);
    if (const auto named = variable("PBXCTL_CONFIG"); named && !named->empty()) return file(*named, true);
    if (const auto home = variable("HOME"); home && !home->empty()) {
        file(*home + "/.config/pbxctl/pbxctl.conf", false);
        if (!out.settings.files_.empty()) return;
    }
    file(sources.system_folder + "/pbxctl.conf", false);
    const auto parts = disk_reader()(sources.system_folder + "/conf.d/*.conf", "");
    if (!parts)
        return fault(parts.error().what, parts.error().where,
                     "make it readable for the user who runs pbxctl");
    for (const auto& part : *parts)
        file(part.name, false);
}

void SettingsReader::file(const std::string& path, bool must_exist) {
    const auto document = parse_file(path);
    if (!document) {
        const auto& why = document.error();
        if (why.code == Code::no_input && !must_exist) return;
        const bool forbidden = why.code == Code::refused;
        return fault(why.what, why.where,
                     forbidden ? "make it readable for the user who runs pbxctl"
                               : "check --config and $PBXCTL_CONFIG");
    }
    const auto before = static_cast<std::ptrdiff_t>(out.faults.size());
    std::copy(document->files.begin(), document->files.end(), std::back_inserter(out.settings.files_));
    for (auto error : document->errors) {
        error.code = Code::config;
        out.faults.push_back(std::move(error));
    }
    for (const auto& part : document->sections)
        if (!part.is_template) section(*document, part);
    // faults of form and of meaning in one order, the file's
    std::stable_sort(out.faults.begin() + before, out.faults.end(),
                     [](const Error& a, const Error& b) { return place_of(a.where) < place_of(b.where); });
}

void SettingsReader::section(const Document& document, const Section& part) {
    const auto name = tidy(part.name);
    const auto kind = section_kind(name);
    if (kind.empty() || name.ends_with(" *")) return unknown_section(document, part);
    auto& named = out.settings.named_;
    if (kind.ends_with(" *") && std::find(named.begin(), named.end(), name) == named.end())
        named.push_back(name);
    for (const auto& line : part.entries) {
        doubled(document, part, line);
        entry(document, name, line);
    }
}

// The last of two lines wins, which is seldom what was meant; one over a template's is.
void SettingsReader::doubled(const Document& document, const Section& part, const Entry& line) {
    const auto* key = find_key(tidy(part.name), line.key);
    if (key == nullptr || key->repeats || line.inherited) return;
    for (const auto& before : part.entries) {
        if (&before == &line) return;
        if (before.inherited || before.key != line.key) continue;
        out.warnings.push_back({Code::config, fmt::format("'{}' is set twice in [{}]", line.key, part.name),
                                document.where(line.at),
                                fmt::format("remove this one or the one at {}", document.where(before.at))});
        return;
    }
}

void SettingsReader::unknown_section(const Document& document, const Section& part) {
    std::vector<std::string> known;
    for (const auto& row : sections())
        known.emplace_back(row.name.substr(0, row.name.find(' ')));
    const auto word = part.name.substr(0, part.name.find(' '));
    const bool nameless = std::find(known.begin(), known.end(), word) != known.end();
    fault(fmt::format("unknown section [{}]", part.name), document.where(part.at),
          nameless ? fmt::format("write [{} NAME]", word)
                   : did_you_mean(word, known, fmt::format("known are: {}", text::join(known, ", "))));
}

void SettingsReader::entry(const Document& document, const std::string& section, const Entry& line) {
    const auto* key = find_key(section, line.key);
    if (key == nullptr) return unknown_key(document, section, line);
    if (line.op == Operator::none)
        return fault(fmt::format("'{}' has no value", line.key), document.where(line.at),
                     fmt::format("write {} = value", line.key));
    if (auto wrong = wrong_with(*key, line.value)) {
        wrong->where = document.where(line.value_at);
        wrong->what = fmt::format("{}: {}", line.key, wrong->what);
        out.faults.push_back(std::move(*wrong));
        return;
    }
    put({key, section, line.value, Origin::file, document.where(line.value_at)});
}

void SettingsReader::unknown_key(const Document& document, const std::string& section, const Entry& line) {
    const auto known = keys_of(section_kind(section));
    const bool has_secret = std::find(known.begin(), known.end(), "secret_file") != known.end();
    auto hint = names_a_secret(line.key) && has_secret
                    ? std::string("a secret stands in a file of its own: secret_file = /path")
                    : did_you_mean(line.key, known, fmt::format("known are: {}", text::join(known, ", ")));
    fault(fmt::format("unknown key '{}' in [{}]", line.key, section), document.where(line.at),
          std::move(hint));
}

void SettingsReader::environment() {
    const auto look = [&](const Key& key, const std::string& section) {
        const auto name = environment_name(section, key.name);
        const auto text = variable(name);
        if (!text) return;
        if (auto wrong = wrong_with(key, *text)) {
            wrong->where = "$" + name;
            out.faults.push_back(std::move(*wrong));
        } else {
            put({&key, section, *text, Origin::environment, "$" + name});
        }
    };
    for (const auto& key : schema()) {
        if (!key.section.ends_with(" *")) {
            look(key, std::string(key.section));
            continue;
        }
        for (const auto& section : out.settings.named_)
            if (section_kind(section) == key.section) look(key, section);
    }
}

void SettingsReader::overrides() {
    for (const auto& given : sources.overrides) {
        const auto* key = find_key(given.section, given.key);
        if (key == nullptr) {
            fault(fmt::format("bug: no key [{}] {}", given.section, given.key), given.from, {}, Code::bug);
            continue;
        }
        if (auto wrong = wrong_with(*key, given.text))
            fault(wrong->what, given.from, wrong->hint, Code::usage);
        else
            put({key, given.section, given.text, Origin::option, given.from});
    }
}

// A later origin takes the place of an earlier one; repeated keys of one origin stand side by side.
void SettingsReader::put(Value value) {
    auto& values = out.settings.values_;
    const bool keeps = value.key->repeats;
    std::erase_if(values, [&](const Value& old) {
        return old.key == value.key && old.section == value.section && (!keeps || old.origin != value.origin);
    });
    values.push_back(std::move(value));
}

// In the order of the schema, named sections in the order of the files, defaults filled in.
void SettingsReader::order() {
    std::vector<Value> ordered;
    const auto take = [&](const Key& key, const std::string& section) {
        const auto before = ordered.size();
        for (auto& value : out.settings.values_)
            if (value.key == &key && value.section == section) ordered.push_back(value);
        if (ordered.size() == before)
            ordered.push_back({&key, section, std::string(key.preset), Origin::preset, {}});
    };
    for (const auto& row : sections()) {
        std::vector<std::string> names;
        if (!row.name.ends_with(" *")) names.emplace_back(row.name);
        for (const auto& name : out.settings.named_)
            if (section_kind(name) == row.name) names.push_back(name);
        for (const auto& name : names)
            for (const auto& key : schema())
                if (key.section == row.name) take(key, name);
    }
    out.settings.values_ = std::move(ordered);
}

Reading read_settings(const Sources& sources) {
    SettingsReader reader{sources};
    reader.run();
    return std::move(reader.out);
}

}  // namespace pbx::config
