# What the programs say of themselves, written down when they are built: manual pages, and completions for shells.
# A cross build can't run what it built: it goes without.
if(CMAKE_CROSSCOMPILING)
  return()
endif()
find_program(ZONEPIN_GZIP gzip REQUIRED)

set(manual "${PROJECT_BINARY_DIR}/manual")
add_custom_command(
  OUTPUT "${manual}/stamp"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${manual}"
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${manual}"
  COMMAND "${CMAKE_COMMAND}" "-DZONEPIN=$<TARGET_FILE:zonepin>" "-DZONEPIN_SIM=$<TARGET_FILE:zonepin-sim>"
          "-DVERSION=${PROJECT_VERSION}" "-DGZIP=${ZONEPIN_GZIP}" "-DOUT=${manual}"
          -P "${PROJECT_SOURCE_DIR}/cmake/package/write_manual.cmake"
  COMMAND "${CMAKE_COMMAND}" -E touch "${manual}/stamp"
  DEPENDS zonepin zonepin-sim "${PROJECT_SOURCE_DIR}/cmake/package/write_manual.cmake"
  COMMENT "Writing manual pages and completions"
  VERBATIM)
add_custom_target(manual ALL DEPENDS "${manual}/stamp")

# Debian's zsh looks for what packages bring in another folder than everybody else's.
if(EXISTS /etc/debian_version)
  set(zsh_folder vendor-completions)
else()
  set(zsh_folder site-functions)
endif()
set(ZONEPIN_ZSH_FOLDER "${CMAKE_INSTALL_DATADIR}/zsh/${zsh_folder}" CACHE STRING "Where zsh looks for completions")

install(DIRECTORY "${manual}/man1/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${manual}/zonepin.bash" RENAME zonepin DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${manual}/zonepin.zsh" RENAME _zonepin DESTINATION "${ZONEPIN_ZSH_FOLDER}")
install(FILES "${manual}/zonepin.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
