// The service by HTTP, for Asterisk's CURL() and for scripts:
//
//   GET /enum/+441632960083                      sip:alice@example.com
//   GET /enum/+441632960083?dial=pjsip:trunk     PJSIP/trunk/sip:alice@example.com
//   GET /enum/+441632960083?json                 the document of enum lookup --json; or Accept:
//   application/json
//
// CURL() gives the dialplan whatever body comes, so without a URI there is none: status and headers tell why.
#pragma once

#include "net/http_server.hpp"
#include "numbering/service_desk.hpp"

#include <memory>

namespace pbx::numbering {

[[nodiscard]] net::Task<net::HttpResponse> answer_http(std::shared_ptr<Desk> desk, net::HttpRequest request);

// 200 for a URI; 404 for a clean "no", 400 no number, 502 and 504 for troubles of name servers.
[[nodiscard]] unsigned http_status(Status status);

}  // namespace pbx::numbering
