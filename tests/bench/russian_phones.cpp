// Words on stdin, one a line -> "word<TAB>phones", a line for each way to say it: what scripts/train-russian
// trains with is what the ear will look for.
#include "speech/pocketsphinx.hpp"

#include <iostream>

int main() {
    const auto lexicon = pbx::speech::russian_lexicon(std::nullopt);
    for (std::string word; std::getline(std::cin, word);) {
        auto ways = lexicon(word);
        if (!ways) {
            std::cerr << "russian_phones: " << ways.error().text() << '\n';
            return 1;
        }
        for (const auto& phones : *ways)
            std::cout << word << '\t' << phones << '\n';
    }
    return 0;
}
