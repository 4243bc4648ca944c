// The service: asked by callers and by a monitor, told by its manager.
#include "numbering/served.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace pbx;
using namespace pbx::numbering;

namespace {
const std::string known = "/enum/+441632960083";
}  // namespace

TEST_CASE("service: HTTP gives a URI, what Dial() takes, or a document") {
    Tree tree;
    const Served served(tree.read());
    const auto plain = served.get(known);
    CHECK(status_of(plain) == "HTTP/1.1 200 OK");
    CHECK(contains(plain, "Enum-Status: ok\r\n"));
    CHECK(contains(plain, "Cache-Control: max-age=300\r\n"));
    CHECK(body_of(plain) == "sip:a@example.com\n");
    CHECK(body_of(served.get(known + "?dial=pjsip:trunk")) == "PJSIP/trunk/sip:a@example.com\n");
    CHECK(body_of(served.get(known + "?print=count")) == "2\n");
    CHECK(body_of(served.get(known + "?record=2")) == "tel:+441632\n");
    CHECK(body_of(served.get("/enum?number=+44%20(1632)%20960-083")) == "sip:a@example.com\n");
    for (const auto& document : {served.get(known + "?json&dial=sip"),
                                 served.get(known + "?dial=sip", "Accept: application/json\r\n")}) {
        CHECK(contains(document, "Content-Type: application/json\r\n"));
        CHECK(body_of(document).starts_with(
            R"({"number":"+441632960083","status":"ok","uri":"sip:a@example.com","dial":"SIP/a@example.com")"));
        CHECK(body_of(document).ends_with("}\n"));
    }
    const auto head = served.get(known, "", "HEAD");
    CHECK(contains(head, "Content-Length: 18\r\n"));
    CHECK(body_of(head).empty());
}

TEST_CASE("service: without a URI the body is empty, for CURL() would give it to Dial()") {
    Tree tree;
    const Served served(tree.read());
    const auto none = served.get("/enum/+441");
    CHECK(status_of(none) == "HTTP/1.1 404 Not Found");
    CHECK(contains(none, "Enum-Status: nxdomain\r\n"));
    CHECK(contains(none, "Enum-Error: +441: not in the tree\r\n"));
    CHECK(body_of(none).empty());
    CHECK(body_of(served.get("/enum/+441?print=status")) == "nxdomain\n");
    const auto nonsense = served.get("/enum/nonsense");
    CHECK(status_of(nonsense) == "HTTP/1.1 400 Bad Request");
    CHECK(contains(nonsense, "Enum-Status: bad_number\r\n"));
    CHECK(body_of(nonsense).empty());
    CHECK(contains(served.get("/enum/nonsense?json"), R"("code":"bad_number")"));
    CHECK(status_of(served.get("/enum/+44?nothing=1")) == "HTTP/1.1 400 Bad Request");
    CHECK(status_of(served.get("/other")) == "HTTP/1.1 404 Not Found");
    CHECK(status_of(served.get(known, "", "DELETE")) == "HTTP/1.1 405 Method Not Allowed");
    const auto undialled = served.get(known + "?dial=iax2");
    CHECK(status_of(undialled) == "HTTP/1.1 404 Not Found");
    CHECK(body_of(undialled).empty());
}

TEST_CASE("service: FastAGI sets the variables that AGI() sets") {
    Tree tree;
    const Served served(tree.read());
    const std::vector<std::string> wanted{R"(SET VARIABLE "ENUM_STATUS" "ok")",
                                          R"(SET VARIABLE "ENUM_URI" "sip:a@example.com")",
                                          R"(SET VARIABLE "ENUM_DIAL" "PJSIP/trunk/sip:a@example.com")",
                                          R"(SET VARIABLE "ENUM_COUNT" "2")",
                                          R"(SET VARIABLE "PBXCTL_RESULT" "ok")",
                                          R"(SET VARIABLE "PBXCTL_ERROR" "")",
                                          R"(SET VARIABLE "ENUM_1" "sip:a@example.com")",
                                          R"(SET VARIABLE "ENUM_2" "tel:+441632")"};
    CHECK(served.channel("enum?number=+441632960083&dial=pjsip:trunk") == wanted);
    CHECK(served.channel("enum?dial=pjsip:trunk", "agi_arg_1: +441632960083\n") == wanted);
    const auto none = served.channel("enum?number=+441");
    REQUIRE(none.size() == 6);
    CHECK(none[0] == R"(SET VARIABLE "ENUM_STATUS" "nxdomain")");
    CHECK(none[3] == R"(SET VARIABLE "ENUM_COUNT" "0")");
    CHECK(served.channel("enum?number=nonsense").at(0) == R"(SET VARIABLE "ENUM_STATUS" "bad_number")");
    CHECK(served.channel("other").at(0) == R"(SET VARIABLE "ENUM_STATUS" "error")");
}

