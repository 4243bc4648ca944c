// Where the sources and what is built lie. In a file of its own, which alone knows these paths: other tests'
// compilations are then the same in every clone, and a compiler cache finds them.
#pragma once

#include <string>

namespace pbx::test {

[[nodiscard]] std::string source_folder();   // "/home/me/pbxctl"
[[nodiscard]] std::string drivers_folder();  // its drivers, as built

}  // namespace pbx::test
