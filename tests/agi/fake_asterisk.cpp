#include "agi/fake_asterisk.hpp"

#include "agi/parse_args.hpp"

#include <array>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace pbx::agi {

namespace {

constexpr int success = 0, show_usage = 1, failure = 2;  // cli.h
constexpr std::string_view usage =
    "520-Invalid command syntax.  Proper usage follows:\n Usage: ...\n\n520 End of proper usage.\n";

std::string command_of(const FakeAsterisk::Words& words) {
    if (words.empty()) return {};
    std::string out = words[0];
    for (const std::string_view two : {"STREAM", "CHANNEL", "GET", "SET", "RECORD", "WAIT"}) {
        if (words[0] == two && words.size() > 1) out += " " + words[1];
    }
    if ((out == "GET FULL" || out == "WAIT FOR") && words.size() > 2) out += " " + words[2];
    return out;
}

bool works_when_dead(const std::string& command) {
    return command == "EXEC" || command == "GET VARIABLE" || command == "GET FULL VARIABLE" ||
           command == "NOOP" || command == "SET VARIABLE" || command == "VERBOSE";
}

}  // namespace

FakeAsterisk::FakeAsterisk(int from_script, int to_script, int audio, Ways ways)
    : read_(::fdopen(from_script, "r")), write_(to_script), audio_(audio), ways_(std::move(ways)) {
    std::array<int, 2> events{};
    if (::pipe(events.data()) != 0) std::abort();
    event_in_ = events[0];
    event_out_ = events[1];
    thread_ = std::thread([this] { run(); });
}

FakeAsterisk::~FakeAsterisk() {
    inject('Q');
    join();
    ::close(event_in_);
    ::close(event_out_);
    if (audio_ >= 0) ::close(audio_);
}

void FakeAsterisk::join() {
    if (thread_.joinable()) thread_.join();
}

void FakeAsterisk::inject(char byte) {
    if (::write(event_out_, &byte, 1) != 1) std::abort();
}

std::size_t FakeAsterisk::unread_bytes() const {
    int count = 0;
    return ::ioctl(::fileno(read_), FIONREAD, &count) == 0 ? static_cast<std::size_t>(count) : 0;
}