TEST_CASE("service: what is kept is not asked again, a no neither") {
    Tree tree;
    const Served served(tree.read());
    for (int i = 0; i < 3; ++i) {
        CHECK(body_of(served.get(known)) == "sip:a@example.com\n");
        CHECK(served.channel("enum?number=+441632960083").size() == 8);
        CHECK(status_of(served.get("/enum/+441")) == "HTTP/1.1 404 Not Found");
    }
    CHECK(tree.asked == 2);
}

TEST_CASE("service: questions leave from several ports, so that a forger has more to guess") {
    Tree tree;
    const Served served(tree.read());
    for (int i = 0; i < 40; ++i)
        CHECK(status_of(served.get("/enum/+441" + std::to_string(i))) == "HTTP/1.1 404 Not Found");
    CHECK(tree.server.peer_ports().size() > 1);
    CHECK(tree.server.peer_ports().size() <= 8);
}

TEST_CASE("service: records are kept for their TTL, a no for what its SOA says") {
    Tree tree;
    const Served served(tree.read());
    const auto ask = [&] {
        CHECK(contains(served.get(known), "Cache-Control: max-age="));
        CHECK(contains(served.get("/enum/+441"), "Enum-Status: nxdomain"));
        return tree.asked.load();
    };
    CHECK(contains(served.get(known), "Cache-Control: max-age=300\r\n"));
    CHECK(contains(served.get("/enum/+441"), "Cache-Control: max-age=60\r\n"));
    CHECK(ask() == 2);
    served.put_on(30s);
    CHECK(contains(served.get(known), "Cache-Control: max-age=2"));  // what is left of it
    CHECK(ask() == 2);
    served.put_on(31s);
    CHECK(ask() == 3);
    served.put_on(250s);
    CHECK(ask() == 5);
}

TEST_CASE("service: HUP empties the cache and reads the settings anew, and faulty ones change nothing") {
    Tree old, other;
    other.uri = "sip:other@example.com";
    int reads = 0;
    Served served([&]() -> Result<LookupService> {
        if (++reads == 2) return fail(Code::config, "a fault");
        return asking(reads == 1 ? old.server.address() : other.server.address());
    });
    CHECK(body_of(served.get(known)) == "sip:a@example.com\n");
    kill(served.process, SIGHUP);
    CHECK(served.manager.hears("STATUS=reload refused"));
    CHECK(body_of(served.get(known)) == "sip:a@example.com\n");
    CHECK(old.asked == 1);
    kill(served.process, SIGHUP);
    CHECK(served.manager.hears("STATUS=reloaded"));
    CHECK(body_of(served.get(known)) == "sip:other@example.com\n");
    CHECK(served.end(SIGINT) == 130);
}

TEST_CASE("service: what is being looked up at TERM is still answered") {
    std::mutex mutex;
    std::condition_variable changed;
    bool came = false, go = false;
    Tree tree;
    FakeServer slow([&](const Octets& query, bool) {
        std::unique_lock lock(mutex);
        came = true;
        changed.notify_all();
        changed.wait_for(lock, 20s, [&] { return go; });
        return std::vector<Octets>{tree.answer(query)};
    });
    Served served([&]() -> Result<LookupService> { return asking(slow.address()); });
    const int asked = served.begin(known);
    {
        std::unique_lock lock(mutex);
        REQUIRE(changed.wait_for(lock, 20s, [&] { return came; }));
    }
    kill(served.process, SIGTERM);
    CHECK(served.manager.hears("STOPPING=1"));
    {
        const std::lock_guard lock(mutex);
        go = true;
    }
    changed.notify_all();
    CHECK(body_of(rest_of(asked)) == "sip:a@example.com\n");
    CHECK(served.ended() == 143);
}

