#include "numbering/enumer_verify.hpp"

#include "numbering/enumer_signer.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;
using test::EnumerSigner;

namespace {
const EnumerSigner verifier(1), stranger(2);
const std::string digits = "441632960083", name = "enum:441632960083:0";
const std::string line = "E2U+sip=100|10|!^.*$!sip:a@example.com!";
const EnumerEntry entry{100, 10, "E2U+sip", "!^.*$!sip:a@example.com!"};

struct Store {
    std::map<std::string, StoredName> names{{"ver:enum", {.value = "", .address = verifier.address()}}};
    std::vector<std::string> asked{};

    NameReader reader() {
        return [this](const std::string& wanted) -> Result<std::optional<StoredName>> {
            asked.push_back(wanted);
            const auto found = names.find(wanted);
            return found == names.end() ? std::nullopt : std::optional(found->second);
        };
    }
    void put(const std::string& at, const std::string& value) {
        names[at] = {.value = value, .address = stranger.address()};
    }
    void put_signed(const std::string& at, const EnumerSigner& by = verifier,
                    const std::string& as = "ver:enum") {
        put(at, "SIG=" + as + "|" + by.sign(at) + "\n" + line);
    }
    CheckedRecord check() {
        EnumerCheck checker({"ver:enum"}, reader());
        auto records = checker.records(digits);
        REQUIRE(records);
        REQUIRE(records->size() == 1);
        return records->front();
    }
};
}  // namespace

TEST_CASE("enumer: a record that a trusted verifier signed is good") {
    Store store;
    store.put_signed(name);
    const auto record = store.check();
    CHECK(record.state == SignatureState::good);
    CHECK(record.verifier == "ver:enum");
    CHECK(record.why.empty());
    CHECK(record.value.entries == std::vector{entry});
}

TEST_CASE("enumer: a signature is of one name and of no value") {
    Store store;
    store.put_signed(name);
    store.names[name].value += "\nE2U+sip=1|1|!^.*$!sip:other@example.com!";
    CHECK(store.check().state == SignatureState::good);  // the owner may change the value
    store.put(name, "SIG=ver:enum|" + verifier.sign("enum:441632960083:1") + "\n" + line);
    CHECK(store.check().state == SignatureState::other_key);
}

TEST_CASE("enumer: each way in which a signature is none is told apart") {
    Store store;
    store.put(name, line);
    CHECK(store.check().state == SignatureState::missing);
    store.put_signed(name, verifier, "ver:mallory");
    CHECK(store.check().state == SignatureState::untrusted);
    store.put(name, "SIG=ver:enum|AAAA\n" + line);
    CHECK(store.check().state == SignatureState::malformed);
    store.put_signed(name, stranger);
    const auto other = store.check();
    CHECK(other.state == SignatureState::other_key);
    CHECK(other.why == "signed by " + stranger.address() + ", which is not ver:enum");
    store.put_signed(name);
    store.names.erase("ver:enum");
    CHECK(store.check().why == "ver:enum is not in the store");
}

TEST_CASE("enumer: one good signature among others is enough, the nearest to good is told else") {
    Store store;
    const std::string bad = "ver:mallory|x,ver:enum|AAAA,ver:enum|" + stranger.sign(name);
    store.put(name, "SIG=" + bad + "\n" + line);
    CHECK(store.check().state == SignatureState::other_key);
    store.put(name, "SIG=" + bad + "\nSIG=ver:enum|" + verifier.sign(name) + "\n" + line);
    CHECK(store.check().state == SignatureState::good);
}

TEST_CASE("enumer: a verifier's name must be alive and of a key") {
    Store store;
    store.put_signed(name);
    store.names["ver:enum"].expired = true;
    CHECK(store.check().why == "ver:enum has expired");
    store.names["ver:enum"].expired = false;
    store.names["ver:enum"].deleted = true;
    CHECK(store.check().why == "ver:enum was deleted");
    store.names["ver:enum"].deleted = false;
    store.names["ver:enum"].address = "eCmm99K7gfVNPC1xUNkeSPTN2X9LRUXzPZ";
    const auto script = store.check();
    CHECK(script.state == SignatureState::no_verifier);
    CHECK(script.why.find("of a script") != std::string::npos);
    store.names["ver:enum"].address = "em1qw508d6qejxtdg4y5r3zarvary0c5xw7k0krpyk";  // the same key
    CHECK(store.check().state == SignatureState::good);
}

TEST_CASE("enumer: what the verifier has revoked is bad, while its bucket is alive") {
    Store store;
    store.put_signed(name);
    store.names["ver:enum"].value = "SRL=0|srl:enum-%02x";
    CHECK(store.check().state == SignatureState::good);  // no bucket: nothing is revoked
    store.put("srl:enum-00", "enum:1:0\n" + name);
    const auto revoked = store.check();
    CHECK(revoked.state == SignatureState::revoked);
    CHECK(revoked.why == "srl:enum-00 revokes it");
    store.names["srl:enum-00"].expired = true;
    CHECK(store.check().state == SignatureState::good);
    store.names["ver:enum"].value = "SRL=17|srl:enum-%02x";
    CHECK(store.check().state == SignatureState::bad_srl);
}

TEST_CASE("enumer: records are read in turn until one is missing") {
    Store store;
    for (unsigned number : {0, 1, 2, 4})
        store.put_signed(enumer_name(digits, number));
    EnumerCheck checker({"ver:enum"}, store.reader());
    const auto records = checker.records(digits);
    REQUIRE(records);
    CHECK(records->size() == 3);
    CHECK(std::count(store.asked.begin(), store.asked.end(), "ver:enum") == 1);  // then it is known
    store.names[enumer_name(digits, 1)].expired = true;
    CHECK(checker.records(digits)->size() == 1);
    for (unsigned number = 0; number < 2 * EnumerCheck::most_records; ++number)
        store.put(enumer_name(digits, number), line);
    CHECK(checker.records(digits)->size() == EnumerCheck::most_records);
}

TEST_CASE("enumer: a node that fails is an error, and no verdict") {
    unsigned calls = 0;
    Store store;
    store.put_signed(name);
    const auto read = store.reader();
    EnumerCheck checker({"ver:enum"}, [&](const std::string& wanted) -> Result<std::optional<StoredName>> {
        if (++calls > 1) return fail(Code::try_again, "gone");
        return read(wanted);
    });
    const auto records = checker.records(digits);
    REQUIRE_FALSE(records);
    CHECK(records.error().code == Code::try_again);
    calls = 0;
    CHECK_FALSE(checker.records(digits));  // the failure was not kept as a verifier
}

TEST_CASE("enumer: where a record of a DNS answer comes from is known") {
    Store store;
    store.put_signed(name);
    store.put(enumer_name(digits, 1), "E2U+sip=1|1|!^.*$!sip:b@example.com!");
    EnumerCheck checker({"ver:enum"}, store.reader());
    const auto records = checker.records(digits);
    REQUIRE(records);
    CHECK(origin_of(entry, *records) == &records->at(0));
    CHECK(origin_of({1, 1, "E2U+sip", "!^.*$!sip:b@example.com!"}, *records) == &records->at(1));
    CHECK(origin_of({1, 1, "E2U+sip", "!^.*$!sip:\\1@tollfree.example!"}, *records) == nullptr);
    store.put(enumer_name(digits, 1), line);  // the same entry again, unsigned: the good one counts
    store.put_signed(enumer_name(digits, 2));
    store.put(name, line);
    const auto doubled = checker.records(digits);
    REQUIRE(doubled);
    CHECK(origin_of(entry, *doubled) == &doubled->at(2));
}
