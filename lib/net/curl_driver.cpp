// HTTP by libcurl behind http_driver.h. A driver, because libcurl with OpenSSL costs 26 ms of CPU before
// main().
#include "net/http_driver.h"

#include <cstdio>
#include <cstring>
#include <mutex>

#include <curl/curl.h>

namespace {

struct Exchange {
    const pbx_http_request* request = nullptr;
    std::size_t received = 0;
    bool too_big = false;
};

std::size_t on_header(char* line, std::size_t, std::size_t size, void* user) {
    auto* exchange = static_cast<Exchange*>(user);
    exchange->request->on_header(exchange->request->user, line, size);
    return size;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* user) {
    auto* exchange = static_cast<Exchange*>(user);
    exchange->received += size;
    exchange->too_big = exchange->received > exchange->request->most_answer;
    if (exchange->too_big) return 0;
    exchange->request->on_body(exchange->request->user, bytes, size);
    return size;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto* request = static_cast<Exchange*>(user)->request;
    return request->go_on != nullptr && request->go_on(request->user) == 0 ? 1 : 0;
}

pbx_http_end end_of(CURLcode code, const Exchange& exchange) {
    switch (code) {
        case CURLE_OK:
            return PBX_HTTP_ANSWERED;
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_PROXY:
            return PBX_HTTP_NO_CONNECTION;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
            return PBX_HTTP_NOT_TRUSTED;
        case CURLE_OPERATION_TIMEDOUT:
            return PBX_HTTP_TIMEOUT;
        case CURLE_ABORTED_BY_CALLBACK:
            return PBX_HTTP_STOPPED;
        case CURLE_WRITE_ERROR:
            return exchange.too_big ? PBX_HTTP_TOO_BIG : PBX_HTTP_NONSENSE;
        default:
            return PBX_HTTP_NONSENSE;
    }
}

void set_request(CURL* curl, const pbx_http_request& request, curl_slist* headers) {
    curl_easy_setopt(curl, CURLOPT_URL, request.url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (request.body != nullptr) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body_size));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body);
    } else if (std::strcmp(request.method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    }
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, request.connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request.whole_ms);
    // "" also keeps libcurl from asking http_proxy and its like
    curl_easy_setopt(curl, CURLOPT_PROXY, request.proxy != nullptr ? request.proxy : "");
    if (request.ca_file != nullptr) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file);
}

void set_house_rules(CURL* curl) {
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);  // a redirect is the caller's to judge
    curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // threads: no SIGALRM for name look-ups
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "pbxctl");
}

void set_callbacks(CURL* curl, Exchange& exchange) {
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &exchange);
}

void perform(void* session, const pbx_http_request* request, pbx_http_result* result) {
    auto* curl = static_cast<CURL*>(session);
    curl_easy_reset(curl);  // options only: connections, DNS and TLS sessions stay
    Exchange exchange{.request = request};
    curl_slist* headers = nullptr;
    // no "Expect: 100-continue" and its second of waiting
    headers = curl_slist_append(headers, "Expect:");
    for (auto header = request->headers; header != nullptr && *header != nullptr; ++header)
        headers = curl_slist_append(headers, *header);
    set_house_rules(curl);
    set_request(curl, *request, headers);
    set_callbacks(curl, exchange);

    const CURLcode code = curl_easy_perform(curl);
    long request_size = 0;
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &request_size);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &result->status);
    result->end = end_of(code, exchange);
    result->left = request_size > 0 ? 1 : 0;
    // not CURLOPT_ERRORBUFFER: its texts name the URL's parts, and a URL may hold a token
    std::snprintf(result->error, sizeof result->error, "%s",
                  code == CURLE_OK ? "" : curl_easy_strerror(code));
    curl_slist_free_all(headers);
}

void* open_session() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    return curl_easy_init();
}

void close_session(void* session) {
    curl_easy_cleanup(static_cast<CURL*>(session));
}

const char* version() {
    static char text[64];
    std::snprintf(text, sizeof text, "libcurl/%s", curl_version_info(CURLVERSION_NOW)->version);
    return text;
}

constexpr pbx_http_table table{&open_session, &perform, &close_session, &version};

}  // namespace

extern "C" __attribute__((visibility("default"))) const void* pbx_curl_driver() {
    return &table;
}
