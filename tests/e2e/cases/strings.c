// SPDX-License-Identifier: MIT
// Literals that are merged across objects keep their contents: equal ones, tails of others, wide
// ones, with zeros inside, and pointers into their middle and behind their end, from code and from
// tables.
//# MATRIX: full
//# LIBRARIES
//# OBJECT: -DOTHER
//# RUN: [m.get(i) for i in range(9)] => ['shared by two', 'shared by two', 'by two', 'only here', 'in\x00side', '', 'two', 'middle', 'name']
//# RUN: [m.wide(i) for i in range(4)] => [233, 8364, 120120, 122]
//# RUN: m.length(0) => 13
//# RUN: m.numbers(0) => 6916
#include "case.h"

const char *other_string(void);
const char *other_tail(void);
extern const char *const other_names[];
extern const uint16_t *const other_wide;
mp_int_t other_number(mp_int_t x);

#ifdef OTHER

const char *other_string(void) { return "shared by two"; }
const char *other_tail(void) { return "two"; }
const char *const other_names[] = {"before middle" + 7, "name", "shared by two"};
const uint16_t *const other_wide = u"\u00e9t\u00e9";
// Constants that compilers put into mergeable sections.
mp_int_t other_number(mp_int_t x) {
  static const double doubles[] = {1.5, 2.25};
  const volatile struct {
    char text[16];
  } copy = {"0123456789abcde"};
  return (mp_int_t)doubles[x] + copy.text[3];
}

#else

static const char *const table[] = {"shared by two", "only here", ""};
static const char *const end_of_literal = "shared by two" + 13;

OBJ_FUN(get, index) {
  const char *text;
  switch (mp_obj_get_int(index)) {
  case 0: text = "shared by two"; break;
  case 1: text = other_string(); break;
  case 2: text = OPAQUE(&table[0])[0] + 7; break;
  case 3: text = OPAQUE(&table[0])[1]; break;
  case 4: return mp_obj_new_str("in\0side", 7);
  case 5: text = OPAQUE(end_of_literal); break;
  case 6: text = other_tail(); break;
  case 7: text = OPAQUE(&other_names[0])[0]; break;
  default: text = other_names[1]; break;
  }
  return mp_obj_new_str(text, length_of(text));
}

FUN(wide, index) {
  static const uint16_t short_text[] = u"\u20ac";
  const uint16_t *pointer = u"x\u00e9y";
  const uint32_t *long_text = U"\U0001d538z";
  switch (index) {
  case 0: return other_wide[0] == OPAQUE(pointer)[1] ? other_wide[2] : -1;
  case 1: return OPAQUE(&short_text[0])[0];
  case 2: return OPAQUE(long_text)[0];
  default: return OPAQUE(long_text)[1];
  }
}

FUN(length, x) {
  return OPAQUE(end_of_literal) - "shared by two" == 13 || OPAQUE(end_of_literal)[x] == 0 ? 13 : -1;
}

FUN(numbers, x) { return (other_number(0) + x) * 133; }

MODULE(EXPORT(MP_QSTR_get, get) EXPORT(MP_QSTR_wide, wide) EXPORT(MP_QSTR_length, length)
           EXPORT(MP_QSTR_numbers, numbers))

#endif
