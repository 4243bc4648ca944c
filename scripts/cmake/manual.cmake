# Man pages from man/*.scd, and the completion scripts. Pages are built with everything else, into ${CMAKE_BINARY_DIR}/man.
find_program(SCDOC scdoc REQUIRED)
file(GLOB page_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/man/*.scd)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/man)
foreach(source ${page_sources})
  cmake_path(GET source FILENAME page)
  string(REGEX REPLACE "\\.scd$" "" page ${page})
  string(REGEX MATCH "[0-9]$" chapter ${page})
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/man/${page}
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/man-page ${source} ${CMAKE_BINARY_DIR}/man/${page}
    DEPENDS ${source} ${CMAKE_SOURCE_DIR}/scripts/man-page VERBATIM)
  list(APPEND pages ${CMAKE_BINARY_DIR}/man/${page})
  install(FILES ${CMAKE_BINARY_DIR}/man/${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${chapter})
endforeach()
add_custom_target(manual ALL DEPENDS ${pages})

install(FILES completions/pbxctl.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME pbxctl)
install(FILES completions/_pbxctl DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES completions/pbxctl.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
