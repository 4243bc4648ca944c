# A room is a folder of lib/: a static library named pbx_<room>. The rooms it may include are listed where it is declared;
# scripts/check-house holds the includes against the drawing.
add_library(pbx_flags INTERFACE)
target_include_directories(pbx_flags INTERFACE ${CMAKE_SOURCE_DIR}/lib)
target_compile_options(pbx_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  -Wno-missing-field-initializers  # designated initialisers leave out what has a default
  # g++ 12 reports these falsely inside libstdc++ and Asio's headers
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-dangling-pointer -Wno-mismatched-new-delete>)
if(PBXCTL_SANITIZE)
  target_compile_options(pbx_flags INTERFACE -fsanitize=${PBXCTL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  target_link_options(pbx_flags INTERFACE -fsanitize=${PBXCTL_SANITIZE})
endif()

# pbx_room(NAME [ROOMS room...] [LIBS library...]): all .cpp of lib/NAME but the drivers'
function(pbx_room name)
  cmake_parse_arguments(arg "" "" "ROOMS;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lib/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_driver\\.cpp$")
  if(PBXCTL_FUZZ)
    # the fuzzed codecs do no I/O, and clang 14 cannot build coroutines with sanitizers
    list(FILTER sources EXCLUDE REGEX "/lib/(net|service|oksana|agi/(eagi_audio|exchange|fastagi|session|stdio|wire)|telegram/client|devstate/(link|own_side|peers|relay(_numbers|_settings)?\\.|status_client|snapshot_client|broker(\\.|_(hear|send|table)))|mqtt|ami/(client|settings)|dns/loop_|numbering/service(_|\\.))")
    file(GLOB codecs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lib/${name}/*codec.cpp
      ${CMAKE_SOURCE_DIR}/lib/${name}/http_reply.cpp)
    list(APPEND sources ${codecs})
    list(REMOVE_DUPLICATES sources)
  endif()
  if(NOT sources)
    add_library(pbx_${name} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(pbx_${name} STATIC ${sources})
    set(scope PUBLIC)
  endif()
  list(TRANSFORM arg_ROOMS PREPEND pbx_)
  target_link_libraries(pbx_${name} ${scope} pbx_flags ${arg_ROOMS} ${arg_LIBS})
endfunction()

# pbx_driver(NAME SOURCE file LIBS library...): a module loaded on first use, with a plain C border (core/driver.hpp)
function(pbx_driver name)
  cmake_parse_arguments(arg "" "SOURCE" "ROOMS;LIBS" ${ARGN})
  add_library(driver_${name} MODULE ${CMAKE_SOURCE_DIR}/lib/${arg_SOURCE})
  list(TRANSFORM arg_ROOMS PREPEND pbx_)
  target_link_libraries(driver_${name} PRIVATE pbx_flags ${arg_ROOMS} ${arg_LIBS})
  set_target_properties(driver_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name} CXX_VISIBILITY_PRESET hidden
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/drivers)
  install(TARGETS driver_${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/pbxctl)
  set_property(GLOBAL APPEND PROPERTY pbx_drivers driver_${name})
endfunction()
