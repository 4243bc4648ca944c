// Asterisk's side of one AGI call on a thread of its own, as res_agi.c's run_agi behaves: it polls the
// channel and the script's pipe, reads a line through stdio, ends STREAM FILE on any new line without a
// result, drops keys while idle, sends SIGHUP or HANGUP and goes on in dead mode. What the caller does is put
// in by press() and hang_up() from any thread; when a command begins, on_command says so.
#pragma once

#include <atomic>
#include <cstdio>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pbx::agi {

class FakeAsterisk {
  public:
    using Words = std::vector<std::string>;

    struct Ways {
        bool fast = false;               // FastAGI: "HANGUP" in the stream instead of a signal
        std::function<void()> sighup{};  // local: how the script gets its SIGHUP
        std::string environment = "agi_request: robot\nagi_enhanced: 1.0\n\n";
        // Called on Asterisk's thread: before a waiting line is read, and when a command begins.
        std::function<void()> before_read{};
        std::function<void(const Words&)> on_command{};
        // A prompt that ends in the very instant a new line comes: this result, as if it had ended by itself.
        std::string end_with_line{};
        std::map<std::string, std::string> variables{};
        std::map<std::string, int> applications{};  // EXEC's result; "wait" in `waiting` ones wait
        std::string record_answer = "200 result=0 (timeout) endpos=8000\n";
        bool exit_on_hangup = false;  // AGIEXITONHANGUP=yes
    };

    // Takes both descriptors (they may be one socket) and the write end of fd 3, or -1.
    FakeAsterisk(int from_script, int to_script, int audio, Ways ways);
    ~FakeAsterisk();
    FakeAsterisk(const FakeAsterisk&) = delete;
    FakeAsterisk& operator=(const FakeAsterisk&) = delete;

    void press(char key) { inject(key); }
    void hang_up() { inject('H'); }
    void end_prompt() { inject('E'); }  // the file, or the Dial, is over
    void speak() { inject('V'); }       // one voice frame

    void join();  // until the script closed its side; then the rest may be read
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
    [[nodiscard]] int dropped_keys() const { return dropped_keys_; }
    [[nodiscard]] std::size_t unread_bytes() const;  // waiting in the pipe, not yet in stdio's buffer

  private:
    enum class Came { line, key, hangup, end, voice, quit };
    struct Event {
        Came came;
        char key;
    };
    void inject(char byte);
    void run();
    void idle_event(const Event& event);
    [[nodiscard]] bool serve_line();
    void handle(const std::string& line);
    [[nodiscard]] int run_command(const Words& words);
    [[nodiscard]] int stream_file(const Words& words);
    [[nodiscard]] int wait_for_digit();
    [[nodiscard]] int exec(const Words& words);
    [[nodiscard]] int variable_command(const Words& words);
    [[nodiscard]] Event wait(bool watch_channel, bool watch_script);
    void write_voice() const;
    void say(const std::string& text) const;

    std::FILE* read_;
    int write_;
    int audio_;
    int event_in_ = -1, event_out_ = -1;
    Ways ways_;
    bool dead_ = false, hung_up_ = false, quit_ = false;
    int dropped_keys_ = 0;
    std::vector<std::string> lines_;
    std::thread thread_;
};

}  // namespace pbx::agi
