#include "support/places.hpp"

namespace pbx::test {

std::string source_folder() {
    return PBX_SOURCE_DIR;
}

std::string drivers_folder() {
    return PBX_BINARY_DIR "/drivers";
}

}  // namespace pbx::test
