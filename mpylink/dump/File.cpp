// SPDX-License-Identifier: MIT
#include "dump/File.h"

#include "dump/Machine.h"
#include "mpy/Reader.h"

namespace mpylink::dump {

Result<File> openFile(std::string name, Bytes bytes) {
  File file;
  file.name = std::move(name);
  file.bytes = std::move(bytes);
  Result<mpy::Module> module = mpy::read(file.bytes, &file.trace);
  if (!module)
    return module.failure();
  file.module = std::move(*module);
  if (file.module.arch != 0)
    file.machine = Machine::create(*abi::findArch(file.module.arch));
  return file;
}

} // namespace mpylink::dump
