#include "dialog/check_components.hpp"

#include <algorithm>

namespace pbx::dialog::checking {

namespace {
constexpr std::size_t fresh = static_cast<std::size_t>(-1);

class Search {
  public:
    explicit Search(const Adjacency& out)
        : out_(out), index_(out.size(), fresh), low_(out.size()), on_(out.size()) {
        found_.of.assign(out.size(), 0);
    }
    Components whole() {
        for (std::size_t node = 0; node < out_.size(); ++node)
            if (index_[node] == fresh) from(node);
        return std::move(found_);
    }

  private:
    struct Visit {
        std::size_t node, next;
    };
    void enter(std::size_t node) {
        index_[node] = low_[node] = count_++;
        on_[node] = true;
        stack_.push_back(node);
        visits_.push_back({node, 0});
    }
    void from(std::size_t root) {
        enter(root);
        while (!visits_.empty()) {
            const auto node = visits_.back().node;
            if (visits_.back().next < out_[node].size()) {
                const auto to = out_[node][visits_.back().next++];
                if (index_[to] == fresh)
                    enter(to);
                else if (on_[to])
                    low_[node] = std::min(low_[node], index_[to]);
                continue;
            }
            visits_.pop_back();
            if (!visits_.empty()) {
                auto& low = low_[visits_.back().node];
                low = std::min(low, low_[node]);
            }
            if (low_[node] == index_[node]) close(node);
        }
    }
    void close(std::size_t node) {
        std::vector<std::size_t> members;
        std::size_t last = fresh;
        do {
            last = stack_.back();
            stack_.pop_back();
            on_[last] = false;
            found_.of[last] = found_.members.size();
            members.push_back(last);
        } while (last != node);
        std::reverse(members.begin(), members.end());
        const bool itself = std::find(out_[node].begin(), out_[node].end(), node) != out_[node].end();
        found_.circular.push_back(members.size() > 1 || itself);
        found_.members.push_back(std::move(members));
    }

    const Adjacency& out_;
    std::vector<std::size_t> index_, low_;
    std::vector<bool> on_;
    std::vector<std::size_t> stack_;
    std::vector<Visit> visits_;
    std::size_t count_ = 0;
    Components found_;
};
}  // namespace

Components components(const Adjacency& out) {
    return Search(out).whole();
}

}  // namespace pbx::dialog::checking
