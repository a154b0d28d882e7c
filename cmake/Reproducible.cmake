# The same source gives the same bytes, wherever and whenever it is built: no path of this machine gets into a program,
# and what needs a time takes that of the source. scripts/test --full holds two builds against each other.
foreach(folder IN ITEMS "${PROJECT_BINARY_DIR}" "${PROJECT_SOURCE_DIR}")
  target_compile_options(zonepin_flags INTERFACE "$<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${folder}=.>")
endforeach()

# Seconds since 1970: as the builder says, else that of the last commit, else of the changelog.
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  set(ZONEPIN_SOURCE_DATE "$ENV{SOURCE_DATE_EPOCH}")
else()
  execute_process(COMMAND git -C "${PROJECT_SOURCE_DIR}" log -1 --format=%ct
    OUTPUT_VARIABLE ZONEPIN_SOURCE_DATE OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT ZONEPIN_SOURCE_DATE MATCHES "^[0-9]+$")
    file(TIMESTAMP "${PROJECT_SOURCE_DIR}/CHANGELOG.md" ZONEPIN_SOURCE_DATE "%s" UTC)
  endif()
endif()
if(NOT ZONEPIN_SOURCE_DATE MATCHES "^[0-9]+$")
  message(FATAL_ERROR "SOURCE_DATE_EPOCH must be seconds since 1970, not '${ZONEPIN_SOURCE_DATE}'")
endif()
