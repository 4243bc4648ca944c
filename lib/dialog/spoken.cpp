#include "dialog/reader.hpp"
namespace pbx::dialog {
std::string spoken(Language, std::string_view text, std::optional<int>) { return std::string(text); }
}
