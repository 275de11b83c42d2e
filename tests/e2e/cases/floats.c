// SPDX-License-Identifier: MIT
// Floats in arguments, results, constants and tables; by the processor or by libgcc.
//# FLOATS
//# LIBRARIES
//# RUN: m.scale(2.5) => 8.75
//# RUN: m.scale(-4) => -14.0
//# RUN: m.table(2) => 0.125
//# RUN: m.double_table(1) => 2.5
//# RUN: m.compare(0.5) => 1
//# RUN: m.compare(-0.5) => -1
//# RUN: m.truncate(1e6) => 1000000
#include "case.h"

static const mp_float_t table_of[] = {0.5f, 0.25f, 0.125f};
static double doubles[] = {1.5, 2.5};
static mp_float_t factor = 3.5f;

OBJ_FUN(scale, x) { return mp_obj_new_float(mp_obj_get_float(x) * factor); }
OBJ_FUN(table, x) { return mp_obj_new_float(OPAQUE(&table_of[0])[mp_obj_get_int(x)]); }
OBJ_FUN(double_table, x) { return mp_obj_new_float_from_d(OPAQUE(&doubles[0])[mp_obj_get_int(x)]); }
OBJ_FUN(compare, x) { return mp_obj_new_int(mp_obj_get_float(x) > OPAQUE((mp_float_t)0) ? 1 : -1); }
OBJ_FUN(truncate, x) { return mp_obj_new_int((mp_int_t)mp_obj_get_float(x)); }
MODULE(EXPORT(MP_QSTR_scale, scale) EXPORT(MP_QSTR_table, table)
           EXPORT(MP_QSTR_double_table, double_table) EXPORT(MP_QSTR_compare, compare)
               EXPORT(MP_QSTR_truncate, truncate))
