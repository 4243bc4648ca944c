#include "dialog/finding.hpp"

#include <fmt/format.h>

namespace pbx::dialog {

std::string_view name_of(Fault kind) {
    switch (kind) {
        case Fault::syntax:
            return "syntax";
        case Fault::unknown_step:
            return "unknown-step";
        case Fault::unreachable_step:
            return "unreachable-step";
        case Fault::dead_end:
            return "dead-end";
        case Fault::no_reask:
            return "no-reask";
        case Fault::no_transfer_arrow:
            return "no-transfer-arrow";
        case Fault::same_words:
            return "same-words";
        case Fault::unhearable:
            return "unhearable";
        case Fault::own_interrupt:
            return "own-interrupt";
        case Fault::unset_variable:
            return "unset-variable";
        case Fault::missing_sound:
            return "missing-sound";
        case Fault::missing_translation:
            return "missing-translation";
        case Fault::long_prompt:
            return "long-prompt";
        case Fault::endless_path:
            return "endless-path";
        case Fault::needs_dictation:
            return "needs-dictation";
        case Fault::unanswerable:
            return "unanswerable";
        case Fault::stray_back:
            return "stray-back";
        case Fault::no_fail:
            return "no-fail";
    }
    return "syntax";
}

std::string Finding::text() const {
    auto out = fmt::format("{}:{}:{}: {}", file, line, column, what);
    if (!hint.empty()) out += "; " + hint;
    return out;
}

}  // namespace pbx::dialog