void FakeAsterisk::say(const std::string& text) const {
    if (::write(write_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return;  // the script is gone
}

void FakeAsterisk::write_voice() const {
    const std::array<char, 320> frame{};
    if (audio_ >= 0 && ::write(audio_, frame.data(), frame.size()) < 0) return;
}

// ast_waitfor_nandfds: the channel first, then the script's descriptor
FakeAsterisk::Event FakeAsterisk::wait(bool watch_channel, bool watch_script) {
    std::array<pollfd, 2> fds{{{event_in_, POLLIN, 0}, {watch_script ? ::fileno(read_) : -1, POLLIN, 0}}};
    while (true) {
        if (::poll(fds.data(), fds.size(), -1) < 0) continue;
        if (fds[0].revents == 0) return {Came::line, 0};
        char byte = 0;
        if (::read(event_in_, &byte, 1) != 1) return {Came::quit, 0};
        if (byte == 'Q') return {Came::quit, 0};
        if (!watch_channel) continue;  // a dead channel has no frames
        if (byte == 'H') return {Came::hangup, 0};
        if (byte == 'E') return {Came::end, 0};
        if (byte == 'V') return {Came::voice, 0};
        return {Came::key, byte};
    }
}

void FakeAsterisk::run() {
    say(ways_.environment);
    while (!quit_) {
        if (hung_up_ && !dead_) {
            dead_ = true;
            if (ways_.fast) {
                say("HANGUP\n");
            } else if (ways_.sighup) {
                ways_.sighup();
            }
            if (ways_.exit_on_hangup) break;
        }
        const auto event = wait(!dead_, true);
        if (event.came != Came::line) {
            idle_event(event);
        } else if (!serve_line()) {
            break;
        }
    }
    const int read_fd = ::fileno(read_);
    if (write_ != read_fd) ::close(write_);
    std::fclose(read_);
}

void FakeAsterisk::idle_event(const Event& event) {
    if (event.came == Came::quit) quit_ = true;
    if (event.came == Came::hangup) hung_up_ = true;
    if (event.came == Came::key) ++dropped_keys_;  // read from the channel and freed
    if (event.came == Came::voice) write_voice();
}

bool FakeAsterisk::serve_line() {
    if (ways_.before_read) ways_.before_read();
    std::array<char, 8192> buffer{};
    if (!std::fgets(buffer.data(), buffer.size(), read_)) return false;
    std::string line = buffer.data();
    if (line.ends_with('\n')) line.pop_back();
    lines_.push_back(line);
    handle(line);
    return true;
}

void FakeAsterisk::handle(const std::string& line) {
    const auto words = parse_args(line);
    const auto command = command_of(words);
    if (dead_ && !works_when_dead(command)) {
        say("511 Command Not Permitted on a dead channel or intercept routine\n");
        return;
    }
    if (ways_.on_command) ways_.on_command(words);
    if (run_command(words) == show_usage) say(std::string(usage));
}

int FakeAsterisk::run_command(const Words& words) {
    const auto command = command_of(words);
    if (command == "STREAM FILE") return stream_file(words);
    if (command == "WAIT FOR DIGIT") return wait_for_digit();
    if (command == "EXEC") return exec(words);
    if (command.ends_with("VARIABLE")) return variable_command(words);
    if (command == "RECORD FILE") {
        hung_up_ = hung_up_ || ways_.record_answer.find("(hangup)") != std::string::npos;
        say(ways_.record_answer);
    } else if (command == "CHANNEL STATUS") {
        say("200 result=6\n");
    } else if (command == "ANSWER" || command == "NOOP") {
        say("200 result=0\n");
    } else if (command == "VERBOSE") {
        say("200 result=1\n");
    } else if (command == "HANGUP") {
        hung_up_ = true;
        say("200 result=1\n");
    } else {
        say("510 Invalid or unknown command\n");
    }
    return success;
}

int FakeAsterisk::stream_file(const Words& words) {
    if (words.size() < 4 || words.size() > 5) return show_usage;
    if (words[2] == "missing") {
        say("200 result=-1 endpos=0\n");
        return failure;
    }
    while (true) {
        const auto event = wait(true, true);
        switch (event.came) {
            case Came::line:
                if (!ways_.end_with_line.empty()) say(ways_.end_with_line);
                return success;  // "don't print a result line, as there is a new command"
            case Came::end:
                say("200 result=0 endpos=16000\n");
                return success;
            case Came::hangup:
                hung_up_ = true;
                say("200 result=-1 endpos=4000\n");
                return failure;
            case Came::key:
                if (words[3].find(event.key) == std::string::npos) break;
                say("200 result=" + std::to_string(static_cast<int>(event.key)) + " endpos=8000\n");
                return success;
            case Came::voice:
                write_voice();
                break;
            case Came::quit:
                quit_ = true;
                return failure;
        }
    }
}

int FakeAsterisk::wait_for_digit() {
    while (true) {
        const auto event = wait(true, true);
        switch (event.came) {
            case Came::line:
                say("200 result=1\n");
                return success;
            case Came::end:
                say("200 result=0\n");
                return success;
            case Came::hangup:
                hung_up_ = true;
                say("200 result=-1\n");
                return failure;
            case Came::key:
                say("200 result=" + std::to_string(static_cast<int>(event.key)) + "\n");
                return success;
            case Came::voice:
                write_voice();
                break;
            case Came::quit:
                quit_ = true;
                return failure;
        }
    }
}

// Neither audio nor a look at the script meanwhile: the application has the channel.
int FakeAsterisk::exec(const Words& words) {
    const auto found = words.size() < 2 ? ways_.applications.end() : ways_.applications.find(words[1]);
    int result = found == ways_.applications.end() ? -2 : found->second;
    if (words.size() > 1 && words[1] == "Dial" && !dead_) {
        const auto event = wait(true, false);
        if (event.came == Came::hangup) {
            hung_up_ = true;
            result = -1;
        }
        quit_ = event.came == Came::quit;
    }
    say("200 result=" + std::to_string(result) + "\n");
    return result;
}

int FakeAsterisk::variable_command(const Words& words) {
    if (words[0] == "SET") {
        if (words.size() != 4) return show_usage;
        ways_.variables[words[2]] = words[3];
        say("200 result=1\n");
        return success;
    }
    const bool full = words[1] == "FULL";
    if (words.size() != (full ? 4U : 3U)) return show_usage;
    auto name = words.back();
    const bool expands = name.starts_with("${") && name.ends_with('}');
    if (full && !expands) {  // a literal
        say("200 result=1 (" + name + ")\n");
        return success;
    }
    if (expands) name = name.substr(2, name.size() - 3);
    const auto found = ways_.variables.find(name);
    if (found != ways_.variables.end()) {
        say("200 result=1 (" + found->second + ")\n");
    } else {
        say(full ? "200 result=1 ()\n" : "200 result=0\n");
    }
    return success;
}

}  // namespace pbx::agi
