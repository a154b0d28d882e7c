# A bill of materials (CycloneDX 1.5) of what the two programs are made of, written after they are linked: shared
# libraries as the linker recorded them, headers as the compiler found them, each with the version that is really there.
if(CMAKE_CROSSCOMPILING)
  return()
endif()
find_program(ZONEPIN_READELF readelf)
if(NOT ZONEPIN_READELF)
  message(STATUS "No readelf: no bill of materials is written")
  return()
endif()

set(sbom "${PROJECT_BINARY_DIR}/zonepin.cdx.json")
# Header-only libraries: name, licence, version as CMake found it, where its headers are, one of its headers.
set(headers "")
foreach(library IN ITEMS
    "nlohmann_json|MIT|${nlohmann_json_VERSION}|nlohmann_json::nlohmann_json|nlohmann/json.hpp"
    "CLI11|BSD-3-Clause|${CLI11_VERSION}|CLI11::CLI11|CLI/CLI.hpp"
    "tl-expected|CC0-1.0|${tl-expected_VERSION}|tl::expected|tl/expected.hpp")
  string(REPLACE "|" ";" fields "${library}")
  list(GET fields 0 name)
  list(GET fields 1 licence)
  list(GET fields 2 version)
  list(GET fields 3 target)
  list(GET fields 4 header)
  get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
  find_file(ZONEPIN_HEADER_OF_${name} "${header}" HINTS ${folders})
  list(APPEND headers "${name}|${licence}|${version}|${ZONEPIN_HEADER_OF_${name}}")
endforeach()
string(REPLACE ";" "," headers "${headers}")

add_custom_command(
  OUTPUT "${sbom}"
  COMMAND "${CMAKE_COMMAND}" "-DPROGRAMS=$<TARGET_FILE:zonepin>,$<TARGET_FILE:zonepin-sim>" "-DHEADERS=${headers}"
          "-DREADELF=${ZONEPIN_READELF}" "-DMULTIARCH=${CMAKE_LIBRARY_ARCHITECTURE}" "-DVERSION=${PROJECT_VERSION}"
          "-DCOMPILER=${CMAKE_CXX_COMPILER_ID}" "-DCOMPILER_VERSION=${CMAKE_CXX_COMPILER_VERSION}"
          "-DSOURCE_DATE=${ZONEPIN_SOURCE_DATE}" "-DOUT=${sbom}" -P "${PROJECT_SOURCE_DIR}/cmake/package/write_sbom.cmake"
  DEPENDS zonepin zonepin-sim "${PROJECT_SOURCE_DIR}/cmake/package/write_sbom.cmake"
  COMMENT "Writing the bill of materials"
  VERBATIM)
add_custom_target(sbom ALL DEPENDS "${sbom}")
install(FILES "${sbom}" DESTINATION "${CMAKE_INSTALL_DATADIR}/zonepin")
