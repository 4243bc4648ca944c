#include "numbering/name.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
// Puts labels one behind the other and remembers when they were too much.
class Builder {
  public:
    void turn_round(std::string_view digits) {
        for (auto at = digits.rbegin(); at != digits.rend(); ++at)
            fits_ = fits_ && name_.append(std::string_view(&*at, 1));
    }
    void label(std::string_view text) { fits_ = fits_ && (text.empty() || name_.append(text)); }
    [[nodiscard]] Result<dns::Name> under(const dns::Name& suffix, const Number& number) {
        if (fits_ && name_.append(suffix)) return name_;
        return fail(Code::data, "its domain name would be too long", fmt::format("number {}", number.text()));
    }

  private:
    dns::Name name_;
    bool fits_ = true;
};

// "e164.arpa." on the wire
constexpr std::string_view public_root{"\4e164\4arpa\0", 11};

bool is_label(std::string_view label) {
    for (char c : label)
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' &&
            c != '_')
            return false;
    return true;
}
}  // namespace

Result<std::vector<dns::Name>> parse_suffixes(std::string_view list) {
    std::vector<dns::Name> out;
    for (auto word : text::split(list, ',')) {
        const auto text = text::trim(word);
        const auto wrong = [&](std::string what) {
            return fail(Code::usage, std::move(what), fmt::format("suffix \"{}\"", text),
                        "a domain name like e164.arpa");
        };
        for (auto label : text::split(text, '.'))
            if (!is_label(label)) return wrong("not a domain name");
        auto name = dns::Name::parse(text);
        if (!name) return wrong(name.error().what);
        if (name->wire().size() == 1) return wrong("not a domain name");
        if (out.size() == max_suffixes) return wrong(fmt::format("more than {} of them", max_suffixes));
        out.push_back(*name);
    }
    return out;
}

bool is_public(const dns::Name& suffix) {
    const auto wire = suffix.wire();
    const std::string_view octets(reinterpret_cast<const char*>(wire.data()), wire.size());
    return octets.size() >= public_root.size() &&
           text::iequal_ascii(octets.substr(octets.size() - public_root.size()), public_root);
}

Result<dns::Name> enum_name(const Number& number, const dns::Name& suffix) {
    Builder name;
    name.turn_round(number.digits());
    name.label(number.itad);
    return name.under(suffix, number);
}

Result<dns::Name> branch_name(const Number& number, const dns::Name& suffix) {
    Builder name;
    name.label(branch_label);
    name.turn_round(number.digits().substr(0, country_code_length(number.digits())));
    return name.under(suffix, number);
}

Result<dns::Name> enum_name(const Number& number, const Branch& branch) {
    const auto digits = number.digits();
    if (branch.position > digits.size())
        return fail(Code::data, fmt::format("shorter than the {} digits before its branch", branch.position),
                    fmt::format("number {}", number.text()));
    Builder name;
    name.turn_round(digits.substr(branch.position));
    name.label(branch.label);
    name.turn_round(digits.substr(0, branch.position));
    return name.under(branch.apex, number);
}

}  // namespace pbx::numbering
