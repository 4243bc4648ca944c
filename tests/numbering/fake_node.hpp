// An Emercoin node as its sources describe it: a name-value store behind JSON-RPC (namecoin.cpp) and a DNS
// responder (emcdns.cpp) that has no TCP, cuts at 512 octets, joins records and says SERVFAIL while blocks
// are downloaded. Which records it takes for signed is the test's word: it verifies nothing.
#pragma once

#include "numbering/enumer_record.hpp"
#include "support/fake_http.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace pbx::test {

struct FakeName {
    std::string value;
    std::string address;
    bool expired = false;
    bool deleted = false;
    bool is_signed = true;  // as the node sees it
};

class FakeNode {
  public:
    FakeNode();
    FakeNode(const FakeNode&) = delete;
    FakeNode& operator=(const FakeNode&) = delete;
    ~FakeNode();

    void put(const std::string& name, FakeName record);
    [[nodiscard]] std::string rpc_url() const { return http_.url(); }
    [[nodiscard]] std::string dns_server() const { return "127.0.0.1:" + std::to_string(dns_port_); }
    [[nodiscard]] std::vector<std::string> calls();  // bodies

    std::string login = "dXNlcjpwYXNz";  // user:pass
    std::set<std::string> own{};         // addresses of its wallet
    std::set<std::string> allowed{"enum"};
    std::vector<numbering::EnumerEntry> toll_free{};  // answers every number that has no record
    std::atomic<bool> downloading = false, silent = false;
    std::atomic<int> queries = 0;

  private:
    std::string on_http(const FakeRequest& request);
    void serve_dns();
    [[nodiscard]] std::string answer(const std::string& query);
    [[nodiscard]] std::string records_of(const std::string& digits, std::uint16_t& count);

    std::mutex mutex_;
    std::map<std::string, FakeName> names_;
    std::vector<std::string> calls_;
    int dns_ = -1;
    std::uint16_t dns_port_ = 0;
    std::thread dns_thread_;
    FakeHttp http_;  // last: it calls on_http()
};

}  // namespace pbx::test
