# Makes the Debian package of BUILD in WORK, unpacks it there and runs the program out of it, without the build's
# environment.

find_program(DPKG_DEB dpkg-deb)
find_program(SHLIBDEPS dpkg-shlibdeps)
if(NOT DPKG_DEB OR NOT SHLIBDEPS)
  message("skipped: dpkg-deb or dpkg-shlibdeps is not installed (apt-get install dpkg-dev)")
  return()
endif()

function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE status OUTPUT_VARIABLE output
    ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}\nfailed with ${status}:\n${output}${errors}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
cmake_path(GET CMAKE_COMMAND PARENT_PATH programs)
run(${programs}/cpack -G DEB --config ${BUILD}/CPackConfig.cmake -B ${WORK} -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip)
file(GLOB packages ${WORK}/*.deb)
list(LENGTH packages count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "cpack made ${count} packages: ${packages}")
endif()

run(${DPKG_DEB} --field ${packages} Package Depends Recommends)
foreach(part "Package: tessera" "libsystemc" "Recommends: python3-matplotlib")
  if(NOT output MATCHES "${part}")
    message(FATAL_ERROR "the package does not say \"${part}\":\n${output}")
  endif()
endforeach()

run(${DPKG_DEB} --extract ${packages} ${WORK}/root)
foreach(file bin/tessera share/man/man1/tessera.1 share/bash-completion/completions/tessera
    share/tessera/configs/systems/h800.json share/tessera/scripts/plots/report_plots.py)
  if(NOT EXISTS ${WORK}/root/usr/${file})
    message(FATAL_ERROR "/usr/${file} is not in the package")
  endif()
endforeach()

set(program env --ignore-environment ${WORK}/root/usr/bin/tessera)
run(${program} kernel gemm --m 256 --n 256 --k 256 --json)
if(NOT output MATCHES "\"time_s\"")
  message(FATAL_ERROR "the packaged program printed:\n${output}")
endif()
# It reads what the package brings.
file(REMOVE ${WORK}/root/usr/share/tessera/configs/systems/h100.json)
run(${program} list)
if(output MATCHES "\n  h100\n")
  message(FATAL_ERROR "the packaged program reads configurations from elsewhere:\n${output}")
endif()
file(REMOVE_RECURSE ${WORK})
