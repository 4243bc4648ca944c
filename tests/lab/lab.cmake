# Tests on real Asterisk 22 and 16, label lab: each method of tests/lab/test_*.py is a CTest test of its own. They share
# one lab, which the fixture starts before the first and stops after the last; where it cannot start, they fail.
# Calls mostly wait: `ctest -L lab -j 6` runs them side by side.
find_program(lab_python python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED) # Debian's own, not some shell wrapper
set(lab_folder ${CMAKE_SOURCE_DIR}/tests/lab)
set(lab_run ${CMAKE_BINARY_DIR}/lab)
file(GLOB lab_files CONFIGURE_DEPENDS ${lab_folder}/*.py ${lab_folder}/calls/*.calls)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${lab_files})

add_test(NAME "lab: up" COMMAND ${lab_folder}/fresh-lab)
add_test(NAME "lab: down" COMMAND ${CMAKE_SOURCE_DIR}/scripts/lab down)
set_tests_properties("lab: up" PROPERTIES FIXTURES_SETUP lab LABELS lab TIMEOUT 900 ENVIRONMENT PBXCTL_LAB_RUN=${lab_run})
set_tests_properties("lab: down" PROPERTIES FIXTURES_CLEANUP lab LABELS lab TIMEOUT 60 ENVIRONMENT PBXCTL_LAB_RUN=${lab_run})

execute_process(COMMAND ${lab_python} -B ${lab_folder}/list_tests.py
  OUTPUT_VARIABLE lab_tests OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE ";" "," lab_tests "${lab_tests}")
string(REPLACE "\n" ";" lab_tests "${lab_tests}")
foreach(line ${lab_tests})
  string(REPLACE "\t" ";" line "${line}")
  list(GET line 0 id)
  list(GET line 1 sentence)
  add_test(NAME "lab: ${sentence}" COMMAND ${lab_python} -B -m unittest -v ${id} WORKING_DIRECTORY ${lab_folder})
  set_tests_properties("lab: ${sentence}" PROPERTIES FIXTURES_REQUIRED lab LABELS lab TIMEOUT 300
    ENVIRONMENT "PBXCTL_LAB_RUN=${lab_run};PBXCTL_BUILD=${CMAKE_BINARY_DIR}")
  if(id MATCHES "test_barge|test_start|test_devstate_mesh.(Cut|Large)") # they measure time
    set_tests_properties("lab: ${sentence}" PROPERTIES RUN_SERIAL TRUE)
  endif()
endforeach()

# what test_agi.py lets Asterisk start
file(GLOB lab_probe CONFIGURE_DEPENDS ${lab_folder}/probe/*.cpp)
add_executable(agi_probe ${lab_probe})
target_link_libraries(agi_probe PRIVATE pbx_agi)
set_target_properties(agi_probe PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lab-programs)
