# Writes the bill of materials to OUT. Lists come in with commas between their members.
# Takes PROGRAMS, HEADERS (name|licence|version|file), READELF, MULTIARCH, VERSION, COMPILER, COMPILER_VERSION,
# SOURCE_DATE, OUT.
cmake_minimum_required(VERSION 3.22)
string(REPLACE "," ";" PROGRAMS "${PROGRAMS}")
string(REPLACE "," ";" HEADERS "${HEADERS}")
find_program(DPKG_QUERY dpkg-query)

# The distribution's package that `file` is from: name, version and architecture; empty where nobody knows.
function(package_of file out)
  set(${out} "" PARENT_SCOPE)
  if(NOT DPKG_QUERY)
    return()
  endif()
  # dpkg knows a file by the name it was packed under: /lib may be a link to /usr/lib by now.
  get_filename_component(real "${file}" REALPATH)
  string(REGEX REPLACE "^/usr/lib/" "/lib/" moved "${real}")
  foreach(path IN ITEMS "${real}" "${file}" "${moved}")
    execute_process(COMMAND "${DPKG_QUERY}" --search "${path}" OUTPUT_VARIABLE found RESULT_VARIABLE code ERROR_QUIET)
    if(code EQUAL 0 AND found MATCHES "^([^,\n]+): /")
      execute_process(COMMAND "${DPKG_QUERY}" --show --showformat "\${Package};\${Version};\${Architecture};\${source:Package}"
        "${CMAKE_MATCH_1}" OUTPUT_VARIABLE package)
      set(${out} "${package}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Where the loader finds a shared library.
function(library_of soname out)
  find_library(LIBRARY_${soname} NAMES "${soname}"
    PATHS "/lib/${MULTIARCH}" "/usr/lib/${MULTIARCH}" /lib64 /usr/lib64 /lib /usr/lib /usr/local/lib NO_DEFAULT_PATH)
  if(NOT LIBRARY_${soname})
    message(FATAL_ERROR "The programs need ${soname}, which is not to be found")
  endif()
  set(${out} "${LIBRARY_${soname}}" PARENT_SCOPE)
endfunction()

function(distribution out)
  set(${out} linux PARENT_SCOPE)
  if(EXISTS /etc/os-release)
    file(STRINGS /etc/os-release lines REGEX "^ID=")
    string(REGEX REPLACE "^ID=\"?([a-z0-9]+)\"?.*" "\\1" id "${lines}")
    set(${out} "${id}" PARENT_SCOPE)
  endif()
endfunction()

# A component of the programs. `how` is "shared" or "header-only".
function(component name version package how licence out ref)
  set(reference "${how}:${name}@${version}")
  set(text "    {\n      \"type\": \"library\",\n      \"bom-ref\": \"${reference}\",\n      \"name\": \"${name}\",\n")
  string(APPEND text "      \"version\": \"${version}\",\n")
  if(licence)
    string(APPEND text "      \"licenses\": [{ \"license\": { \"id\": \"${licence}\" } }],\n")
  endif()
  if(package)
    list(GET package 0 debian)
    list(GET package 1 debian_version)
    list(GET package 2 architecture)
    distribution(id)
    string(REPLACE "+" "%2B" debian "${debian}")
    string(REPLACE "+" "%2B" debian_version "${debian_version}")
    string(REPLACE ":" "%3A" debian_version "${debian_version}")
    string(REPLACE "~" "%7E" debian_version "${debian_version}")
    string(APPEND text "      \"purl\": \"pkg:deb/${id}/${debian}@${debian_version}?arch=${architecture}\",\n")
  endif()
  string(APPEND text "      \"properties\": [{ \"name\": \"zonepin:linkage\", \"value\": \"${how}\" }]\n    }")
  set(${out} "${text}" PARENT_SCOPE)
  set(${ref} "${reference}" PARENT_SCOPE)
endfunction()

set(sonames "")
foreach(program IN LISTS PROGRAMS)
  execute_process(COMMAND "${READELF}" --dynamic --wide "${program}" OUTPUT_VARIABLE dynamic RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "readelf can't read ${program}")
  endif()
  string(REPLACE "[" "<" dynamic "${dynamic}")  # brackets would keep a list together
  string(REPLACE "]" ">" dynamic "${dynamic}")
  string(REGEX MATCHALL "\\(NEEDED\\)[^\n]*<[^>\n]+>" needed "${dynamic}")
  foreach(line IN LISTS needed)
    string(REGEX REPLACE ".*<([^>]+)>" "\\1" soname "${line}")
    list(APPEND sonames "${soname}")
  endforeach()
endforeach()
list(REMOVE_DUPLICATES sonames)
list(SORT sonames)

set(components "")
set(references "")
set(seen "")
foreach(soname IN LISTS sonames)
  library_of("${soname}" library)
  package_of("${library}" package)
  if(package)
    list(GET package 0 name)
    list(GET package 1 version)
  else()
    set(name "${soname}")
    string(REGEX REPLACE "^.*\\.so\\.?" "" version "${soname}")
  endif()
  if(NOT name IN_LIST seen)  # libc and libm are from one package
    list(APPEND seen "${name}")
    component("${name}" "${version}" "${package}" shared "" text reference)
    list(APPEND components "${text}")
    list(APPEND references "\"${reference}\"")
  endif()
endforeach()
foreach(entry IN LISTS HEADERS)
  string(REPLACE "|" ";" fields "${entry}")
  list(GET fields 0 name)
  list(GET fields 1 licence)
  list(GET fields 2 version)
  list(GET fields 3 file)
  package_of("${file}" package)
  component("${name}" "${version}" "${package}" header-only "${licence}" text reference)
  list(APPEND components "${text}")
  list(APPEND references "\"${reference}\"")
endforeach()

list(JOIN components ",\n" components)
list(JOIN references ", " references)
set(ENV{SOURCE_DATE_EPOCH} "${SOURCE_DATE}")
string(TIMESTAMP now "%Y-%m-%dT%H:%M:%SZ" UTC)
# The serial number names this bill alone, and is the same whenever it would say the same.
string(UUID serial NAMESPACE 6ba7b811-9dad-11d1-80b4-00c04fd430c8 NAME "zonepin ${VERSION} ${now} ${components}" TYPE SHA1)
file(WRITE "${OUT}" "{
  \"$schema\": \"http://cyclonedx.org/schema/bom-1.5.schema.json\",
  \"bomFormat\": \"CycloneDX\",
  \"specVersion\": \"1.5\",
  \"serialNumber\": \"urn:uuid:${serial}\",
  \"version\": 1,
  \"metadata\": {
    \"timestamp\": \"${now}\",
    \"component\": {
      \"type\": \"application\",
      \"bom-ref\": \"zonepin@${VERSION}\",
      \"name\": \"zonepin\",
      \"version\": \"${VERSION}\",
      \"licenses\": [{ \"license\": { \"id\": \"Apache-2.0\" } }]
    },
    \"properties\": [{ \"name\": \"zonepin:compiler\", \"value\": \"${COMPILER} ${COMPILER_VERSION}\" }]
  },
  \"components\": [
${components}
  ],
  \"dependencies\": [
    { \"ref\": \"zonepin@${VERSION}\", \"dependsOn\": [${references}] }
  ]
}
")
