# How tessera declares its libraries, programs and tests: one call per folder.

include(GNUInstallDirs)

find_package(Threads REQUIRED)

# SystemC: Debian's libsystemc-dev ships no CMake package.
find_path(SYSTEMC_INCLUDE_DIR systemc)
find_library(SYSTEMC_LIBRARY systemc)
if(NOT SYSTEMC_INCLUDE_DIR OR NOT SYSTEMC_LIBRARY)
  message(FATAL_ERROR "SystemC 2.3.4 not found: apt-get install libsystemc-dev")
endif()
add_library(tessera_systemc INTERFACE)
add_library(tessera::systemc ALIAS tessera_systemc)
target_include_directories(tessera_systemc SYSTEM INTERFACE ${SYSTEMC_INCLUDE_DIR})
target_link_libraries(tessera_systemc INTERFACE ${SYSTEMC_LIBRARY} Threads::Threads)

add_library(tessera_options INTERFACE)
target_compile_options(tessera_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<BOOL:${TESSERA_WERROR}>:-Werror>)
if(TESSERA_SANITIZE)
  target_compile_options(tessera_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(tessera_options INTERFACE -fsanitize=address,undefined)
endif()

# tessera_library(<folder-name> [SYSTEMC] [DEPS <targets>...]): static library tessera_<name> with alias
# tessera::<name> from every .cpp of the current folder; headers are included from the repository root.
function(tessera_library name)
  cmake_parse_arguments(ARG "SYSTEMC" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(tessera_${name} STATIC ${sources})
    target_include_directories(tessera_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
    target_link_libraries(tessera_${name} PUBLIC ${ARG_DEPS} PRIVATE $<BUILD_INTERFACE:tessera_options>)
    if(ARG_SYSTEMC)
      target_link_libraries(tessera_${name} PUBLIC tessera_systemc)
    endif()
  else()
    add_library(tessera_${name} INTERFACE)
    target_include_directories(tessera_${name} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
    target_link_libraries(tessera_${name} INTERFACE ${ARG_DEPS})
    if(ARG_SYSTEMC)
      target_link_libraries(tessera_${name} INTERFACE tessera_systemc)
    endif()
  endif()
  add_library(tessera::${name} ALIAS tessera_${name})
endfunction()

# tessera_test(<name> LABEL <label> [DEPS <targets>...] SOURCES <globs relative to tests/>...): one Catch2
# program; each TEST_CASE is found by ctest as one test of that program.
function(tessera_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "DEPS;SOURCES" ${ARGN})
  set(sources)
  foreach(pattern ${ARG_SOURCES})
    file(GLOB found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${pattern})
    list(APPEND sources ${found})
  endforeach()
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE tessera_test_main ${ARG_DEPS} tessera_options)
  target_compile_definitions(test_${name} PRIVATE TESSERA_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()
