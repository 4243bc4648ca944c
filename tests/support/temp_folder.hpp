// A folder of a test's own under $TMPDIR or /tmp, removed with all it holds.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace pbx::test {

class TempFolder {
  public:
    TempFolder() {
        const char* base = std::getenv("TMPDIR");
        path_ = std::string(base != nullptr ? base : "/tmp") + "/pbxctl-test-XXXXXX";
        if (mkdtemp(path_.data()) == nullptr) std::abort();
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

}  // namespace pbx::test
