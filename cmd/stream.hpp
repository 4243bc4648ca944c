// An ostream's buffer on a file descriptor that remembers why a write failed: a result that did not reach its
// reader is a failure of the command (exit 74), not something to pass over.
#pragma once

#include <array>
#include <cerrno>
#include <streambuf>

#include <unistd.h>

namespace pbx::cmd {

class DescriptorBuffer final : public std::streambuf {
  public:
    explicit DescriptorBuffer(int descriptor) : descriptor_(descriptor) {
        setp(buffer_.data(), buffer_.data() + buffer_.size());
    }
    [[nodiscard]] int failure() const { return failure_; }  // errno of the first failed write, 0

  protected:
    int_type overflow(int_type c) override {
        if (sync() != 0) return traits_type::eof();
        if (!traits_type::eq_int_type(c, traits_type::eof())) {
            *pptr() = traits_type::to_char_type(c);
            pbump(1);
        }
        return traits_type::not_eof(c);
    }
    int sync() override {
        for (const char* at = pbase(); at < pptr() && failure_ == 0;) {
            const auto n = ::write(descriptor_, at, static_cast<std::size_t>(pptr() - at));
            if (n >= 0)
                at += n;
            else if (errno != EINTR)
                failure_ = errno;
        }
        setp(buffer_.data(), buffer_.data() + buffer_.size());
        return failure_ == 0 ? 0 : -1;
    }

  private:
    int descriptor_;
    int failure_ = 0;
    std::array<char, 8192> buffer_;  // not filled: that would touch its pages in every start
};

}  // namespace pbx::cmd
