# Variables: BUILD the build tree to install, CONSUMER the project that uses it, WORK a folder for both, COMPILER,
# GENERATOR, FLAGS, PYTHON, TUTORIALS their folder, TUTORIAL_TEST what runs one.

function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE status OUTPUT_VARIABLE output
    ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}\nfailed with ${status}:\n${output}${errors}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(prefix ${WORK}/prefix)
file(REMOVE_RECURSE ${prefix} ${WORK}/consumer)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})

foreach(file include/tessera/sim/base/units.hpp share/tessera/configs share/doc/tessera/LICENSE bin/tessera
    share/man/man1/tessera.1 share/bash-completion/completions/tessera share/zsh/site-functions/_tessera
    share/fish/vendor_completions.d/tessera.fish share/tessera/tests/validation/goals.json)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "${file} was not installed")
  endif()
endforeach()
# Nothing that only the source tree needs.
file(GLOB_RECURSE strays ${prefix}/*.cpp ${prefix}/*_test* ${prefix}/*/CMakeLists.txt ${prefix}/*.pyc)
list(FILTER strays EXCLUDE REGEX "/share/doc/tessera/tutorials/")
if(strays)
  message(FATAL_ERROR "installed by mistake: ${strays}")
endif()
# The package must not point back into the tree it was built from.
file(GLOB_RECURSE package_files ${prefix}/*.cmake)
foreach(file ${package_files})
  file(READ ${file} text)
  string(REPLACE "${WORK}" "" text "${text}")
  string(FIND "${text}" "${BUILD}" at)
  if(NOT at EQUAL -1)
    message(FATAL_ERROR "${file} names the build tree")
  endif()
endforeach()

run(${CMAKE_COMMAND} -S ${CONSUMER} -B ${WORK}/consumer -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${prefix}
  -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${WORK}/consumer)
run(${WORK}/consumer/consumer)
if(NOT output MATCHES "64 KiB at 3.35 TB/s take 19.56 ns")
  message(FATAL_ERROR "the consumer printed: ${output}")
endif()

run(${prefix}/bin/tessera --help)

# The tutorial that brings a proposal of its own uses the package as its readers do.
set(ENV{CXXFLAGS} "${FLAGS}")
set(ENV{CMAKE_GENERATOR} "${GENERATOR}")
set(ENV{CXX} "${COMPILER}")
run(${PYTHON} -B ${TUTORIAL_TEST} ${TUTORIALS}/2-own-proposal.md ${prefix}/bin/tessera ${prefix})

# The installed program reads the installed files, not those of the source tree.
run(${prefix}/bin/tessera list)
if(NOT output MATCHES "\n  h200\n")
  message(FATAL_ERROR "the installed program does not list the system h200:\n${output}")
endif()
file(REMOVE ${prefix}/share/tessera/configs/systems/h200.json)
run(${prefix}/bin/tessera list)
if(output MATCHES "\n  h200\n")
  message(FATAL_ERROR "the installed program lists a system that is not installed:\n${output}")
endif()
