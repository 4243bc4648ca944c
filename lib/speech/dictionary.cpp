#include "speech/dictionary.hpp"

#include "core/text.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::speech {

namespace {

std::string_view line_at(std::string_view text, std::size_t start) {
    return text.substr(start, std::min(text.find('\n', start), text.size()) - start);
}

std::string_view first_field(std::string_view line) {
    return line.substr(0, line.find_first_of(" \t\r"));
}

std::string phones_of(std::string_view line) {
    const auto fields = text::words(line);
    std::string phones;
    for (std::size_t i = 1; i < fields.size(); ++i) {
        if (i > 1) phones += ' ';
        phones += fields[i];
    }
    return phones;
}

// "word(2)" names a further way to say "word".
std::string_view base_of(std::string_view field) {
    if (field.size() < 4 || field.back() != ')') return field;
    const auto open = field.rfind('(');
    return open == 0 || open == std::string_view::npos ? field : field.substr(0, open);
}

// The line whose first field is `name`, empty when there is none.
std::string_view search_by_halves(std::string_view text, std::string_view name) {
    std::size_t low = 0;
    std::size_t high = text.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        const std::size_t before = middle == 0 ? std::string_view::npos : text.rfind('\n', middle - 1);
        const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
        const auto line = line_at(text, start);
        const auto field = first_field(line);
        if (field == name) return line;
        if (field < name)
            low = start + line.size() + 1;
        else
            high = start;
    }
    return {};
}

std::vector<std::string> scan(std::string_view text, std::string_view word) {
    std::vector<std::string> ways;
    for (std::size_t start = 0; start < text.size() && ways.size() < Dictionary::max_ways;) {
        const auto line = line_at(text, start);
        if (base_of(first_field(line)) == word) {
            if (auto phones = phones_of(line); !phones.empty()) ways.push_back(std::move(phones));
        }
        start += line.size() + 1;
    }
    return ways;
}

struct Unmap {
    std::size_t size;
    void operator()(const void* p) const { munmap(const_cast<void*>(p), size); }
};

}  // namespace

std::vector<std::string> pronunciations_in(std::string_view text, std::string_view word, bool sorted) {
    if (word.empty() || base_of(word) != word) return {};  // "word(2)" is a way, not a word
    if (!sorted) return scan(text, word);
    std::vector<std::string> ways;
    auto line = search_by_halves(text, word);
    for (int n = 2; !line.empty() && n <= Dictionary::max_ways + 1; ++n) {
        if (auto phones = phones_of(line); !phones.empty()) ways.push_back(std::move(phones));
        line = search_by_halves(text, fmt::format("{}({})", word, n));
    }
    return ways;
}

bool is_sorted_dictionary(std::string_view text) {
    std::string_view last;
    for (std::size_t start = 0; start < text.size();) {
        const auto line = line_at(text, start);
        const auto field = first_field(line);
        if (field < last) return false;
        last = field;
        start += line.size() + 1;
    }
    return true;
}

Result<Dictionary> Dictionary::open(const std::string& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(Code::no_input, std::strerror(errno), file, "check [ear] dictionary");
    struct stat info {};
    const bool usable = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    const auto size = static_cast<std::size_t>(usable ? info.st_size : 0);
    if (!usable || size == 0 || size > max_size) {
        ::close(fd);
        return fail(Code::data, "not a pronouncing dictionary", file, "check [ear] dictionary");
    }
    void* at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    ::close(fd);
    if (at == MAP_FAILED) return fail(Code::unavailable, std::strerror(errno), file);
    Dictionary dictionary;
    dictionary.mapping_ = std::shared_ptr<const void>(at, Unmap{size});
    dictionary.text_ = std::string_view(static_cast<const char*>(at), size);
    dictionary.sorted_ = is_sorted_dictionary(dictionary.text_);
    return dictionary;
}

}  // namespace pbx::speech