TEST_CASE("service: dead name servers are told to callers and to the monitor") {
    const Served served([]() -> Result<LookupService> { return asking(dns::test::closed_port()); });
    const auto health = [&] { return status_of(served.monitored("/healthz")); };
    CHECK(health() == "HTTP/1.1 200 OK");
    const auto dead = served.get(known);
    CHECK(status_of(dead) == "HTTP/1.1 502 Bad Gateway");
    CHECK(contains(dead, "Enum-Status: unreachable\r\n"));
    CHECK(body_of(dead).empty());
    bool told = false;  // once the tree's own name was asked for in vain
    for (int tries = 0; tries < 10'000 && !told; ++tries)
        told = health() == "HTTP/1.1 503 Service Unavailable";
    CHECK(told);
}

TEST_CASE("service: one number whose servers are silent is no trouble of all") {
    Tree tree;
    std::mutex mutex;
    std::condition_variable changed;
    bool apex_asked = false;
    FakeServer server([&](const Octets& query, bool) -> std::vector<Octets> {
        constexpr std::size_t first_label = 12;
        if (query.at(first_label) == 1) return {};
        const std::lock_guard lock(mutex);
        apex_asked = true;
        changed.notify_all();
        return {tree.answer(query)};
    });
    const Served served([&]() -> Result<LookupService> { return asking(server.address(), 50ms); });
    const auto health = [&] { return status_of(served.monitored("/healthz")); };
    CHECK(status_of(served.get(known)) == "HTTP/1.1 504 Gateway Timeout");
    CHECK(health() == "HTTP/1.1 200 OK");
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, 20s, [&] { return apex_asked; }));
    CHECK(health() == "HTTP/1.1 200 OK");
}

TEST_CASE("service: sockets that systemd passed are taken by their names") {
    Tree tree;
    Served served(tree.read(), {.activated = true});
    CHECK(body_of(served.get(known)) == "sip:a@example.com\n");
    CHECK(served.channel("enum?number=+441632960083").size() == 8);
    CHECK(body_of(served.monitored("/healthz")) == "ok\n");
    CHECK(served.end(SIGTERM) == 143);
}

TEST_CASE("service: a monitor reads what was asked, what was found and what the cache did") {
    Tree tree;
    const Served served(tree.read());
    for (const auto* path : {"/enum/+441632960083", "/enum/+441632960083", "/enum/+441", "/enum/nonsense"})
        static_cast<void>(served.get(path));
    static_cast<void>(served.channel("enum?number=+441632960083"));
    const auto numbers = served.monitored("/metrics");
    for (const auto* line :
         {R"(pbxctl_enum_requests_total{door="http"} 4)", R"(pbxctl_enum_requests_total{door="fastagi"} 1)",
          R"(pbxctl_enum_lookups_total{status="ok"} 3)", R"(pbxctl_enum_lookups_total{status="nxdomain"} 1)",
          R"(pbxctl_enum_lookups_total{status="bogus"} 0)", "pbxctl_enum_refused_total 1",
          "pbxctl_enum_cache_hits_total 2", "pbxctl_enum_cache_misses_total 2",
          "pbxctl_enum_cache_dropped_total 0", "pbxctl_enum_cache_entries 2", "pbxctl_enum_questions_total 2",
          "pbxctl_enum_questions_failed_total 0", "pbxctl_enum_lookup_seconds_count 4",
          R"(pbxctl_enum_connections_refused_total{door="http"} 0)"}) {
        INFO(line);
        CHECK(contains(numbers, std::string("\n") + line + "\n"));
    }
}

TEST_CASE("service: connections over the limit are closed at once, and counted") {
    Tree tree;
    const Served served(tree.read(), {.most_http = 1});
    const int first = connected(served.http_port);
    const std::string request = "GET " + known + " HTTP/1.1\r\nHost: x\r\n\r\n";
    REQUIRE(send(first, request.data(), request.size(), MSG_NOSIGNAL) > 0);
    char byte = 0;
    REQUIRE(recv(first, &byte, 1, MSG_PEEK) == 1);  // it is served, and stays
    CHECK(rest_of(connected(served.http_port)).empty());
    CHECK(
        contains(served.monitored("/metrics"), "\npbxctl_enum_connections_refused_total{door=\"http\"} 1\n"));
    CHECK(served.channel("enum?number=+441632960083").size() == 8);
    shutdown(first, SHUT_WR);
    CHECK(body_of(rest_of(first)) == "sip:a@example.com\n");
}

TEST_CASE("service: a silent name server takes no longer than a lookup may") {
    FakeServer silent(dns::test::keep_silent);
    const Served served([&]() -> Result<LookupService> { return asking(silent.address(), 50ms); });
    CHECK(status_of(served.get(known)) == "HTTP/1.1 504 Gateway Timeout");
    CHECK(served.channel("enum?number=+441632960083").at(0) == R"(SET VARIABLE "ENUM_STATUS" "timeout")");
}

TEST_CASE("service: what is verified elsewhere may leave nothing, or be impossible to say") {
    Tree tree;
    const Served served([&]() -> Result<LookupService> {
        auto out = asking(tree.server.address());
        out.desk.verify = [](Outcome& outcome, std::string_view digits, dns::Moment) -> Result<void> {
            if (digits == "441632960083") {
                outcome.uris.resize(1);
                return {};
            }
            return fail(Code::unavailable, "no node");
        };
        return out;
    });
    CHECK(body_of(served.get(known + "?print=count")) == "1\n");
    const auto unknown = served.get("/enum/+4410083");  // the tree knows it, too
    CHECK(status_of(unknown) == "HTTP/1.1 502 Bad Gateway");
    CHECK(contains(unknown, "Enum-Error: no node\r\n"));
    CHECK(body_of(unknown).empty());
}

