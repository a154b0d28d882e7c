# How every target of ours is compiled and linked: one INTERFACE target.
include(CheckLinkerFlag)

add_library(zonepin_flags INTERFACE)
target_compile_features(zonepin_flags INTERFACE cxx_std_20)
target_compile_options(zonepin_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused -Wnull-dereference
  -Wformat=2 -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports null dereferences and overlaps inside its own std::string when it inlines at -O2.
  target_compile_options(zonepin_flags INTERFACE -Wduplicated-cond -Wlogical-op
    $<$<CONFIG:Release>:-Wno-null-dereference -Wno-restrict>)
endif()
target_compile_definitions(zonepin_flags INTERFACE _GLIBCXX_ASSERTIONS)

# Hardening: always on in release; position independent everywhere, so that objects can be shared.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_compile_options(zonepin_flags INTERFACE -fstack-protector-strong
  $<$<CONFIG:Release>:-U_FORTIFY_SOURCE>)
target_compile_definitions(zonepin_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=3>)
target_link_options(zonepin_flags INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

set(ZONEPIN_SANITIZE "" CACHE STRING "Sanitizers to build with, for instance address,undefined")
if(ZONEPIN_SANITIZE)
  target_compile_options(zonepin_flags INTERFACE -fsanitize=${ZONEPIN_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(zonepin_flags INTERFACE -fsanitize=${ZONEPIN_SANITIZE})
endif()

check_linker_flag(CXX "-fuse-ld=lld" ZONEPIN_HAS_LLD)
if(ZONEPIN_HAS_LLD)
  target_link_options(zonepin_flags INTERFACE -fuse-ld=lld)
endif()

find_program(ZONEPIN_CCACHE ccache)
if(ZONEPIN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${ZONEPIN_CCACHE}")
endif()
