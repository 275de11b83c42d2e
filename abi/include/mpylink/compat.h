// SPDX-License-Identifier: MIT
// Other names for what the headers have: those of the functions behind MicroPython's macros, and
// spellings from before v1.19 that MicroPython still takes.
#ifndef MPYLINK_COMPAT_H
#define MPYLINK_COMPAT_H

#include "mpylink/runtime.h"

#define m_malloc_dyn m_malloc
#define m_malloc_fail_dyn m_malloc_fail
#define m_realloc_dyn m_realloc
#define m_realloc_maybe_dyn m_realloc_maybe
#define m_free_dyn m_free
#define mp_obj_malloc_helper_dyn mp_obj_malloc_helper
#define mp_obj_new_str_of_type_dyn mp_obj_new_str_of_type
#define mp_obj_cast_to_native_base_dyn mp_obj_cast_to_native_base
#define mp_obj_str_get_data_dyn mp_obj_str_get_data
#define mp_obj_len_dyn mp_obj_len
#define mp_obj_get_array_dyn mp_obj_get_array
#define mp_obj_new_exception_arg1_dyn mp_obj_new_exception_arg1
#define mp_raise_OSError_dyn mp_raise_OSError

#define MP_OBJ_IS_SMALL_INT mp_obj_is_small_int
#define MP_OBJ_IS_QSTR mp_obj_is_qstr
#define MP_OBJ_IS_OBJ mp_obj_is_obj
#define MP_OBJ_IS_INT mp_obj_is_int
#define MP_OBJ_IS_TYPE mp_obj_is_type
#define MP_OBJ_IS_STR mp_obj_is_str
#define MP_OBJ_IS_STR_OR_BYTES mp_obj_is_str_or_bytes
#define MP_OBJ_IS_FUN mp_obj_is_fun
#define MP_MAP_SLOT_IS_FILLED mp_map_slot_is_filled
#define MP_SET_SLOT_IS_FILLED mp_set_slot_is_filled

/*------------------------------------------------------------------------------------------------*/
// Objects that modules define for sources they share with the firmware.

MPY_BEGIN_C
MP_DECLARE_CONST_FUN_OBJ_1(mp_identity_obj);
MP_DECLARE_CONST_FUN_OBJ_1(mp_stream_close_obj);
MP_DECLARE_CONST_FUN_OBJ_VAR_BETWEEN(mp_stream___exit___obj);

// With MICROPY_STACK_CHECK defined as 1 the module brings these, else they do nothing.
#if MICROPY_STACK_CHECK
void mp_cstack_check(void);
void mp_stack_check(void);
#else
MPY_INLINE void mp_cstack_check(void) {}
MPY_INLINE void mp_stack_check(void) {}
#endif
#define MP_STACK_CHECK() mp_stack_check()
MPY_END_C

#endif
