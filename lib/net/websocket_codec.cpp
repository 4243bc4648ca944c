#include "net/websocket_codec.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <sha1.h>
#include <sys/types.h>

namespace pbx::net::websocket {

namespace {

constexpr std::size_t shrink_over =
    64 * 1024;  // an idle connection does not keep its largest message's memory

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size; ++i)
        out = out << 8 | byte_at(bytes, at + i);
    return out;
}

void apply_mask(char* bytes, std::size_t size, std::uint32_t mask) {
    std::array<char, 4> key{};
    std::memcpy(key.data(), &mask, key.size());
    const std::uint64_t twice = static_cast<std::uint64_t>(mask) << 32 | mask;
    std::size_t i = 0;
    for (; i + sizeof twice <= size; i += sizeof twice) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes + i, sizeof word);
        word ^= twice;
        std::memcpy(bytes + i, &word, sizeof word);
    }
    for (; i < size; ++i)
        bytes[i] = static_cast<char>(bytes[i] ^ key[i % 4]);
}

bool is_close_code(std::uint16_t code) {
    if (code >= 3000 && code <= 4999) return true;
    return code >= 1000 && code <= 1014 && code != 1004 && code != no_code && code != 1006;
}

bool is_opcode(unsigned number) {
    return number <= 2 || (number >= 8 && number <= 10);
}

bool is_control(Opcode opcode) {
    return opcode >= Opcode::close;
}

}  // namespace

Unexpected Decoder::broken(std::uint16_t code, std::string what) {
    close_code_ = code;
    buffer_.clear();
    message_.clear();
    begin_ = 0;
    return fail(Code::protocol, "bad WebSocket frame: " + std::move(what));
}

void Decoder::feed(std::string_view bytes) {
    if (close_code_ != 0) return;
    if (begin_ == buffer_.size()) {
        buffer_.clear();
        begin_ = 0;
        if (buffer_.capacity() > shrink_over) buffer_.shrink_to_fit();
    } else if (begin_ > buffer_.size() / 2) {
        buffer_.erase(0, begin_);
        begin_ = 0;
    }
    buffer_.append(bytes);
}

