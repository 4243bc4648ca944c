#include "numbering/fake_node.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace pbx::test {

using Json = nlohmann::json;

namespace {
constexpr std::size_t most_answer = 512;  // MAX_OUT

std::string error(int code, const std::string& message) {
    return FakeHttp::reply(
        code == -32601 ? "404 Not Found" : "500 Internal Server Error",
        Json{{"result", nullptr}, {"error", {{"code", code}, {"message", message}}}}.dump());
}

std::string result(const Json& value) {
    return FakeHttp::reply("200 OK", Json{{"result", value}, {"error", nullptr}}.dump());
}

void put16(std::string& out, unsigned value) {
    out.push_back(static_cast<char>(value >> 8 & 0xff));
    out.push_back(static_cast<char>(value & 0xff));
}

void put32(std::string& out, std::uint32_t value) {
    put16(out, value >> 16);
    put16(out, value & 0xffff);
}

void put_text(std::string& out, const std::string& text) {
    out.push_back(static_cast<char>(text.size() & 0xff));  // OutS(): over 255 octets it is a broken record
    out += text;
}

std::string record(const numbering::EnumerEntry& entry, std::uint32_t ttl) {
    std::string data;
    put16(data, entry.order);
    put16(data, entry.preference);
    put_text(data, "u");
    put_text(data, entry.services);
    put_text(data, entry.regexp);
    data.push_back(0);
    std::string out;
    put16(out, 0xc00c);  // the question's name
    put16(out, 35);
    put16(out, 1);
    put32(out, ttl);
    put16(out, static_cast<unsigned>(data.size()));
    return out + data;
}
}  // namespace

FakeNode::FakeNode()
    : dns_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
      http_([this](const FakeRequest& request) { return on_http(request); }) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(dns_, generic, size) != 0 || getsockname(dns_, generic, &size) != 0) std::abort();
    dns_port_ = ntohs(address.sin_port);
    dns_thread_ = std::thread([this] { serve_dns(); });
}

FakeNode::~FakeNode() {
    shutdown(dns_, SHUT_RDWR);  // wakes recvfrom(), though the socket has no peer
    dns_thread_.join();
    close(dns_);
}

void FakeNode::put(const std::string& name, FakeName record) {
    std::lock_guard lock(mutex_);
    names_[name] = std::move(record);
}

std::vector<std::string> FakeNode::calls() {
    std::lock_guard lock(mutex_);
    return calls_;
}

std::string FakeNode::on_http(const FakeRequest& request) {
    if (!request.has("Authorization: Basic " + login + "\r\n"))
        return FakeHttp::reply("401 Unauthorized", "");
    std::lock_guard lock(mutex_);
    calls_.push_back(request.body);
    const auto call = Json::parse(request.body);
    const std::string method = call.at("method");
    const auto& parameters = call.at("params");
    if (method == "getblockchaininfo")
        return result(
            {{"blocks", 600'000}, {"headers", 600'002}, {"initialblockdownload", downloading.load()}});
    if (method == "getnetworkinfo") return result({{"connections", 8}});
    if (method == "getaddressinfo")
        return result({{"address", parameters.at(0)}, {"ismine", own.contains(parameters.at(0))}});
    if (method != "name_show" && method != "name_new" && method != "name_update")
        return error(-32601, "Method not found");
    if (downloading) return error(-10, "Emercoin is downloading blocks...");
    const std::string name = parameters.at(0);
    const auto found = names_.find(name);
    if (method != "name_show") {
        if (method == "name_update" && found == names_.end())
            return error(-4, "this name tx is not in mempool");
        names_[name].value = parameters.at(1);
        return result(std::string(64, 'a'));
    }
    if (found == names_.end()) return error(-4, "failed to read from name DB");
    Json shown{{"name", name},
               {"value", found->second.value},
               {"address", found->second.address},
               {"expires_in", 1750}};
    if (found->second.deleted) shown["deleted"] = true;
    if (found->second.expired) shown["expired"] = true;
    return result(shown);
}

void FakeNode::serve_dns() {
    char bytes[1024];
    for (;;) {
        sockaddr_storage peer{};
        socklen_t size = sizeof peer;
        const auto got = recvfrom(dns_, bytes, sizeof bytes, 0, reinterpret_cast<sockaddr*>(&peer), &size);
        if (got <= 0) return;
        ++queries;
        if (silent || got < 12) continue;  // as for clients that ask too much
        const auto reply = answer(std::string(bytes, static_cast<std::size_t>(got)));
        static_cast<void>(
            sendto(dns_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&peer), size));
    }
}

std::string FakeNode::records_of(const std::string& digits, std::uint16_t& count) {
    std::lock_guard lock(mutex_);
    std::string out;
    const auto add = [&](const numbering::EnumerEntry& entry, std::uint32_t ttl) {
        // HandleE2U leaves out what would not fit, without a sign
        const auto room = entry.regexp.size() + entry.services.size() + 24;
        if (out.size() + room >= most_answer) return;
        out += record(entry, ttl);
        ++count;
    };
    for (unsigned number = 0;; ++number) {
        const auto found = names_.find(numbering::enumer_name(digits, number));
        if (found == names_.end() || found->second.expired || found->second.deleted) break;
        const auto value = numbering::parse_enumer_value(found->second.value);
        if (found->second.is_signed)
            for (const auto& entry : value.entries)
                add(entry, value.ttl);
    }
    if (count == 0)
        for (const auto& entry : toll_free)
            add(entry, numbering::enumer_ttl);
    return out;
}

std::string FakeNode::answer(const std::string& query) {
    std::size_t at = 12;
    std::vector<std::string> labels;
    while (at < query.size() && query[at] != 0) {
        const auto size = static_cast<std::size_t>(static_cast<unsigned char>(query[at]));
        labels.push_back(query.substr(at + 1, size));
        for (char& c : labels.back())
            c = static_cast<char>(c | 0x20);
        at += 1 + size;
    }
    const auto question_end = std::min(at + 5, query.size());
    const unsigned type = question_end == at + 5 ? static_cast<unsigned char>(query[at + 2]) : 0;
    std::string digits;
    for (std::size_t label = labels.empty() ? 0 : labels.size() - 1; label-- > 0;)
        for (auto c = labels[label].rbegin(); c != labels[label].rend(); ++c)
            if (*c >= '0' && *c <= '9') digits += *c;
    std::uint16_t count = 0;
    std::string records;
    unsigned rcode = 0;
    if (downloading) {
        rcode = 2;
    } else if (labels.empty() || !allowed.contains(labels.back())) {
        rcode = 5;
    } else {
        if (type == 35 && !digits.empty()) records = records_of(digits, count);
        if (count == 0) rcode = 3;
    }
    unsigned flags =
        0x8400 | (static_cast<unsigned char>(query[2]) & 1U) << 8 | rcode;  // QR, AA, RD as asked
    auto body = query.substr(12, question_end - 12) + records;
    if (rcode == 0) body += std::string("\0\0\x29\x02\0\0\0\0\0\0\0", 11);  // OPT, 512
    if (12 + body.size() >= most_answer) {
        flags |= 0x0200;
        body.resize(most_answer - 12);
    }
    std::string out = query.substr(0, 2);
    put16(out, flags);
    put16(out, 1);
    put16(out, count);
    put16(out, 0);
    put16(out, rcode == 0 ? 1 : 0);
    return out + body;
}

}  // namespace pbx::test
