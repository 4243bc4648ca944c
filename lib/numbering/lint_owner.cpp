#include "core/text.hpp"
#include "numbering/lint_zone.hpp"
#include "numbering/name.hpp"
#include "numbering/number.hpp"

#include <algorithm>

namespace pbx::numbering {

namespace {
using Labels = std::vector<std::string_view>;

Labels labels_of(const dns::Name& name) {
    Labels out;
    const auto wire = name.wire();
    for (std::size_t at = 0; wire[at] != 0; at += wire[at] + 1U)
        out.emplace_back(reinterpret_cast<const char*>(&wire[at + 1]), wire[at]);
    return out;
}

bool is_digits(std::string_view label) {
    return !label.empty() &&
           std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_digit(const Labels& labels, std::size_t at) {
    return at < labels.size() && labels[at].size() == 1 && is_digits(labels[at]);
}

// freenum.org has numbers of organisations (ITAD) in front of it, of several digits in one label.
bool is_isn_tree(const Labels& labels) {
    return labels.size() > 2 && text::iequal_ascii(labels[labels.size() - 2], "freenum") &&
           text::iequal_ascii(labels.back(), "org");
}

Whose isn(const Labels& labels) {
    Whose out;
    const auto itad = labels.size() - 3;
    if (!is_digits(labels[itad])) return out;
    std::size_t at = labels[0] == "*" ? 1 : 0;
    out.wildcard = at == 1;
    for (; at < itad; ++at) {
        if (!is_digit(labels, at)) return {.fault = "label " + std::string(labels[at]) + ": one digit each"};
        out.aus.insert(out.aus.begin(), labels[at].front());
    }
    return out;
}
}  // namespace

Whose whose(const dns::Name& owner) {
    const auto labels = labels_of(owner);
    if (labels.empty()) return {};
    if (is_isn_tree(labels)) return isn(labels);
    Whose out;
    std::size_t at = 0;
    if (labels[0] == "*") {
        out.wildcard = true;
        ++at;
    }
    std::string digits;
    for (; at < labels.size(); ++at) {
        const bool branch =
            !digits.empty() && text::iequal_ascii(labels[at], branch_label) && is_digit(labels, at + 1);
        if (branch) continue;  // infrastructure ENUM
        if (!is_digit(labels, at)) break;
        digits.insert(digits.begin(), labels[at].front());
    }
    const bool goes_on = at < labels.size() && is_digits(labels[at]);
    if (goes_on) return {.fault = "label " + std::string(labels[at]) + ": one digit each"};
    if (digits.empty()) return {};
    dns::Name tree;
    for (; at < labels.size(); ++at)
        static_cast<void>(tree.append(labels[at]));
    if (is_public(tree) && digits.size() > max_e164) return {.fault = "more than 15 digits: no E.164 number"};
    out.aus = '+' + digits;
    return out;
}

}  // namespace pbx::numbering
