// The relay's side to others: links and the broker, which carry the hub's frames and news. Knows neither
// Asterisk nor what is in a frame.
#pragma once

#include "devstate/broker.hpp"
#include "devstate/hub.hpp"
#include "devstate/link.hpp"
#include "devstate/relay_settings.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pbx::devstate {

class Peers {
  public:
    Peers(net::Executor executor, Hub& hub, std::function<void(HubEvent)> on_news)
        : executor_(std::move(executor)), hub_(hub), on_news_(std::move(on_news)) {}

    // Opens the links, and the broker when it is not open yet. Links that were open are cut first: a reload
    // takes new peers and certificates so, and they are back within the grace. An error: all is as it was.
    [[nodiscard]] Result<void> open(const std::string& server, std::uint64_t instance,
                                    const RelaySettings& settings);

    // The hub has something for it: given at the loop's next turn, so that what comes at once goes in one
    // frame.
    void wake(LinkId id);
    void refuse(LinkId id, const std::string& reason);
    // All frames are on their way, and no link has anything queued.
    [[nodiscard]] bool is_drained() const;
    [[nodiscard]] net::Task<void> close(std::chrono::milliseconds limit);

    [[nodiscard]] std::vector<LinkStatus> links() const;
    [[nodiscard]] LinkTotals totals() const;
    [[nodiscard]] std::optional<BrokerStatus> broker() const;
    [[nodiscard]] bool is_name_taken() const { return broker_ && broker_->is_name_taken(); }  // at the broker
    [[nodiscard]] std::uint16_t port() const { return links_ ? links_->port() : std::uint16_t{0}; }
    // What is not linked, and why: "wss://b:8977: connection refused". Empty: all is well.
    [[nodiscard]] std::string trouble() const;
    [[nodiscard]] std::uint64_t bad_frames() const { return bad_frames_; }

  private:
    static constexpr LinkId bus = 1;
    void drop_links();
    [[nodiscard]] Result<void> open_links(LinkOptions options);
    [[nodiscard]] LinkEvents link_events();
    [[nodiscard]] Result<void> open_broker(const std::string& server, std::uint64_t instance,
                                           BrokerOptions options);
    void give(LinkId id);
    void give_due();

    net::Executor executor_;
    Hub& hub_;
    std::function<void(HubEvent)> on_news_;
    std::unique_ptr<Links> links_;
    std::optional<LinkOptions> in_force_;
    std::unique_ptr<Broker> broker_;
    std::string broker_url_;
    LinkId next_ = bus + 1;
    std::map<LinkId, LinkId> outer_;  // of links_ -> the hub's, which are never used again
    std::map<LinkId, LinkId> inner_;
    std::set<LinkId> due_;
    std::shared_ptr<Peers*> self_ = std::make_shared<Peers*>(this);  // for what is posted
    std::uint64_t bad_frames_ = 0;
};

}  // namespace pbx::devstate
