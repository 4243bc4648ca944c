// Certificates made by openssl(1) for a test: a CA, and what it signs.
#pragma once

#include "support/temp_folder.hpp"

#include <cstdlib>
#include <string>

namespace pbx::test {

class Authority {
  public:
    explicit Authority(const TempFolder& folder, const std::string& name = "ca")
        : folder_(folder), name_(name) {
        run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" + name +
            " -keyout " + folder / (name + ".key") + " -out " + file());
    }

    [[nodiscard]] std::string file() const { return folder_ / (name_ + ".pem"); }

    // NAME.pem and NAME.key; `names` as in subjectAltName: "DNS:b.example.com,IP:127.0.0.1". Valid from now
    // on for `days`, which may be negative.
    void sign(const std::string& name, const std::string& names, const std::string& days = "2") const {
        run("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + name +
            " -addext subjectAltName=" + names + " -keyout " + folder_ / (name + ".key") + " -out " +
            folder_ / (name + ".csr"));
        run("x509 -req -copy_extensions copy -in " + folder_ / (name + ".csr") + " -CA " + file() +
            " -CAkey " + folder_ / (name_ + ".key") + " -days " + days + " -out " +
            folder_ / (name + ".pem"));
    }

  private:
    static void run(const std::string& arguments) {
        if (std::system(("openssl " + arguments + " 2>/dev/null").c_str()) != 0) std::abort();
    }
    const TempFolder& folder_;
    std::string name_;
};

}  // namespace pbx::test
