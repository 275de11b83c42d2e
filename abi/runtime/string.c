// SPDX-License-Identifier: MIT
// <string.h>, as far as the firmware does not offer it (memcpy, memmove and memset it does). Made
// to be small.
#include "runtime.h"

RUNTIME int memcmp(const void *a, const void *b, size_t n) {
  const unsigned char *p = (const unsigned char *)a, *q = (const unsigned char *)b;
  for (; n != 0; --n, ++p, ++q) {
    if (*p != *q) {
      return *p - *q;
    }
  }
  return 0;
}

// What clang makes of a memcmp() that is compared with 0.
RUNTIME int bcmp(const void *a, const void *b, size_t n) { return memcmp(a, b, n); }

RUNTIME void *memchr(const void *memory, int c, size_t n) {
  for (const unsigned char *p = (const unsigned char *)memory; n != 0; --n, ++p) {
    if (*p == (unsigned char)c) {
      return (void *)(uintptr_t)p;
    }
  }
  return NULL;
}

RUNTIME size_t strnlen(const char *s, size_t n) {
  size_t length = 0;
  while (length < n && s[length] != '\0') {
    ++length;
  }
  return length;
}

RUNTIME size_t strlen(const char *s) {
  const char *end = s;
  while (*end != '\0') {
    ++end;
  }
  return (size_t)(end - s);
}

RUNTIME int strncmp(const char *a, const char *b, size_t n) {
  for (; n != 0; --n, ++a, ++b) {
    if (*a != *b || *a == '\0') {
      return (unsigned char)*a - (unsigned char)*b;
    }
  }
  return 0;
}

RUNTIME int strcmp(const char *a, const char *b) { return strncmp(a, b, SIZE_MAX / 2); }

RUNTIME char *strncpy(char *dest, const char *src, size_t n) {
  size_t i = 0;
  for (; i < n && src[i] != '\0'; ++i) {
    dest[i] = src[i];
  }
  for (; i < n; ++i) {
    dest[i] = '\0';
  }
  return dest;
}

RUNTIME char *strcpy(char *dest, const char *src) {
  return (char *)mp_fun_table.memmove_(dest, src, strlen(src) + 1);
}

RUNTIME char *strcat(char *dest, const char *src) {
  strcpy(dest + strlen(dest), src);
  return dest;
}

RUNTIME char *strncat(char *dest, const char *src, size_t n) {
  char *const end = dest + strlen(dest);
  const size_t length = strnlen(src, n);
  mp_fun_table.memmove_(end, src, length);
  end[length] = '\0';
  return dest;
}

RUNTIME char *strchr(const char *s, int c) {
  for (;; ++s) {
    if (*s == (char)c) {
      return (char *)(uintptr_t)s;
    }
    if (*s == '\0') {
      return NULL;
    }
  }
}

RUNTIME char *strrchr(const char *s, int c) {
  for (const char *p = s + strlen(s);; --p) {
    if (*p == (char)c) {
      return (char *)(uintptr_t)p;
    }
    if (p == s) {
      return NULL;
    }
  }
}

RUNTIME size_t strspn(const char *s, const char *accept) {
  size_t length = 0;
  while (s[length] != '\0' && strchr(accept, s[length]) != NULL) {
    ++length;
  }
  return length;
}

RUNTIME size_t strcspn(const char *s, const char *reject) {
  size_t length = 0;
  while (s[length] != '\0' && strchr(reject, s[length]) == NULL) {
    ++length;
  }
  return length;
}

RUNTIME char *strpbrk(const char *s, const char *accept) {
  s += strcspn(s, accept);
  return *s == '\0' ? NULL : (char *)(uintptr_t)s;
}

RUNTIME char *strstr(const char *s, const char *part) {
  const size_t length = strlen(part);
  for (; strncmp(s, part, length) != 0; ++s) {
    if (*s == '\0') {
      return NULL;
    }
  }
  return (char *)(uintptr_t)s;
}

RUNTIME int strcoll(const char *a, const char *b) { return strcmp(a, b); }

RUNTIME int strncasecmp(const char *a, const char *b, size_t n) {
  for (; n != 0; --n, ++a, ++b) {
    const int difference = tolower((unsigned char)*a) - tolower((unsigned char)*b);
    if (difference != 0 || *a == '\0') {
      return difference;
    }
  }
  return 0;
}

RUNTIME int strcasecmp(const char *a, const char *b) { return strncasecmp(a, b, SIZE_MAX / 2); }

RUNTIME char *strtok_r(char *s, const char *separators, char **rest) {
  s = s == NULL ? *rest : s;
  s += strspn(s, separators);
  char *const end = s + strcspn(s, separators);
  *rest = end + (*end != '\0');
  *end = '\0';
  return end == s ? NULL : s;
}

static char *token_rest;
RUNTIME char *strtok(char *s, const char *separators) {
  return strtok_r(s, separators, &token_rest);
}

RUNTIME char *strndup(const char *s, size_t n) {
  const size_t length = strnlen(s, n);
  char *copy = (char *)malloc(length + 1);
  if (copy != NULL) {
    mp_fun_table.memmove_(copy, s, length);
    copy[length] = '\0';
  }
  return copy;
}

RUNTIME char *strdup(const char *s) { return strndup(s, SIZE_MAX / 2); }

// The number alone: the texts would take more room than the rest of this file.
RUNTIME char *strerror(int number) {
  static char text[24];
  char digits[12];
  char *start = digits + sizeof(digits) - 1;
  uint64_t value = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
  *start = '\0';
  do {
    *--start = (char)('0' + mpy_divide(&value, 10));
  } while (value != 0);
  strcat(strcpy(text, number < 0 ? "error -" : "error "), start);
  return text;
}
