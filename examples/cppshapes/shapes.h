// SPDX-License-Identifier: MIT
#pragma once

#include <stddef.h>

class Shape {
public:
  explicit Shape(const char *name) : name(name) { ++alive; }
  virtual ~Shape() { --alive; }
  virtual int area() const = 0;
  virtual int corners() const { return 4; }

  const char *const name;
  static int alive; ///< Shapes that exist.
};

/// A second base class, so that there are two tables of virtual functions.
struct Movable {
  virtual void move(int dx, int dy) = 0;
};

class Rectangle : public Shape, public Movable {
public:
  Rectangle(int width, int height) : Shape("rectangle"), width(width), height(height) {}
  int area() const override { return width * height; }
  void move(int dx, int dy) override {
    x += dx;
    y += dy;
  }
  int x = 0, y = 0;

private:
  int width, height;
};

class Triangle final : public Shape {
public:
  Triangle(int base, int height) : Shape("triangle"), base(base), height(height) {}
  int area() const override;
  int corners() const override { return 3; }

private:
  int base, height;
};

/// A list without a library. Both units use it, the module has it once.
template <typename T> class List {
public:
  ~List() { clear(); }
  void add(T value) {
    last = new Node{value, last};
    ++count;
  }
  void clear() {
    while (last != nullptr) {
      Node *const node = last;
      last = node->next;
      delete node;
    }
    count = 0;
  }
  template <typename Function> void each(Function function) const {
    for (Node *node = last; node != nullptr; node = node->next)
      function(node->value);
  }
  size_t size() const { return count; }

private:
  struct Node {
    T value;
    Node *next;
  };
  Node *last = nullptr;
  size_t count = 0;
};

inline int calls = 0; ///< One variable for both units.

Shape *make(int width, int height, bool isTriangle);
int totalArea(const List<Shape *> &shapes);
