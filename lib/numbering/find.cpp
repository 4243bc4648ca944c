#include "numbering/find.hpp"

namespace pbx::numbering {

void find(Lookup& lookup, Number number, dns::Resolver& resolver, dns::Moment deadline) {
    auto question = lookup.start(std::move(number));
    while (question) {
        const auto reply = resolver.ask(*question, deadline);
        switch (reply.outcome) {
            case dns::Outcome::answered:
                question = lookup.on(reply.answer);
                break;
            case dns::Outcome::timed_out:
                question = lookup.on(Status::timeout);
                break;
            case dns::Outcome::unreachable:
                question = lookup.on(Status::unreachable);
                break;
        }
    }
}

}  // namespace pbx::numbering
