# Libraries of Debian 12. Small ones are linked, heavy ones are drivers (lib/CMakeLists.txt).
find_package(fmt REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_path(EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_path(NLOHMANN_INCLUDE nlohmann/json.hpp REQUIRED)
find_path(CLI11_INCLUDE CLI/CLI.hpp REQUIRED)
find_path(SPDLOG_INCLUDE spdlog/spdlog.h REQUIRED)
find_library(SPDLOG_LIBRARY spdlog REQUIRED)
find_library(SQLITE_STATIC libsqlite3.a REQUIRED)
find_library(STEMMER_STATIC libstemmer.a REQUIRED)
find_library(SPEEXDSP_STATIC libspeexdsp.a REQUIRED)

add_library(pbx_spdlog INTERFACE)
target_compile_definitions(pbx_spdlog INTERFACE SPDLOG_COMPILED_LIB SPDLOG_SHARED_LIB SPDLOG_FMT_EXTERNAL)
target_link_libraries(pbx_spdlog INTERFACE ${SPDLOG_LIBRARY} fmt::fmt)

add_library(pbx_asio INTERFACE)
target_compile_definitions(pbx_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY BOOST_ASIO_DISABLE_VISIBILITY)
target_link_libraries(pbx_asio INTERFACE Boost::headers Threads::Threads)

add_library(pbx_sqlite INTERFACE)
target_link_libraries(pbx_sqlite INTERFACE ${SQLITE_STATIC} ${CMAKE_DL_LIBS} m)
