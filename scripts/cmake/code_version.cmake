# Writes OUTPUT with the version of the code in SOURCE: VERSION alone for a tagged commit or without git, else with the
# commit, and "dirty" if files differ from it. OUTPUT keeps its time if nothing changed.
set(version ${VERSION})
find_program(GIT git)
if(GIT AND EXISTS ${SOURCE}/.git)  # not that of a repository around an unpacked archive
  execute_process(COMMAND ${GIT} -C ${SOURCE} describe --always --dirty=.dirty --abbrev=12 --exclude=*
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  execute_process(COMMAND ${GIT} -C ${SOURCE} describe --exact-match --tags --match=v${VERSION} --dirty
    OUTPUT_VARIABLE tag OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed AND NOT tag STREQUAL "v${VERSION}")
    set(version "${VERSION}+g${commit}")
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define TESSERA_CODE_VERSION \"${version}\"\n" @ONLY)
