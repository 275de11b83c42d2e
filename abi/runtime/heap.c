// SPDX-License-Identifier: MIT
// malloc and free on the firmware's garbage-collected heap. As C promises, a block lives until it is
// freed, wherever pointers to it are: all blocks form a list that starts in a variable of the
// module, which the collector scans. What is never freed goes with the heap, at a soft reset.
#include "runtime.h"

typedef struct mpy_block {
  struct mpy_block *next, *prev;
} __attribute__((aligned(__BIGGEST_ALIGNMENT__ < 2 * sizeof(void *) ? __BIGGEST_ALIGNMENT__
                                                                     : 2 * sizeof(void *)))) block_t;

// Not static: then it is in the module's heap block, not beside the code, on every architecture.
extern block_t mpy_blocks;
block_t mpy_blocks;

static block_t *header(void *memory) { return (block_t *)memory - 1; }

static void link_block(block_t *block) {
  if (block->next != NULL) {
    block->next->prev = block;
  }
  block->prev->next = block;
}

RUNTIME void *malloc(size_t size) {
  if (size > SIZE_MAX / 2) {
    return NULL;
  }
  block_t *block = (block_t *)m_malloc_maybe(sizeof(block_t) + size);
  if (block == NULL) {
    return NULL;
  }
  block->next = mpy_blocks.next;
  block->prev = &mpy_blocks;
  link_block(block);
  return block + 1;
}

// The product by halves, because a small processor divides and multiplies long numbers with libgcc.
static bool multiply(size_t a, size_t b, size_t *product) {
  const unsigned half = sizeof(size_t) * 4;
  const size_t low = ((size_t)1 << half) - 1;
  const size_t middle = (a >> half) * (b & low) + (a & low) * (b >> half);
  *product = (middle << half) + (a & low) * (b & low);
  return (a >> half == 0 || b >> half == 0) && middle >> half == 0 && *product >= middle << half;
}

RUNTIME void *calloc(size_t count, size_t size) {
  size_t bytes;
  if (!multiply(count, size, &bytes)) {
    return NULL;
  }
  void *memory = malloc(bytes);
  return memory == NULL ? NULL : mp_fun_table.memset_(memory, 0, bytes);
}

RUNTIME void *realloc(void *memory, size_t size) {
  if (memory == NULL) {
    return malloc(size);
  }
  if (size > SIZE_MAX / 2) {
    return NULL;
  }
  // The neighbours point at the old place until the new one is known.
  block_t *block = (block_t *)m_realloc_maybe(header(memory), sizeof(block_t) + size, true);
  if (block == NULL) {
    return NULL;
  }
  link_block(block);
  return block + 1;
}

RUNTIME void free(void *memory) {
  if (memory == NULL) {
    return;
  }
  block_t *block = header(memory);
  if (block->next != NULL) {
    block->next->prev = block->prev;
  }
  block->prev->next = block->next;
  m_free(block);
}
