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
