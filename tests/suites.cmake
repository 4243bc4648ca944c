# Tests that are programs of their own. Labels: guard (the code), cli (golden files), lab (real Asterisk).
set(guards house format shell tidy)
foreach(guard ${guards})
  add_test(NAME "guard: ${guard}" COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-code ${guard} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties("guard: ${guard}" PROPERTIES LABELS guard TIMEOUT 1800)
endforeach()

include(${CMAKE_CURRENT_SOURCE_DIR}/lab/lab.cmake)

# Device states by a cluster of brokers: their elections take seconds
add_test(NAME "devstate: a cluster of three brokers" COMMAND test_devstate "[cluster]")
set_tests_properties("devstate: a cluster of three brokers" PROPERTIES LABELS lab TIMEOUT 240)

# The command line: each tests/cli/NAME.cmd against NAME.out and NAME.err (scripts/update-goldens rewrites them)
file(GLOB goldens CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cli/*.cmd)
foreach(golden ${goldens})
  cmake_path(GET golden STEM name)
  add_test(NAME "cli: ${name}" COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/cli/run-golden $<TARGET_FILE:pbxctl> ${golden})
  set_tests_properties("cli: ${name}" PROPERTIES LABELS cli TIMEOUT 90)
endforeach()
add_test(NAME "guard: docs" COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-docs ${CMAKE_BINARY_DIR})
set_tests_properties("guard: docs" PROPERTIES LABELS guard TIMEOUT 120)

# ENUM: regexps made to hurt; it fails over a megabyte for one of them
add_executable(hostile_regexps ${CMAKE_CURRENT_SOURCE_DIR}/bench/hostile_regexps.cpp)
target_link_libraries(hostile_regexps PRIVATE pbx_numbering)
add_test(NAME "enum: hostile regexps" COMMAND hostile_regexps 3000)
set_tests_properties("enum: hostile regexps" PROPERTIES LABELS cli TIMEOUT 120)

# ENUM: every vector through the program, served as its octets
add_test(NAME "enum: vectors" COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/numbering/served_vectors.py $<TARGET_FILE:pbxctl>)
set_tests_properties("enum: vectors" PROPERTIES LABELS cli TIMEOUT 120)
add_test(NAME "enum: lists" COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/numbering/served_lists.py $<TARGET_FILE:pbxctl>)
set_tests_properties("enum: lists" PROPERTIES LABELS cli TIMEOUT 240)
