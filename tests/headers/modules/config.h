// SPDX-License-Identifier: MIT
// A config header for the modules in this folder, as the linker writes one; with the typedefs that
// those made for releases up to v1.28 had.
#include <stdint.h>
typedef uintptr_t mp_uint_t;
typedef intptr_t mp_int_t;
typedef uintptr_t mp_off_t;
#define MP_QSTR_ (1)
#define MP_QSTR_EOFError (34)
#define MP_QSTR_IndexError (40)
#define MP_QSTR_KeyError (41)
#define MP_QSTR_MemoryError (44)
#define MP_QSTR_NotImplementedError (47)
#define MP_QSTR_OSError (48)
#define MP_QSTR_RuntimeError (50)
#define MP_QSTR_TypeError (54)
#define MP_QSTR_ValueError (55)
#define MP_QSTR_bytearray (64)
#define MP_QSTR_bytes (66)
#define MP_QSTR_int (94)
#define MP_QSTR_len (107)
#define MP_QSTR_Point (mp_native_qstr_table[1])
#define MP_QSTR_Ring (mp_native_qstr_table[2])
#define MP_QSTR_RingError (mp_native_qstr_table[3])
#define MP_QSTR_call (mp_native_qstr_table[4])
#define MP_QSTR_capacity (mp_native_qstr_table[5])
#define MP_QSTR_fill (mp_native_qstr_table[6])
#define MP_QSTR_first (mp_native_qstr_table[7])
#define MP_QSTR_gcd (mp_native_qstr_table[8])
#define MP_QSTR_histogram (mp_native_qstr_table[9])
#define MP_QSTR_limit (mp_native_qstr_table[10])
#define MP_QSTR_mean (mp_native_qstr_table[11])
#define MP_QSTR_put (mp_native_qstr_table[12])
#define MP_QSTR_scale (mp_native_qstr_table[13])
#define MP_QSTR_second (mp_native_qstr_table[14])
#define MP_QSTR_try_call (mp_native_qstr_table[15])
#define MP_QSTR_x (mp_native_qstr_table[16])
#define MP_QSTR_y (mp_native_qstr_table[17])
extern const uint16_t mp_native_qstr_table[];
extern const uintptr_t mp_native_obj_table[];