Result<std::optional<Decoder::Head>> Decoder::head() {
    const auto bytes = std::string_view(buffer_).substr(begin_);
    if (bytes.size() < 2) return std::nullopt;
    Head out{};
    const auto first = byte_at(bytes, 0), second = byte_at(bytes, 1);
    out.last = (first & 0x80U) != 0;
    out.masked = (second & 0x80U) != 0;
    if ((first & 0x70U) != 0) return broken(protocol_error, "an extension nobody asked for");
    if (!is_opcode(first & 0x0fU)) return broken(protocol_error, "unknown opcode");
    out.opcode = static_cast<Opcode>(first & 0x0fU);
    out.length = second & 0x7fU;
    const std::size_t more = out.length == 126 ? 2 : out.length == 127 ? 8 : 0;
    out.size = 2 + more + (out.masked ? 4U : 0U);
    if (out.masked != (own_ == Role::server)) return broken(protocol_error, "masked by the wrong side");
    if (is_control(out.opcode) && (!out.last || more != 0))
        return broken(protocol_error, "a control frame in pieces or over 125 bytes");
    if (bytes.size() < 2 + more) return std::nullopt;
    if (more != 0) {
        const auto length = number_at(bytes, 2, more);
        if (length < (more == 2 ? 126U : 65'536U))
            return broken(protocol_error, "a length not in its shortest form");
        if (length > max_message_) return broken(too_big, "message is too big");
        out.length = static_cast<std::size_t>(length);
    }
    if (auto good = judge(out); !good) return tl::unexpected(good.error());
    if (bytes.size() < out.size) return std::nullopt;
    if (out.masked) std::memcpy(&out.mask, bytes.data() + 2 + more, sizeof out.mask);
    return out;
}

// What can be refused before the payload has come.
Result<void> Decoder::judge(const Head& head) {
    if (is_control(head.opcode)) return {};
    if (head.opcode == Opcode::binary) return broken(not_acceptable, "binary");
    if ((head.opcode == Opcode::continuation) != in_message_)
        return broken(protocol_error, "a message inside another, or a piece of none");
    if (head.length > max_message_ - message_.size()) return broken(too_big, "message is too big");
    return {};
}

Result<std::optional<Event>> Decoder::next() {
    while (true) {
        if (close_code_ != 0) return fail(Code::protocol, "the connection is at its end");
        auto found = head();
        if (!found) return tl::unexpected(found.error());
        if (!*found) return std::nullopt;
        const auto& frame = **found;
        if (buffer_.size() - begin_ < frame.size + frame.length) return std::nullopt;
        char* payload = buffer_.data() + begin_ + frame.size;
        if (frame.masked) apply_mask(payload, frame.length, frame.mask);
        begin_ += frame.size + frame.length;
        const std::string_view bytes(payload, frame.length);
        auto event = is_control(frame.opcode) ? control(frame, bytes) : data(frame, bytes);
        if (!event || *event) return event;
    }
}

Result<std::optional<Event>> Decoder::control(const Head& head, std::string_view payload) {
    if (head.opcode == Opcode::ping) return Event{.kind = Event::Kind::ping, .bytes = payload};
    if (head.opcode == Opcode::pong) return Event{.kind = Event::Kind::pong, .bytes = payload};
    Event out{.kind = Event::Kind::close};
    if (payload.empty()) return out;
    if (payload.size() < 2) return broken(protocol_error, "half a close code");
    out.code = static_cast<std::uint16_t>(number_at(payload, 0, 2));
    out.bytes = payload.substr(2);
    if (!is_close_code(out.code)) return broken(protocol_error, "no close code");
    if (!text::is_utf8(out.bytes)) return broken(bad_text, "no UTF-8");
    return out;
}

Result<std::optional<Event>> Decoder::data(const Head& head, std::string_view payload) {
    if (head.last && !in_message_) {
        if (!text::is_utf8(payload)) return broken(bad_text, "no UTF-8");
        return Event{.bytes = payload};
    }
    if (!in_message_) message_.clear();
    message_.append(payload);
    in_message_ = !head.last;
    if (in_message_) return std::nullopt;
    if (!text::is_utf8(message_)) return broken(bad_text, "no UTF-8");
    finished_ = std::exchange(message_, {});
    return Event{.bytes = finished_};
}

void encode(std::string& out, Role own, Opcode opcode, std::string_view payload, std::uint32_t mask) {
    const bool masked = own == Role::client;
    const auto flag = masked ? 0x80U : 0U;
    const auto put = [&out](std::uint64_t number, int size) {
        for (int i = size - 1; i >= 0; --i)
            out += static_cast<char>(number >> (8 * i) & 0xffU);
    };
    put(0x80U | static_cast<unsigned>(opcode), 1);
    if (payload.size() < 126) {
        put(flag | payload.size(), 1);
    } else if (payload.size() < 65'536) {
        put(flag | 126U, 1);
        put(payload.size(), 2);
    } else {
        put(flag | 127U, 1);
        put(payload.size(), 8);
    }
    if (masked) out.append(reinterpret_cast<const char*>(&mask), sizeof mask);
    const auto at = out.size();
    out.append(payload);
    if (masked) apply_mask(out.data() + at, payload.size(), mask);
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
    std::string out{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    out.append(reason.substr(0, most_control - 2));
    while (!text::is_utf8(std::string_view(out).substr(2)) && out.size() > 2)
        out.pop_back();
    return out;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto part = std::min<std::size_t>(3, bytes.size() - at);
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 3; ++i)
            number = number << 8 | (i < part ? byte_at(bytes, at + i) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            out += i <= part ? letters[number >> (18 - 6 * i) & 0x3fU] : '=';
    }
    return out;
}

std::string accept_of(std::string_view key) {
    constexpr std::string_view salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 1.3
    SHA1_CTX sha{};
    SHA1Init(&sha);
    for (const auto part : {key, salt})
        SHA1Update(&sha, reinterpret_cast<const std::uint8_t*>(part.data()), part.size());
    std::array<std::uint8_t, SHA1_DIGEST_LENGTH> digest{};
    SHA1Final(digest.data(), &sha);
    return base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool is_key(std::string_view key) {
    const auto is_letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/';
    };
    return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.begin() + 22, is_letter);
}

}  // namespace pbx::net::websocket
