#include "numbering/find.hpp"

namespace pbx::numbering {

namespace {
// Our own client asks first: it knows at once what is closed, silent or refuses, which libunbound does not
// tell.
dns::Reply ask(const dns::Question& question, dns::Resolver& resolver, dns::Validator* validator,
               dns::Moment deadline) {
    auto reply = resolver.ask(question, deadline);
    const bool has_answer =
        reply.outcome == dns::Outcome::answered &&
        (reply.answer.rcode == dns::Rcode::no_error || reply.answer.rcode == dns::Rcode::no_such_name);
    if (validator == nullptr || !has_answer || !validator->covers(question.name)) return reply;
    return validator->ask(question, deadline);
}
}  // namespace

void find(Lookup& lookup, Number number, dns::Resolver& resolver, dns::Moment deadline,
          dns::Validator* validator) {
    auto question = lookup.start(std::move(number));
    while (question)
        question = lookup.on(ask(*question, resolver, validator, deadline));
}

}  // namespace pbx::numbering
