#include "oksana/hearing.hpp"

#include <optional>
#include <utility>

namespace pbx::oksana {

// What the pool thread owns: one recogniser, opened by its first utterance.
struct Hearing::Ear {
    OpenEar open;
    std::unique_ptr<speech::Recognizer> recognizer;
    std::optional<Error> fault;

    void use(const speech::Grammar& grammar) {
        if (!recognizer && !fault) {
            auto opened = open();
            if (opened)
                recognizer = std::move(*opened);
            else
                fault = opened.error();
        }
        if (recognizer) keep(recognizer->use(grammar));
    }
    void feed(const audio::Samples& samples) {
        if (recognizer) keep(recognizer->feed(samples));
    }
    Result<speech::Hypothesis> finish() {
        if (!fault) return recognizer->finish();
        auto error = *fault;
        if (recognizer) {  // a fault of this utterance only
            recognizer->cancel();
            fault.reset();
        }
        return Unexpected(std::move(error));
    }
    void cancel() {
        if (recognizer) recognizer->cancel();
    }
    void keep(Result<void> result) {
        if (!result && !fault) fault = result.error();
    }
};

Hearing::Hearing(net::Pool& pool, OpenEar open, Handlers handlers)
    : lane_(pool), handlers_(std::move(handlers)), ear_(std::make_shared<Ear>()) {
    ear_->open = std::move(open);
}

Hearing::~Hearing() = default;

bool Hearing::submit(std::function<void()> work, std::function<void()> done) {
    if (!done) done = [] {};
    if (lane_.submit(std::move(work), std::move(done))) return true;
    handlers_.failed(Error{Code::try_again, "the recogniser is behind its caller", "speech", {}});
    return false;
}

void Hearing::ask(const speech::Grammar& grammar, std::chrono::milliseconds pause) {
    vad_.set_pause(pause);
    listening_ = !grammar.empty();
    if (grammar != grammar_) {
        grammar_ = grammar;
        // also opens the engine while the prompt is still being spoken
        submit([ear = ear_, grammar, again = in_utterance_ ? said_ : audio::Samples{}] {
            ear->cancel();
            ear->use(grammar);
            if (!again.empty()) ear->feed(again);
        });
    }
    // somebody speaks already: what is kept of it is the beginning of the answer
    if (listening_ && !in_utterance_ && vad_.in_speech()) begin(before_.size());
}

void Hearing::stop() {
    listening_ = false;
    if (!in_utterance_) return;
    in_utterance_ = false;
    submit([ear = ear_] { ear->cancel(); });
}

void Hearing::speaking(bool she_does) {
    vad_.guard(she_does);
}

bool Hearing::busy() const {
    return in_utterance_ || recognising_ > 0;
}

void Hearing::on(const audio::Frame& frame, Moment arrived) {
    before_.push(frame);
    last_ = arrived;
    auto event = vad_.on(frame);
    if (!listening_) return;
    using Kind = audio::VadEvent::Kind;
    if (event.kind == Kind::started) return begin(event.frames);
    if (!in_utterance_) return;
    feed(audio::Samples(frame.begin(), frame.end()));
    if (event.kind == Kind::ended) return end(event.frames, event.was_speech());
    if (audio::duration_of(said_.size()) >= longest_utterance) {
        vad_.reset();
        end(said_.size() / audio::frame_samples, true);
    }
}

void Hearing::begin(std::size_t frames) {
    in_utterance_ = true;
    began_ = last_ - audio::frame_time * (frames > 0 ? frames - 1 : 0);
    said_.clear();
    feed(before_.last(frames + 5));  // 100 ms of what was before it: a soft first consonant
    handlers_.started(began_);
}

void Hearing::feed(audio::Samples samples) {
    said_.insert(said_.end(), samples.begin(), samples.end());
    submit([ear = ear_, samples = std::move(samples)] { ear->feed(samples); });
}

void Hearing::end(std::size_t frames, bool was_speech) {
    in_utterance_ = false;
    if (!was_speech) {
        submit([ear = ear_] { ear->cancel(); });
        return handlers_.nothing();
    }
    auto out = std::make_shared<Result<speech::Hypothesis>>(speech::Hypothesis{});
    Utterance utterance{.hypothesis = {}, .began = began_, .ended = began_ + audio::frame_time * frames};
    ++recognising_;
    bool taken = submit([ear = ear_, out] { *out = ear->finish(); },
                        [this, out, utterance]() mutable {
                            --recognising_;
                            if (!*out) return handlers_.failed(out->error());
                            utterance.hypothesis = **out;
                            handlers_.heard(utterance);
                        });
    if (!taken) --recognising_;
}

}  // namespace pbx::oksana
