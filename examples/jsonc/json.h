// SPDX-License-Identifier: MIT
// JSON texts as trees, in ordinary C that knows nothing of MicroPython.
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
  JSON_NULL,
  JSON_FALSE,
  JSON_TRUE,
  JSON_NUMBER,
  JSON_STRING,
  JSON_ARRAY,
  JSON_OBJECT
} json_kind_t;

typedef struct json {
  json_kind_t kind;
  char *name;            // in an object
  struct json *next;     // in an array or object
  struct json *children; // of an array or object
  char *text;            // of a string, in UTF-8, or of a number
} json_t;

// The tree of a text, or NULL: then json_error tells what is wrong, and json_error_at at which
// byte.
json_t *json_parse(const char *text);
extern const char *json_error;
extern size_t json_error_at;

// Frees a tree (a NULL as well).
void json_free(json_t *value);

// A new text: in one line, or with so many spaces for each level. To be freed; NULL without memory.
char *json_print(const json_t *value, unsigned indent);

// The value at a path such as "list[2].name", or NULL.
json_t *json_find(json_t *value, const char *path);

// How many values there are in a tree, its root included.
size_t json_count(const json_t *value);

#endif
