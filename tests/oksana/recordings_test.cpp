#include "oksana/recordings.hpp"

#include "support/temp_folder.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>

using namespace pbx;
using namespace pbx::oksana;

namespace {
const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'800'000'000));

void put(const std::string& file, std::chrono::seconds age) {
    std::ofstream(file) << "sound";
    const timespec when{std::chrono::system_clock::to_time_t(now - age), 0};
    const timespec both[2] = {when, when};
    REQUIRE(utimensat(AT_FDCWD, file.c_str(), both, AT_SYMLINK_NOFOLLOW) == 0);
}
}  // namespace

TEST_CASE("recordings: a name is in the folder, new, and leads nowhere else") {
    test::TempFolder folder;
    const auto sub = folder / "a/b";
    CHECK(recording_base(sub, "pbx-1.7-18f", "message").value() == sub + "/pbx-1.7-18f-message");
    struct stat info {};
    REQUIRE(stat(sub.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0750);
    put(sub + "/run-message.wav", std::chrono::seconds(0));
    CHECK(recording_base(sub, "run", "message").value() == sub + "/run-message-2");
    CHECK(recording_base(sub, "run", "").value() == sub + "/run");
    CHECK(recording_base(sub, "../run", "../../etc/x,b(h) $(id)").value() ==
          sub + "/_._run-_._.._etc_x_b_h____id_");
    CHECK(recording_base(sub, "run", "имя").value() == sub + "/run-имя");
}

TEST_CASE("recordings: a folder that cannot be made says what to do") {
    test::TempFolder folder;
    put(folder / "file", std::chrono::seconds(0));
    auto base = recording_base(folder / "file/sub", "run", "x");
    REQUIRE_FALSE(base);
    CHECK(base.error().hint.find("chown") != std::string::npos);
}

TEST_CASE("recordings: only old recordings of the folder itself are forgotten") {
    test::TempFolder folder;
    using std::chrono::hours;
    put(folder / "old.wav", hours(50));
    put(folder / "new.wav", hours(1));
    put(folder / "old.txt", hours(50));
    std::filesystem::create_directory(folder / "deep.wav");
    put(folder / "deep.wav/old.wav", hours(50));
    put(folder / "target", hours(50));
    std::filesystem::create_symlink(folder / "target", folder / "link.wav");
    auto counted = forget_recordings(folder.path(), now - hours(48), true);
    REQUIRE(counted);
    CHECK((counted->files == 1 && counted->bytes == 5));
    CHECK(std::filesystem::exists(folder / "old.wav"));
    CHECK(forget_recordings(folder.path(), now - hours(48), false).value().files == 1);
    CHECK_FALSE(std::filesystem::exists(folder / "old.wav"));
    for (const char* kept : {"new.wav", "old.txt", "deep.wav/old.wav", "target", "link.wav"})
        CHECK(std::filesystem::exists(folder / kept));
    CHECK(forget_recordings(folder / "none", now, false).value().files == 0);
}
