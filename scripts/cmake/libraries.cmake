# Libraries of Debian 12. Small ones are linked, heavy ones are drivers (lib/CMakeLists.txt).
find_path(FMT_INCLUDE fmt/format.h REQUIRED)  # its body is lib/core/fmt_body.cpp
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_path(EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_path(NLOHMANN_INCLUDE nlohmann/json.hpp REQUIRED)
find_path(CLI11_INCLUDE CLI/CLI.hpp REQUIRED)
find_path(SPDLOG_INCLUDE spdlog/spdlog.h REQUIRED)
find_library(CURL_LIBRARY curl REQUIRED)
find_library(PROMETHEUS_LIBRARY prometheus-cpp-core REQUIRED)
find_library(SQLITE_STATIC libsqlite3.a REQUIRED)
find_library(STEMMER_STATIC libstemmer.a REQUIRED)
find_library(RE2_STATIC libre2.a REQUIRED)
find_library(SPEEXDSP_STATIC libspeexdsp.a REQUIRED)
find_library(LIBMD_STATIC libmd.a REQUIRED)
find_library(SECP256K1_STATIC libsecp256k1.a REQUIRED)
find_library(UNBOUND_LIBRARY unbound REQUIRED)
find_library(LDNS_LIBRARY ldns REQUIRED)
find_library(ESPEAK_LIBRARY espeak-ng REQUIRED)
find_library(FLITE_LIBRARY flite REQUIRED)
find_library(POCKETSPHINX_LIBRARY pocketsphinx REQUIRED)
find_library(SPHINXBASE_LIBRARY sphinxbase REQUIRED)
find_path(POCKETSPHINX_INCLUDE pocketsphinx.h PATH_SUFFIXES pocketsphinx REQUIRED)
find_path(SPHINXBASE_INCLUDE cmd_ln.h PATH_SUFFIXES sphinxbase REQUIRED)

add_library(pbx_spdlog INTERFACE)
target_compile_definitions(pbx_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)  # headers only, in log.cpp alone

add_library(pbx_asio INTERFACE)
target_compile_definitions(pbx_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY BOOST_ASIO_DISABLE_VISIBILITY)
target_link_libraries(pbx_asio INTERFACE Boost::headers Threads::Threads)

add_library(pbx_sqlite INTERFACE)
target_link_libraries(pbx_sqlite INTERFACE ${SQLITE_STATIC} ${CMAKE_DL_LIBS} m)

add_library(pbx_pocketsphinx INTERFACE)
target_include_directories(pbx_pocketsphinx SYSTEM INTERFACE ${POCKETSPHINX_INCLUDE} ${SPHINXBASE_INCLUDE} ${SPHINXBASE_INCLUDE}/..)
target_link_libraries(pbx_pocketsphinx INTERFACE ${POCKETSPHINX_LIBRARY} ${SPHINXBASE_LIBRARY})
