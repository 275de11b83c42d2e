# SPDX-License-Identifier: MIT
# The generator of abi/include/mpylink/abi_*.h. Those headers are checked in: after a change in abi/,
# build the target `headers` and commit what it wrote.

llvm_map_components_to_libnames(headergen_llvm support)
add_executable(headergen ${CMAKE_CURRENT_LIST_DIR}/headergen.cpp)
target_link_libraries(headergen PRIVATE mpylink_options ${headergen_llvm})

add_custom_target(headers)
foreach(version ${MPYLINK_ABIS})
  string(REPLACE . _ suffix ${version})
  add_custom_command(TARGET headers COMMAND headergen ${MPYLINK_ABI_DIR}/${version}.json
    ${MPYLINK_ABI_DIR}/static_qstrs.json ${MPYLINK_ABI_DIR}/include/mpylink/abi_${suffix}.h VERBATIM)
endforeach()
