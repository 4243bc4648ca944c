// A lookup carried out: its questions asked of name servers, one after the other, until it has an outcome.
#pragma once

#include "dns/resolver.hpp"
#include "numbering/lookup.hpp"

namespace pbx::numbering {

// Waits no longer than until `deadline`; what is not answered by then is Status::timeout.
void find(Lookup& lookup, Number number, dns::Resolver& resolver, dns::Moment deadline);

}  // namespace pbx::numbering
