// SPDX-License-Identifier: MIT
// Memory on the firmware's garbage-collected heap. A block lives as long as a pointer to its start
// is found in an object, in the module's static data or on the C stack. Unless a name ends in
// _maybe, running out of memory raises MemoryError and no NULL comes back.
#ifndef MPYLINK_MEMORY_H
#define MPYLINK_MEMORY_H

#include "mpylink/object.h"

MP_NORETURN static inline void m_malloc_fail(size_t num_bytes) {
  (void)num_bytes;
  mp_raise_msg((const mp_obj_type_t *)mp_load_global(MP_QSTR_MemoryError),
               "memory allocation failed");
}

// Changes the size of a block. NULL as `ptr` allocates, size 0 frees; without `allow_move` the
// block stays where it is or NULL is returned.
static inline void *m_realloc_maybe(void *ptr, size_t new_num_bytes, bool allow_move) {
  return mp_fun_table.realloc_(ptr, new_num_bytes, allow_move);
}

static inline void *m_realloc_checked_dyn(void *ptr, size_t new_num_bytes, bool allow_move) {
  ptr = m_realloc_maybe(ptr, new_num_bytes, allow_move);
  if (ptr == NULL && new_num_bytes != 0) {
    m_malloc_fail(new_num_bytes);
  }
  return ptr;
}

static inline void *m_malloc(size_t num_bytes) {
  return m_realloc_checked_dyn(NULL, num_bytes, false);
}

static inline void *m_malloc_maybe(size_t num_bytes) {
  return m_realloc_maybe(NULL, num_bytes, false);
}

static inline void *m_malloc0(size_t num_bytes) {
  return mp_fun_table.memset_(m_malloc(num_bytes), 0, num_bytes);
}

static inline void *m_realloc(void *ptr, size_t new_num_bytes) {
  return m_realloc_checked_dyn(ptr, new_num_bytes, true);
}

static inline void m_free(void *ptr) { mp_fun_table.realloc_(ptr, 0, false); }

/*------------------------------------------------------------------------------------------------*/
// Typed allocation. `num` counts elements. The *_var macros are for structs that end in an array
// without a length: m_new_obj_var(foo_t, items, int, 10) is a foo_t with ten ints.

#define MPY_SIZE_OF_VAR(type, field, field_type, num)                                              \
  (offsetof(type, field) + sizeof(field_type) * (num))

#define m_new(type, num) ((type *)m_malloc(sizeof(type) * (num)))
#define m_new0(type, num) ((type *)m_malloc0(sizeof(type) * (num)))
#define m_new_maybe(type, num) ((type *)m_malloc_maybe(sizeof(type) * (num)))
#define m_new_obj(type) m_new(type, 1)
#define m_new_obj_maybe(type) m_new_maybe(type, 1)
#define m_new_obj_var(type, field, field_type, num)                                                \
  ((type *)m_malloc(MPY_SIZE_OF_VAR(type, field, field_type, num)))
#define m_new_obj_var0(type, field, field_type, num)                                               \
  ((type *)m_malloc0(MPY_SIZE_OF_VAR(type, field, field_type, num)))
#define m_new_obj_var_maybe(type, field, field_type, num)                                          \
  ((type *)m_malloc_maybe(MPY_SIZE_OF_VAR(type, field, field_type, num)))

#define m_renew(type, ptr, old_num, new_num)                                                       \
  ((void)(old_num), (type *)m_realloc((ptr), sizeof(type) * (new_num)))
#define m_renew_maybe(type, ptr, old_num, new_num, allow_move)                                     \
  ((void)(old_num), (type *)m_realloc_maybe((ptr), sizeof(type) * (new_num), (allow_move)))

#define m_del(type, ptr, num) ((void)(num), m_free(ptr))
#define m_del_obj(type, ptr) m_del(type, ptr, 1)
#define m_del_var(type, field, field_type, num, ptr) ((void)(num), m_free(ptr))

// Short-lived memory: on the C stack (do not let it leave the function) or on the heap.
#define mp_local_alloc(num_bytes) (__builtin_alloca(num_bytes))
#define mp_local_free(ptr) ((void)(ptr))
#define mp_nonlocal_alloc(num_bytes) (m_malloc(num_bytes))
#define mp_nonlocal_realloc(ptr, old_num_bytes, new_num_bytes)                                     \
  ((void)(old_num_bytes), m_realloc((ptr), (new_num_bytes)))
#define mp_nonlocal_free(ptr, num_bytes) ((void)(num_bytes), m_free(ptr))

/*------------------------------------------------------------------------------------------------*/
// Objects: a struct that starts with mp_obj_base_t, its type set.

static inline void *mp_obj_malloc_helper(size_t num_bytes, const mp_obj_type_t *type) {
  mp_obj_base_t *base = (mp_obj_base_t *)m_malloc(num_bytes);
  base->type = type;
  return base;
}

#define mp_obj_malloc(type, obj_type) ((type *)mp_obj_malloc_helper(sizeof(type), (obj_type)))
#define mp_obj_malloc_var(type, field, field_type, num, obj_type)                                  \
  ((type *)mp_obj_malloc_helper(MPY_SIZE_OF_VAR(type, field, field_type, num), (obj_type)))

#endif
