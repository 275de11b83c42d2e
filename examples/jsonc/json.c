// SPDX-License-Identifier: MIT
// A parser by recursive descent, and a printer.
#include "json.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 20 };

const char *json_error;
size_t json_error_at;

static const char *start, *at; // the text, and the place in it

static json_t *parse_value(unsigned depth);

static void *fail(const char *message) {
  if (json_error == NULL) {
    json_error = message;
    json_error_at = (size_t)(at - start);
  }
  return NULL;
}

static void skip_spaces(void) {
  while (*at != '\0' && strchr(" \t\r\n", *at) != NULL) {
    ++at;
  }
}

static bool accept(char c) {
  skip_spaces();
  if (*at != c) {
    return false;
  }
  ++at;
  return true;
}

void json_free(json_t *value) {
  while (value != NULL) {
    json_t *const next = value->next;
    json_free(value->children);
    free(value->name);
    free(value->text);
    free(value);
    value = next;
  }
}

/*------------------------------------------------------------------------------------------------*/
// Text that grows.

typedef struct {
  char *text;
  size_t length, room;
} text_t;

static bool add(text_t *to, const char *text, size_t length) {
  if (to->length + length + 1 > to->room) {
    const size_t room = 2 * (to->length + length) + 16;
    char *larger = realloc(to->text, room);
    if (larger == NULL) {
      free(to->text);
      *to = (text_t){NULL, 0, 0};
      return false;
    }
    to->text = larger;
    to->room = room;
  }
  memcpy(to->text + to->length, text, length);
  to->length += length;
  to->text[to->length] = '\0';
  return true;
}

static bool add_string(text_t *to, const char *text) { return add(to, text, strlen(text)); }

/*------------------------------------------------------------------------------------------------*/
// Parsing

// The character of a \u escape as UTF-8; surrogates stand alone.
static bool add_code(text_t *to, unsigned long code) {
  char bytes[3];
  size_t length = 0;
  if (code < 0x80) {
    bytes[length++] = (char)code;
  } else {
    if (code < 0x800) {
      bytes[length++] = (char)(0xc0 | code >> 6);
    } else {
      bytes[length++] = (char)(0xe0 | code >> 12);
      bytes[length++] = (char)(0x80 | (code >> 6 & 0x3f));
    }
    bytes[length++] = (char)(0x80 | (code & 0x3f));
  }
  return add(to, bytes, length);
}

static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t"; // as they are written, and what they are

static bool parse_escape(text_t *to) {
  if (*at == 'u') {
    char digits[5] = {0};
    strncpy(digits, at + 1, 4);
    char *end;
    const unsigned long code = strtoul(digits, &end, 16);
    if (end != digits + 4 || !isxdigit((unsigned char)digits[0]) || code == 0) {
      fail("bad \\u escape");
      return false;
    }
    at += 5;
    return add_code(to, code);
  }
  for (const char *known = escapes; *known != '\0'; known += 2) {
    if (*known == *at) {
      ++at;
      return add(to, known + 1, 1);
    }
  }
  fail("unknown escape");
  return false;
}

static char *parse_string(void) {
  text_t text = {NULL, 0, 0};
  if (!add(&text, "", 0)) {
    return fail("no memory");
  }
  for (;;) {
    const size_t plain = strcspn(at, "\"\\\n");
    if (!add(&text, at, plain)) {
      return fail("no memory");
    }
    at += plain;
    if (*at == '"') {
      ++at;
      return text.text;
    }
    if (*at != '\\') {
      free(text.text);
      return fail("string without an end");
    }
    ++at;
    if (!parse_escape(&text)) {
      free(text.text);
      return fail("no memory");
    }
  }
}

// The items up to a closing bracket.
static bool parse_items(json_t *parent, char close, unsigned depth) {
  json_t **last = &parent->children;
  if (accept(close)) {
    return true;
  }
  do {
    char *name = NULL;
    if (parent->kind == JSON_OBJECT) {
      if (!accept('"')) {
        return fail("a name is needed") != NULL;
      }
      name = parse_string();
      if (name == NULL) {
        return false;
      }
      if (!accept(':')) {
        free(name);
        return fail("':' is needed") != NULL;
      }
    }
    json_t *item = parse_value(depth + 1);
    if (item == NULL) {
      free(name);
      return false;
    }
    item->name = name;
    *last = item;
    last = &item->next;
  } while (accept(','));
  return accept(close) ||
         fail(close == ']' ? "',' or ']' is needed" : "',' or '}' is needed") != NULL;
}

static bool parse_number(json_t *value) {
  char *end;
  strtod(at, &end);
  const size_t length = (size_t)(end - at);
  // strtod also takes what JSON does not: 0x1f, inf, nan, .5, 01.
  if (length == 0 || strspn(at, "0123456789+-.eE") < length || !isdigit((unsigned char)end[-1])) {
    return fail("a value is needed") != NULL;
  }
  const char *digits = at + (*at == '-');
  if (!isdigit((unsigned char)digits[0]) ||
      (digits[0] == '0' && isdigit((unsigned char)digits[1]))) {
    return fail("bad number") != NULL;
  }
  value->text = strndup(at, length);
  at = end;
  return value->text != NULL || fail("no memory") != NULL;
}

