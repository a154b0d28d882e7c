# The documents that zonepin writes, held against their published schemas. python3-jsonschema comes with scripts/bootstrap;
# without it the test fails, it is never skipped.
add_executable(documents-writer documents_writer.cpp "${PROJECT_SOURCE_DIR}/tests/unit/report/report_cases.cpp")
target_include_directories(documents-writer PRIVATE "${PROJECT_SOURCE_DIR}/tests")
target_link_libraries(documents-writer PRIVATE zonepin_flags zonepin_report zonepin_okta)

find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME documents-contract
  COMMAND "${CMAKE_COMMAND}" -E env PYTHONDONTWRITEBYTECODE=1 "${Python3_EXECUTABLE}"
          "${CMAKE_CURRENT_LIST_DIR}/documents_check.py" "$<TARGET_FILE:documents-writer>"
          "${CMAKE_CURRENT_BINARY_DIR}/documents" "${PROJECT_SOURCE_DIR}/schemas")

# The reports, held against what each format requires. python3-html5lib and python3-cmarkgfm come with scripts/bootstrap as well:
# for the system's Python, which is not always the first one of the path.
find_program(ZONEPIN_SYSTEM_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT ZONEPIN_SYSTEM_PYTHON)
  set(ZONEPIN_SYSTEM_PYTHON "${Python3_EXECUTABLE}")
endif()
add_executable(reports-writer reports_writer.cpp "${PROJECT_SOURCE_DIR}/tests/unit/report/report_cases.cpp")
target_include_directories(reports-writer PRIVATE "${PROJECT_SOURCE_DIR}/tests")
target_link_libraries(reports-writer PRIVATE zonepin_flags zonepin_report)

add_test(NAME reports-contract
  COMMAND "${CMAKE_COMMAND}" -E env PYTHONDONTWRITEBYTECODE=1 "${ZONEPIN_SYSTEM_PYTHON}"
          "${CMAKE_CURRENT_LIST_DIR}/reports_check.py" "$<TARGET_FILE:reports-writer>" "${CMAKE_CURRENT_BINARY_DIR}/reports")
