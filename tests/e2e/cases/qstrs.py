#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many names in two objects: each object reaches every one of them at its place in the table."""

COUNT = 140
NAMES = [f"name_{number:03}" for number in range(COUNT)]


def function(name: str, names: list[str]) -> str:
    items = ",".join(f"MP_OBJ_NEW_QSTR(MP_QSTR_{text})" for text in names)
    return f"mp_obj_t {name}(void) {{ mp_obj_t items[] = {{{items}}}; return mp_obj_new_list({len(names)}, items); }}"


print(
    f"""//# OBJECT: -DOTHER
//# RUN: m.get(0) == ["name_%03d" % i for i in range(0, {COUNT}, 2)] => True
//# RUN: m.get(1) == ["name_%03d" % i for i in range(1, {COUNT}, 2)] => True
//# RUN: m.name_007(1) => 8
//# RUN: m.special(0) => ['<module>', 'utf-8', 'a_hyphen_b', '__len__']
#include "case.h"
mp_obj_t even(void), odd(void);
#ifdef OTHER
{function("odd", NAMES[1::2])}
#else
{function("even", NAMES[::2])}
OBJ_FUN(get, which) {{ return mp_obj_get_int(which) ? odd() : even(); }}
FUN(name_007, x) {{ return x + 7; }}
OBJ_FUN(special, unused) {{
  (void)unused;
  // The firmware's own names may have any character; those of a module are what they say.
  mp_obj_t items[] = {{MP_OBJ_NEW_QSTR(MP_QSTR__lt_module_gt_),
                      MP_OBJ_NEW_QSTR(MP_QSTR_utf_hyphen_8),
                      MP_OBJ_NEW_QSTR(MP_QSTR_a_hyphen_b), MP_OBJ_NEW_QSTR(MP_QSTR___len__)}};
  return mp_obj_new_list(4, items);
}}
MODULE(EXPORT(MP_QSTR_special, special) EXPORT(MP_QSTR_get, get) EXPORT(MP_QSTR_name_007, name_007))
#endif"""
)
