# `cpack` in the build folder makes a .deb. Its dependencies are read off the programs (dpkg-shlibdeps, of dpkg-dev).
set(package "${PROJECT_BINARY_DIR}/package")
set(doc "${CMAKE_INSTALL_DATADIR}/doc/zonepin")

set(ENV{SOURCE_DATE_EPOCH} "${ZONEPIN_SOURCE_DATE}")
string(TIMESTAMP ZONEPIN_PACKAGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(ZONEPIN_MAINTAINER "zonepin maintainers <zonepin@users.noreply.github.com>")
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
configure_file("${PROJECT_SOURCE_DIR}/cmake/package/changelog.Debian.in" "${package}/changelog.Debian" @ONLY)
configure_file("${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${package}/changelog" COPYONLY)
if(NOT ZONEPIN_GZIP)
  find_program(ZONEPIN_GZIP gzip)
endif()
if(ZONEPIN_GZIP)
  execute_process(COMMAND "${ZONEPIN_GZIP}" -9 -n -f "${package}/changelog" "${package}/changelog.Debian"
    COMMAND_ERROR_IS_FATAL ANY)
endif()
# Only a package has these: who installs by hand gets CHANGELOG.md and LICENSE instead.
install(FILES "${package}/changelog.gz" "${package}/changelog.Debian.gz" "${PROJECT_SOURCE_DIR}/cmake/package/copyright"
  DESTINATION "${doc}" COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME zonepin)
set(CPACK_PACKAGE_VENDOR zonepin)
set(CPACK_PACKAGE_CONTACT "${ZONEPIN_MAINTAINER}")
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PROJECT_CONFIG_FILE "${package}/when_packing.cmake")
file(WRITE "${package}/when_packing.cmake"
  "if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})\n  set(ENV{SOURCE_DATE_EPOCH} ${ZONEPIN_SOURCE_DATE})\nendif()\n")

set(CPACK_COMPONENTS_ALL zonepin debian)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_NAME zonepin)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${ZONEPIN_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "declarative network zones for Okta API tokens")
set(CPACK_PACKAGE_DESCRIPTION
  "zonepin holds the API tokens of Okta orgs to manifests that say from which
network zones each may be used. It shows how the live org differs, changes
that, and tells when somebody changed it since. zonepin-sim, an Okta org on
this machine to test pipelines against, comes with it.")
include(CPack)
