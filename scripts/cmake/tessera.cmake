# How tessera declares its libraries, programs and tests: one call per folder.

include(GNUInstallDirs)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

find_package(Threads REQUIRED)
find_package(SystemC REQUIRED)

add_library(tessera_options INTERFACE)
target_compile_options(tessera_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<BOOL:${TESSERA_WERROR}>:-Werror>
  -ffp-contract=off)  # no fused multiply-add behind our back: the same bits on every processor
if(TESSERA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(TESSERA_SANITIZE)
  target_compile_options(tessera_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer
    -Wno-maybe-uninitialized)  # GCC 12 warns inside std::function and std::regex when they are instrumented
  target_link_options(tessera_options INTERFACE -fsanitize=address,undefined)
endif()

# tessera_library(<folder-name> [SYSTEMC] [DEPS <targets>...]): static library tessera_<name> with alias
# tessera::<name> from every .cpp of the current folder; headers are included from the repository root.
function(tessera_library name)
  cmake_parse_arguments(ARG "SYSTEMC" "" "DEPS" ${ARGN})
  if(ARG_SYSTEMC)
    list(APPEND ARG_DEPS SystemC::systemc)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(tessera_${name} STATIC ${sources})
    target_link_libraries(tessera_${name} PUBLIC ${ARG_DEPS} PRIVATE $<BUILD_INTERFACE:tessera_options>)
    set(scope PUBLIC)
  else()
    add_library(tessera_${name} INTERFACE)
    target_link_libraries(tessera_${name} INTERFACE ${ARG_DEPS})
    set(scope INTERFACE)
  endif()
  target_include_directories(tessera_${name} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/tessera>)
  target_compile_features(tessera_${name} ${scope} cxx_std_17)
  set_target_properties(tessera_${name} PROPERTIES EXPORT_NAME ${name})
  add_library(tessera::${name} ALIAS tessera_${name})
  install(TARGETS tessera_${name} EXPORT tesseraTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/tessera)
endfunction()

# tessera_program(<name> [DEPS <targets>...]): main.cpp of the current folder as program <build>/<name>, installed
# into bin/. Libraries of the same folder leave main.cpp out.
function(tessera_program name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  add_executable(${name}_program main.cpp)
  target_link_libraries(${name}_program PRIVATE ${ARG_DEPS} tessera_options)
  set_target_properties(${name}_program PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
  install(TARGETS ${name}_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# tessera_test(<name> LABEL <label> [TIMEOUT <s>] [DEPS <targets>...] SOURCES <globs relative to tests/>...): one
# Catch2 program and one ctest of that name. No program is made while the globs match nothing.
function(tessera_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "DEPS;SOURCES" ${ARGN})
  set(sources)
  foreach(pattern ${ARG_SOURCES})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${pattern})
    list(APPEND sources ${found})
  endforeach()
  if(NOT sources)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY TESSERA_TEST_SOURCES ${sources})
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE tessera_test_main ${ARG_DEPS})
  target_precompile_headers(test_${name} REUSE_FROM tessera_test_main)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()

# `cmake --build <build> --target tidy`: clang-tidy 14 with the repository's .clang-tidy over all sources.
find_program(TESSERA_RUN_CLANG_TIDY NAMES run-clang-tidy-14 run-clang-tidy)
mark_as_advanced(TESSERA_RUN_CLANG_TIDY)
if(TESSERA_RUN_CLANG_TIDY)
  add_custom_target(tidy
    COMMAND ${TESSERA_RUN_CLANG_TIDY} -quiet -p ${PROJECT_BINARY_DIR} "${PROJECT_SOURCE_DIR}/(sim|models|workloads)/"
    USES_TERMINAL COMMENT "clang-tidy")
endif()
