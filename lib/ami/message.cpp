#include "ami/message.hpp"

#include "ami/codec.hpp"
#include "core/text.hpp"

namespace pbx::ami {

Header Message::operator[](std::size_t index) const {
    const auto& place = places_[index];
    const std::string_view text = text_;
    return {text.substr(place.at, place.name), text.substr(place.at + place.name, place.value)};
}

std::optional<std::string_view> Message::find(std::string_view name) const {
    for (std::size_t i = 0; i < places_.size(); ++i) {
        if (places_[i].name != name.size()) continue;
        const auto header = (*this)[i];
        if (text::iequal_ascii(header.name, name)) return header.value;
    }
    return std::nullopt;
}

std::string_view Message::get(std::string_view name) const {
    return find(name).value_or(std::string_view{});
}

std::vector<std::string_view> Message::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (std::size_t i = 0; i < places_.size(); ++i)
        if (const auto header = (*this)[i]; text::iequal_ascii(header.name, name))
            values.push_back(header.value);
    return values;
}

bool Message::is_error() const {
    return text::iequal_ascii(response(), "Error");
}

void Message::add(std::string_view name, std::string_view value) {
    places_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                       static_cast<std::uint32_t>(value.size())});
    text_.append(name).append(value);
}

Action::Action(std::string_view name) : name_(name) {
    add("Action", name);
}

Action& Action::with(std::string_view name, std::string_view value) & {
    add(name, value);
    return *this;
}

Action Action::with(std::string_view name, std::string_view value) && {
    add(name, value);
    return std::move(*this);
}

void Action::add(std::string_view name, std::string_view value) {
    if (fault_) return;
    const auto refuse = [&](std::string what) {
        fault_ =
            Error{Code::data, std::move(what), "ami action " + log_name(name_) + ", " + log_name(name), {}};
    };
    if (name.empty() || !text::is_plain_line(name) || name.find(':') != std::string_view::npos)
        return refuse("no header's name");
    if (!text::is_plain_line(value)) return refuse("a control byte, which would begin a header of its own");
    if (name.size() + 2 + value.size() > max_action_line) return refuse("longer than Asterisk reads");
    if (++headers_ >= max_action_headers) return refuse("more headers than Asterisk takes");
    lines_.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace pbx::ami
