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
      PATTERN "__pycache__" EXCLUDE PATTERN "lint" EXCLUDE PATTERN "cmake" EXCLUDE)
  endif()
endforeach()
# What `tessera validate --set h200-numerics` falls back on where the whole recording is not at hand.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tests/validation/h200_numerics
  DESTINATION ${CMAKE_INSTALL_DATADIR}/tessera/tests/validation)
# Measurements that `tessera validate --set h200-...` compares with.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tests/validation/h200
  DESTINATION ${CMAKE_INSTALL_DATADIR}/tessera/tests/validation)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_PACKAGE_NAME tessera)
set(CPACK_PACKAGE_VENDOR "The tessera authors")
set(CPACK_PACKAGE_CONTACT "The tessera authors")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_GENERATOR TGZ)
set(CPACK_SOURCE_GENERATOR TGZ)
set(CPACK_SOURCE_IGNORE_FILES "/\\.git/" "/build" "/out/" "/\\.cache/" "__pycache__")
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libsystemc, python3-matplotlib")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
include(CPack)
