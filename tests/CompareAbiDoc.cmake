# SPDX-License-Identifier: MIT
# docs/abi.md must be what abigen makes of abi/.
execute_process(COMMAND ${ABIGEN} doc ${ABI_DIR} ${OUT} ${ABIS} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${OUT} ${DOC} RESULT_VARIABLE differs)
if(differs)
  message(FATAL_ERROR "docs/abi.md is out of date: run cmake --build BUILD --target abi-doc")
endif()
