// SPDX-License-Identifier: MIT
// Bytes directly in front of a page that cannot be read: reading one too many ends the test at
// once, also in libraries that are compiled without a sanitizer.
#pragma once

#include "support/Bytes.h"

#include <algorithm>
#include <sys/mman.h>
#include <unistd.h>

namespace elftest {

class Guarded {
public:
  explicit Guarded(mpylink::ByteView bytes) {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    mappedSize = mpylink::alignTo(bytes.size(), page) + page;
    mapped = static_cast<uint8_t *>(
        mmap(nullptr, mappedSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    uint8_t *end = mapped + mappedSize - page;
    mprotect(end, page, PROT_NONE);
    held = {end - bytes.size(), bytes.size()};
    std::ranges::copy(bytes, held.begin());
  }
  ~Guarded() { munmap(mapped, mappedSize); }
  Guarded(const Guarded &) = delete;
  Guarded &operator=(const Guarded &) = delete;

  mpylink::ByteSpan bytes() const { return held; }
  mpylink::ByteView first(size_t size) const { return held.first(size); }

private:
  uint8_t *mapped;
  size_t mappedSize;
  mpylink::ByteSpan held;
};

} // namespace elftest
