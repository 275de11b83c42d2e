// SPDX-License-Identifier: MIT
// The Python side of json.c. One document is open at a time: its tree, allocated by malloc, stays
// between calls although only variables of C point to it.
#include "py/dynruntime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

static json_t *document;

static json_t *need(const char *path) {
  json_t *value = document == NULL ? NULL : json_find(document, path);
  if (value == NULL) {
    mp_raise_msg(&mp_type_KeyError,
                 document == NULL ? "no document is open" : "nothing has this path");
  }
  return value;
}

// A Python object for a number, string and the like; a list or dict becomes its length.
static mp_obj_t to_object(const json_t *value) {
  switch (value->kind) {
  case JSON_NULL:
    return mp_const_none;
  case JSON_FALSE:
    return mp_const_false;
  case JSON_TRUE:
    return mp_const_true;
  case JSON_STRING:
    return mp_obj_new_str(value->text, strlen(value->text));
  case JSON_NUMBER:
    if (strpbrk(value->text, ".eE") == NULL) {
      return mp_obj_new_int(strtol(value->text, NULL, 10));
    }
    return mp_obj_new_float_from_d(strtod(value->text, NULL));
  default:
    return mp_obj_new_int((mp_int_t)(json_count(value) - 1));
  }
}

// load(text): opens a document and returns how many values it has.
static mp_obj_t load(mp_obj_t text) {
  json_free(document);
  document = json_parse(mp_obj_str_get_str(text));
  if (document == NULL) {
    char message[80];
    snprintf(message, sizeof(message), "%s at byte %zu", json_error, json_error_at);
    mp_raise_type_arg(&mp_type_ValueError, mp_obj_new_str(message, strlen(message)));
  }
  return mp_obj_new_int((mp_int_t)json_count(document));
}
static MP_DEFINE_CONST_FUN_OBJ_1(load_obj, load);

// get(path): a value of the document; of a list or dict the number of values in it.
static mp_obj_t get(mp_obj_t path) { return to_object(need(mp_obj_str_get_str(path))); }
static MP_DEFINE_CONST_FUN_OBJ_1(get_obj, get);

// dump(path="", indent=0): a part of the document as text.
static mp_obj_t dump(size_t n_args, const mp_obj_t *args) {
  const json_t *value = need(n_args > 0 ? mp_obj_str_get_str(args[0]) : "");
  char *text = json_print(value, n_args > 1 ? (unsigned)mp_obj_get_int(args[1]) : 0);
  if (text == NULL) {
    m_malloc_fail(0);
  }
  const mp_obj_t result = mp_obj_new_str(text, strlen(text));
  free(text);
  return result;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(dump_obj, 0, 2, dump);

// show(): prints the values of the document's first level.
static mp_obj_t show(void) {
  for (const json_t *item = need("")->children; item != NULL; item = item->next) {
    const char *name = item->name == NULL ? "-" : item->name;
    printf("%-10s|%10s|%4zu\n", name, item->text == NULL ? "" : item->text, json_count(item));
  }
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(show_obj, show);

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_load, MP_OBJ_FROM_PTR(&load_obj));
  mp_store_global(MP_QSTR_get, MP_OBJ_FROM_PTR(&get_obj));
  mp_store_global(MP_QSTR_dump, MP_OBJ_FROM_PTR(&dump_obj));
  mp_store_global(MP_QSTR_show, MP_OBJ_FROM_PTR(&show_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