static bool parse_content(json_t *value, unsigned depth) {
  static const struct {
    const char *text;
    json_kind_t kind;
  } words[] = {{"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); ++i) {
    const size_t length = strlen(words[i].text);
    if (strncmp(at, words[i].text, length) == 0) {
      at += length;
      value->kind = words[i].kind;
      return true;
    }
  }
  switch (*at) {
  case '"':
    ++at;
    value->kind = JSON_STRING;
    value->text = parse_string();
    return value->text != NULL;
  case '[':
    ++at;
    value->kind = JSON_ARRAY;
    return parse_items(value, ']', depth);
  case '{':
    ++at;
    value->kind = JSON_OBJECT;
    return parse_items(value, '}', depth);
  default:
    value->kind = JSON_NUMBER;
    return parse_number(value);
  }
}

static json_t *parse_value(unsigned depth) {
  skip_spaces();
  if (depth > DEEPEST) {
    return fail("nested too deeply");
  }
  json_t *value = calloc(1, sizeof(json_t));
  if (value == NULL) {
    return fail("no memory");
  }
  if (!parse_content(value, depth)) {
    json_free(value);
    return NULL;
  }
  return value;
}

json_t *json_parse(const char *text) {
  start = at = text;
  json_error = NULL;
  json_t *value = parse_value(0);
  if (value != NULL) {
    skip_spaces();
    if (*at != '\0') {
      json_free(value);
      return fail("more than one value");
    }
  }
  return value;
}

/*------------------------------------------------------------------------------------------------*/
// Printing

static bool print_string(text_t *to, const char *text) {
  bool done = add_string(to, "\"");
  for (; *text != '\0'; ++text) {
    char escape[8];
    const char *known = escapes;
    while (*known != '\0' && (known[1] != *text || *text == '/')) {
      known += 2;
    }
    if (*known != '\0') {
      snprintf(escape, sizeof(escape), "\\%c", *known);
    } else {
      snprintf(escape, sizeof(escape), (unsigned char)*text < ' ' ? "\\u%04x" : "%c", *text);
    }
    done = done && add_string(to, escape);
  }
  return done && add_string(to, "\"");
}

static bool print_line(text_t *to, unsigned indent, unsigned depth) {
  char line[2 + 8 * (DEEPEST + 1)];
  snprintf(line, sizeof(line), "\n%*s", (int)(indent * depth), "");
  return indent == 0 || add_string(to, line);
}

static bool print_value(text_t *to, const json_t *value, unsigned indent, unsigned depth) {
  static const char *const fixed[] = {"null", "false", "true"};
  if (value->kind <= JSON_TRUE) {
    return add_string(to, fixed[value->kind]);
  }
  if (value->kind == JSON_NUMBER) {
    return add_string(to, value->text);
  }
  if (value->kind == JSON_STRING) {
    return print_string(to, value->text);
  }
  const bool is_object = value->kind == JSON_OBJECT;
  bool done = add_string(to, is_object ? "{" : "[");
  for (const json_t *item = value->children; item != NULL && done; item = item->next) {
    done = print_line(to, indent, depth + 1);
    if (is_object) {
      done = done && print_string(to, item->name) && add_string(to, indent == 0 ? ":" : ": ");
    }
    done = done && print_value(to, item, indent, depth + 1);
    done = done && (item->next == NULL || add_string(to, ","));
  }
  done = done && (value->children == NULL || print_line(to, indent, depth));
  return done && add_string(to, is_object ? "}" : "]");
}

char *json_print(const json_t *value, unsigned indent) {
  text_t text = {NULL, 0, 0};
  if (!print_value(&text, value, indent < 8 ? indent : 8, 0)) {
    free(text.text);
    return NULL;
  }
  return text.text;
}

/*------------------------------------------------------------------------------------------------*/
// Looking around

json_t *json_find(json_t *value, const char *path) {
  while (*path != '\0' && value != NULL) {
    if (*path == '[') {
      char *end;
      errno = 0;
      long index = strtol(path + 1, &end, 10);
      if (*end != ']' || errno != 0 || index < 0 || value->kind != JSON_ARRAY) {
        return NULL;
      }
      for (value = value->children; value != NULL && index > 0; --index) {
        value = value->next;
      }
      path = end + 1;
    } else {
      path += *path == '.';
      const size_t length = strcspn(path, ".[");
      json_t *item = value->kind == JSON_OBJECT ? value->children : NULL;
      while (item != NULL &&
             (strlen(item->name) != length || memcmp(item->name, path, length) != 0)) {
        item = item->next;
      }
      value = item;
      path += length;
    }
  }
  return value;
}

size_t json_count(const json_t *value) {
  size_t count = 1;
  for (const json_t *item = value->children; item != NULL; item = item->next) {
    count += json_count(item);
  }
  return count;
}
