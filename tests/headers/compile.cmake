# SPDX-License-Identifier: MIT
# One test: compiles SOURCES with COMPILER in each of STANDARDS, every warning an error. A compiler
# that is not there fails the test. All of these are lists:
#   cmake -DCOMPILER=gcc -DSTANDARDS=c99 -DSOURCES=a.c -DOPTIONS=-Ix -DWORK=dir -P compile.cmake
# EXPECT_ERROR: the compiler must fail and say this (a regular expression).
# FORBID_SECTIONS: no object, or assembly if COMPILER has -S, may have a section like this.
# RUN: link instead and run with this prefix ("env" for none); must exit with 0.

file(MAKE_DIRECTORY ${WORK})
set(options -Wall -Wextra -Werror ${OPTIONS})
set(failures 0)

foreach(standard ${STANDARDS})
  foreach(source ${SOURCES})
    get_filename_component(name ${source} NAME)
    set(output ${WORK}/${name}.${standard}.o)
    if(NOT DEFINED RUN)
      list(APPEND mode -c)
    endif()
    execute_process(COMMAND ${COMPILER} -std=${standard} ${options} ${mode} ${source} -o ${output}
      RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
    if(DEFINED EXPECT_ERROR)
      if(status EQUAL 0 OR NOT text MATCHES "${EXPECT_ERROR}")
        message("${name} -std=${standard}: expected the error '${EXPECT_ERROR}', got:\n${text}")
        math(EXPR failures "${failures} + 1")
      endif()
      continue()
    endif()
    if(status EQUAL 0 AND DEFINED RUN)
      execute_process(COMMAND ${RUN} ${output} RESULT_VARIABLE status OUTPUT_VARIABLE text
        ERROR_VARIABLE text)
    elseif(status EQUAL 0 AND DEFINED FORBID_SECTIONS)
      if(COMPILER MATCHES "(^|;)-S(;|$)")
        file(READ ${output} text)
      else()
        execute_process(COMMAND readelf -SW ${output} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
      endif()
      if(text MATCHES "${FORBID_SECTIONS}")
        set(status "a section ${CMAKE_MATCH_0}")
      endif()
    endif()
    if(NOT status EQUAL 0)
      message("${COMPILER} -std=${standard} ${name}: ${status}\n${text}")
      math(EXPR failures "${failures} + 1")
    endif()
  endforeach()
endforeach()

if(failures)
  message(FATAL_ERROR "${failures} failed")
endif()