TEST_CASE("service: it says why it cannot begin") {
    const SystemClock clock;
    const Context context{std::cin, std::cout, std::cerr, [](const std::string&) { return std::nullopt; },
                          clock};
    net::Loop loop;
    const auto status = numbering::serve_lookups(
        loop, context, []() -> Result<LookupService> { return asking(dns::test::closed_port()); });
    REQUIRE_FALSE(status);
    CHECK(status.error().what == "nowhere to listen");
}

TEST_CASE("questions: several lookups that want the same ask once, and each is answered") {
    Tree tree;
    net::Loop loop;
    const SystemClock clock;
    auto questions = std::make_shared<Questions>(loop.executor(), clock);
    auto resolver = dns::LoopResolver::open(
        loop.executor(), {.servers = {tree.server.address()}, .window = Questions::most_open}, clock);
    REQUIRE(resolver);
    questions->use(*resolver, nullptr, {}, 20s);
    struct Asking {
        static net::Task<void> ask(std::shared_ptr<Questions> of, std::string name, int* answered,
                                   net::Loop* on) {
            dns::Question question{.name = dns::Name::parse(name).value()};
            auto heard = co_await Questions::ask(of, question, 20s);
            if (heard.reply && heard.reply->answer.naptrs.size() == 2) ++*answered;
            if (*answered == 3) on->stop();
        }
    };
    int answered = 0;
    for (const auto* name : {"3.8.0.0.e164.arpa", "3.8.0.0.E164.arpa", "3.8.0.0.e164.ARPA"})
        loop.spawn(Asking::ask(questions, name, &answered, &loop));
    loop.run();
    CHECK(answered == 3);
    CHECK(tree.asked == 1);
    CHECK(questions->counts().asked == 1);
    CHECK(questions->counts().shared == 2);
    CHECK(questions->cache().entries() == 1);
}

TEST_CASE("questions: who has more time than the one who asked first asks anew, and haste is not kept") {
    std::atomic<int> asked = 0;
    Tree tree;
    // nothing for the one in haste
    FakeServer server([&](const Octets& query, bool) -> std::vector<Octets> {
        return ++asked == 1 ? std::vector<Octets>{} : std::vector<Octets>{tree.answer(query)};
    });
    net::Loop loop;
    const SystemClock clock;
    auto questions = std::make_shared<Questions>(loop.executor(), clock);
    auto resolver = dns::LoopResolver::open(
        loop.executor(), {.servers = {server.address()}, .window = Questions::most_open}, clock);
    REQUIRE(resolver);
    questions->use(*resolver, nullptr, {}, 20s);
    struct Asking {
        static net::Task<void> ask(std::shared_ptr<Questions> of, std::chrono::milliseconds limit,
                                   std::vector<std::string>* heard_by, net::Loop* on) {
            dns::Question question{.name = dns::Name::parse("3.8.0.0.e164.arpa").value()};
            auto heard = co_await Questions::ask(of, question, limit);
            heard_by->push_back(std::string(heard.reply ? "answer" : name_of(heard.failure)));
            if (heard_by->size() == 2) on->stop();
        }
    };
    std::vector<std::string> heard;
    loop.spawn(Asking::ask(questions, 50ms, &heard, &loop));
    loop.spawn(Asking::ask(questions, 20s, &heard, &loop));
    loop.run();
    CHECK(heard == std::vector<std::string>{"timeout", "answer"});
    CHECK(questions->counts().asked == 2);
    CHECK(questions->cache().entries() == 1);
}

TEST_CASE("questions: a timeout is kept for a moment when there was time enough, else not at all") {
    FakeServer silent(dns::test::keep_silent);
    net::Loop loop;
    const SystemClock clock;
    auto questions = std::make_shared<Questions>(loop.executor(), clock);
    auto resolver = dns::LoopResolver::open(
        loop.executor(), {.servers = {silent.address()}, .window = Questions::most_open}, clock);
    REQUIRE(resolver);
    questions->use(*resolver, nullptr, {}, 100ms);
    for (const auto limit : {50ms, 100ms}) {
        auto heard = loop.run_to_end(
            Questions::ask(questions, {.name = dns::Name::parse("3.8.0.0.e164.arpa").value()}, limit));
        REQUIRE(heard);
        CHECK(heard->failure == Status::timeout);
        CHECK(questions->cache().entries() == (limit == 100ms ? 1 : 0));
    }
}
