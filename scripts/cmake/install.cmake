# What `cmake --install` and CPack deliver: the program, the libraries with their headers and a CMake package
# (find_package(tessera) gives tessera::base, tessera::config, ...), and the shipped data.

include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tessera)
install(EXPORT tesseraTargets NAMESPACE tessera:: DESTINATION ${package_folder})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tesseraConfig.cmake.in ${PROJECT_BINARY_DIR}/tesseraConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tesseraConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tesseraConfig.cmake ${PROJECT_BINARY_DIR}/tesseraConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindSystemC.cmake DESTINATION ${package_folder})

foreach(folder sim models workloads)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tessera
    FILES_MATCHING PATTERN "*.hpp")
endforeach()
foreach(folder configs scripts workloads)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${CMAKE_INSTALL_DATADIR}/tessera
      USE_SOURCE_PERMISSIONS
      PATTERN "CMakeLists.txt" EXCLUDE PATTERN "*.hpp" EXCLUDE PATTERN "*.cpp" EXCLUDE
      PATTERN "__pycache__" EXCLUDE PATTERN "lint" EXCLUDE PATTERN "cmake" EXCLUDE PATTERN "docs" EXCLUDE
      PATTERN "tutorials" EXCLUDE)
  endif()
endforeach()
# Measurements that `tessera validate` compares with, the figures to reach and the reasons of deviations.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tests/validation DESTINATION ${CMAKE_INSTALL_DATADIR}/tessera/tests
  PATTERN "*.cpp" EXCLUDE PATTERN "*.hpp" EXCLUDE PATTERN "models" EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scripts/tutorials DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The manual page and the completion of shells come from the program itself.
set(shell_files ${PROJECT_BINARY_DIR}/shell)
install(CODE "
  file(MAKE_DIRECTORY \"${shell_files}\")
  foreach(pair \"man:tessera.1\" \"completion bash:tessera\" \"completion zsh:_tessera\" \"completion fish:tessera.fish\")
    string(REPLACE \":\" \";\" pair \"\${pair}\")
    list(GET pair 0 words)
    list(GET pair 1 name)
    separate_arguments(words)
    execute_process(COMMAND \"$<TARGET_FILE:tessera_program>\" \${words} OUTPUT_FILE \"${shell_files}/\${name}\"
      COMMAND_ERROR_IS_FATAL ANY)
  endforeach()")
install(FILES ${shell_files}/tessera.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${shell_files}/tessera DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${shell_files}/_tessera DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${shell_files}/tessera.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_PACKAGE_NAME tessera)
set(CPACK_PACKAGE_VENDOR "The tessera authors")
set(CPACK_PACKAGE_CONTACT "The tessera authors <maintainers@tessera.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "Simulates accelerators at tile granularity, replays DeepSeek-V3's training kernel by
kernel, and weighs proposed hardware against today's: each proposal alone, all but one, all together. Brings the
program, its libraries with a CMake package, systems, runs and measurements.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_IGNORE_FILES "/\\.git/" "/build" "/out/" "/\\.cache/" "__pycache__")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # libsystemc and the C++ runtime, by what the program links
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS python3-matplotlib)  # plots; without it the report keeps its own drawings
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libsystemc-dev, g++, cmake")  # to link against the libraries
include(CPack)
