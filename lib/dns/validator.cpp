#include "dns/validator.hpp"

#include "core/driver.hpp"
#include "core/text.hpp"
#include "dns/validator_driver.h"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <poll.h>

namespace pbx::dns {

struct Validator::Inside {
    const pbx_validator_table* driver = nullptr;
    void* session = nullptr;
    AnchorFile anchors;
    const Clock* clock = nullptr;
    Sink sink{};

    ~Inside() {
        if (session != nullptr) driver->close(session);
    }
};

namespace {
// "192.0.2.1:53" -> "192.0.2.1@53", "[2001:db8::1]:53" -> "2001:db8::1@53"
std::string with_at(const Server& server) {
    const auto text = server.text();
    const auto colon = text.rfind(':');
    auto host = text.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return host + '@' + text.substr(colon + 1);
}

Security security_of(const pbx_validated& validated) {
    if (validated.bogus != 0) return Security::bogus;
    return validated.secure != 0 ? Security::secure : Security::insecure;
}

void take(void* user, const pbx_validated* validated) {
    const auto& sink = *static_cast<const Validator::Sink*>(user);
    Judged judged{.token = validated->token};
    if (validated->failed == 0) {
        judged.security = security_of(*validated);
        judged.rcode = static_cast<Rcode>(validated->rcode);
        judged.ttl = static_cast<std::uint32_t>(std::max(validated->seconds, 0));
        if (validated->message != nullptr) judged.message = {validated->message, validated->size};
        if (validated->why != nullptr) judged.why = validated->why;
    }
    if (sink) sink(judged);
}
}  // namespace

Reply own(const Judged& judged, const Question& question) {
    Reply out{.outcome = Outcome::answered, .message = {judged.message.begin(), judged.message.end()}};
    out.security = judged.security;
    out.why = judged.why;
    const bool usable = judged.security != Security::bogus && !out.message.empty() &&
                        decode(out.message, question, out.answer).has_value();
    if (!usable) out.answer = {};
    // a packet's own rcode is that of its last alias, too
    out.answer.rcode = usable || judged.rcode != Rcode::no_error ? judged.rcode : Rcode::server_failure;
    out.answer.ttl = std::min(out.answer.ttl, judged.ttl);
    return out;
}

Validator::Validator(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Validator::~Validator() = default;

Result<std::unique_ptr<Validator>> Validator::open(const ValidatorSettings& settings, const Clock& clock) {
    auto anchors = read_anchors(settings.anchors);
    if (!anchors) return tl::unexpected(anchors.error());
    auto driver = load_driver_as<pbx_validator_table>("unbound", validator_package);
    if (!driver) return tl::unexpected(driver.error());
    auto inside = std::unique_ptr<Inside>(
        new Inside{.driver = *driver, .anchors = std::move(*anchors), .clock = &clock});

    std::vector<std::string> texts;
    for (const auto& server : settings.servers)
        texts.push_back(with_at(server));
    std::vector<const char*> servers;
    for (const auto& one : texts)
        servers.push_back(one.c_str());
    servers.push_back(nullptr);
    const auto payload = std::to_string(ExchangeSettings{}.payload);
    const pbx_validator_settings wanted{.servers = servers.data(),
                                        .anchor_file = inside->anchors.path.c_str(),
                                        .payload = payload.c_str(),
                                        .sink = &take,
                                        .user = &inside->sink};
    char error[256] = "";
    inside->session = inside->driver->open(&wanted, error, sizeof error);
    if (inside->session == nullptr) return fail(Code::config, text::lower_ascii(error), inside->anchors.path);
    return std::unique_ptr<Validator>(new Validator(std::move(inside)));
}

Reply Validator::ask(const Question& question, Moment deadline) {
    std::optional<Reply> reply;
    inside_->sink = [&](const Judged& judged) { reply = own(judged, question); };
    if (!start(question, 0)) return {.outcome = Outcome::unreachable};
    while (!reply) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - inside_->clock->now()).count();
        if (left <= 0) break;
        pollfd one{.fd = descriptor(), .events = POLLIN, .revents = 0};
        if (::poll(&one, 1, static_cast<int>(left)) < 0 && errno != EINTR) break;
        work();
    }
    if (!reply) cancel(0);
    inside_->sink = {};
    return reply ? std::move(*reply) : Reply{};
}

void Validator::set_sink(Sink sink) {
    inside_->sink = std::move(sink);
}

bool Validator::start(const Question& question, std::uint64_t token) {
    const auto name = question.name.text();
    return inside_->driver->ask(inside_->session, name.c_str(), static_cast<std::uint16_t>(question.type),
                                token) != 0;
}

void Validator::cancel(std::uint64_t token) {
    inside_->driver->cancel(inside_->session, token);
}

int Validator::descriptor() const {
    return inside_->driver->descriptor(inside_->session);
}

void Validator::work() {
    inside_->driver->work(inside_->session);
}

bool Validator::covers(const Name& name) const {
    return inside_->anchors.covers(name);
}

}  // namespace pbx::dns
