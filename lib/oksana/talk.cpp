#include "oksana/talk.hpp"

#include "audio/vad.hpp"
#include "core/text.hpp"
#include "dialog/engine.hpp"
#include "dialog/transcript.hpp"

#include <algorithm>
#include <deque>
#include <istream>
#include <memory>
#include <ostream>
#include <utility>

#include <fmt/format.h>

namespace pbx::oksana {

namespace {
using dialog::Event;
constexpr std::size_t longest_line = 4096;

class Talk {
  public:
    Talk(const dialog::Dialog& dialog, const TalkSettings& settings, std::istream& in, std::ostream& out)
        : settings_(settings), in_(in), out_(out), engine_(dialog, known(settings), settings.now) {}

    Result<std::string> run() {
        feed(dialog::Started{});
        while (!engine_.ended()) {
            auto event = next();
            if (!event) return Unexpected(event.error());
            for (const auto& one : *event)
                feed(one);
        }
        return std::string(dialog::name_of(engine_.outcome()));
    }

  private:
    using Events = std::vector<Event>;

    static dialog::Variables known(const TalkSettings& settings) {
        dialog::Variables variables;
        variables.set("caller", "terminal");
        variables.set("call", "talk");
        variables.set("language", std::string(dialog::name_of(settings.language)));
        return variables;
    }

    void feed(const Event& event) {
        for (const auto& action : engine_.on(event)) {
            if (const auto* listen = std::get_if<dialog::Listen>(&action)) question_ = *listen;
            if (auto line = dialog::line_of(action); !line.empty()) out_ << line << "\n";
        }
        out_.flush();
    }

    Result<Events> next() {
        using Waiting = dialog::Engine::Waiting;
        switch (engine_.waiting()) {
            case Waiting::spoken:
                return Events{dialog::Spoken{}};
            case Waiting::caller:
                return settings_.voice.empty() ? typed() : voiced();
            case Waiting::recorded:
                return Events{dialog::Recorded{"talk.wav"}};
            case Waiting::saved:
                return Events{dialog::Saved{}};
            case Waiting::dialled:
                return dialled();
            case Waiting::nothing:
            case Waiting::ended:
                break;
        }
        return fail(Code::bug, fmt::format("the dialog waits for nothing in step {}", engine_.step()));
    }

    std::optional<std::string> line() {
        if (settings_.prompt) out_ << "> " << std::flush;
        std::string text;
        if (!std::getline(in_, text)) return std::nullopt;
        text.resize(std::min(text.size(), longest_line));
        std::string_view trimmed = text::trim(text);
        while (trimmed.starts_with('>'))
            trimmed = text::trim(trimmed.substr(1));
        return std::string(trimmed);
    }

    Result<Events> typed() {
        auto said = line();
        if (!said) return Events{dialog::HungUp{}};
        if (said->empty() || *said == "(silence)") return Events{dialog::Silence{}};
        if (*said == "(hangup)") return Events{dialog::HungUp{}};
        if (*said == "(noise)") return Events{dialog::Heard{"", dialog::Sureness::not_understood}};
        if (said->starts_with("(key ") && said->ends_with(')'))
            return keys(said->substr(5, said->size() - 6));
        if (said->ends_with('?'))
            return Events{dialog::Heard{said->substr(0, said->size() - 1), dialog::Sureness::unsure}};
        return Events{dialog::Heard{*said, dialog::Sureness::sure}};
    }

    static Events keys(std::string_view pressed) {
        Events events;
        for (char key : pressed)
            if (std::string_view("0123456789*#").find(key) != std::string_view::npos)
                events.emplace_back(dialog::Key{key});
        events.emplace_back(dialog::KeysEnd{});
        return events;
    }

    Result<Events> dialled() {
        auto said = line();
        if (!said) return Events{dialog::HungUp{}};
        std::string_view word = text::trim(std::string_view(*said).substr(said->starts_with('=') ? 1 : 0));
        auto outcome = word == "busy"       ? dialog::DialOutcome::busy
                       : word == "noanswer" ? dialog::DialOutcome::noanswer
                       : word == "failed"   ? dialog::DialOutcome::failed
                                            : dialog::DialOutcome::answered;
        return Events{dialog::Dialled{outcome}};
    }

    // The next utterance of the recordings, recognised with this question's grammar.
    Result<Events> voiced() {
        if (!cut_) {
            for (const auto& recording : settings_.voice)
                for (auto& one : utterances_of(recording, question_.pause))
                    said_.push_back(std::move(one));
            cut_ = true;
        }
        if (said_.empty()) return Events{dialog::HungUp{}};
        auto samples = std::move(said_.front());
        said_.pop_front();
        if (!ear_) {
            auto opened = settings_.open_ear();
            if (!opened) return Unexpected(opened.error());
            ear_ = std::move(*opened);
        }
        auto went = ear_->use(question_.grammar);
        if (went) went = ear_->feed(samples);
        if (!went) return Unexpected(went.error());
        auto heard = ear_->finish();
        if (!heard) return Unexpected(heard.error());
        using Verdict = speech::Hypothesis::Verdict;
        Event event = dialog::Heard{heard->text, heard->verdict == Verdict::accept ? dialog::Sureness::sure
                                                 : heard->verdict == Verdict::confirm
                                                     ? dialog::Sureness::unsure
                                                     : dialog::Sureness::not_understood};
        out_ << dialog::line_of(event) << "\n";
        return Events{event};
    }

    const TalkSettings& settings_;
    std::istream& in_;
    std::ostream& out_;
    dialog::Engine engine_;
    dialog::Listen question_;
    std::deque<audio::Samples> said_;
    bool cut_ = false;
    std::unique_ptr<speech::Recognizer> ear_;
};
}  // namespace

Result<std::string> talk(const dialog::Dialog& dialog, const TalkSettings& settings, std::istream& in,
                         std::ostream& out) {
    return Talk(dialog, settings, in, out).run();
}

std::vector<audio::Samples> utterances_of(const audio::Samples& recording, std::chrono::milliseconds pause) {
    std::vector<audio::Samples> out;
    audio::Vad vad(audio::VadOptions{.pause = pause});
    audio::PreRoll before(std::chrono::milliseconds(400));
    audio::Samples under_way;
    bool speaking = false;
    const std::size_t closing =
        audio::samples_in(pause) + audio::frame_samples;  // silence that ends the last word
    for (std::size_t at = 0; at < recording.size() + closing; at += audio::frame_samples) {
        audio::Frame frame{};
        if (at < recording.size())
            std::copy_n(recording.begin() + static_cast<std::ptrdiff_t>(at),
                        std::min(audio::frame_samples, recording.size() - at), frame.begin());
        before.push(frame);
        auto event = vad.on(frame);
        if (event.kind == audio::VadEvent::Kind::started) {
            speaking = true;
            under_way = before.last(event.frames + 5);
        } else if (speaking) {
            under_way.insert(under_way.end(), frame.begin(), frame.end());
        }
        if (event.kind == audio::VadEvent::Kind::ended) {
            speaking = false;
            if (event.was_speech()) out.push_back(std::move(under_way));
            under_way.clear();
        }
    }
    return out;
}

}  // namespace pbx::oksana
