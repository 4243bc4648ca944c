# Tests that are programs of their own. Labels: guard (the code), cli (golden files), lab (real Asterisk).
set(guards house format shell tidy)
foreach(guard ${guards})
  add_test(NAME "guard: ${guard}" COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-code ${guard} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties("guard: ${guard}" PROPERTIES LABELS guard TIMEOUT 1800)
endforeach()

include(${CMAKE_CURRENT_SOURCE_DIR}/lab/lab.cmake)
