// A lookup carried out: its questions asked of name servers, one after the other, until it has an outcome.
#pragma once

#include "dns/resolver.hpp"
#include "dns/validator.hpp"
#include "numbering/lookup.hpp"

namespace pbx::numbering {

// Waits no longer than until `deadline`; what is not answered by then is Status::timeout. With a validator
// each answer is validated that a trust anchor covers.
void find(Lookup& lookup, Number number, dns::Resolver& resolver, dns::Moment deadline,
          dns::Validator* validator = nullptr);

}  // namespace pbx::numbering
