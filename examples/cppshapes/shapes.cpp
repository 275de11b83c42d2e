// SPDX-License-Identifier: MIT
#include "shapes.h"

int Shape::alive = 0;

int Triangle::area() const { return base * height / 2; }

Shape *make(int width, int height, bool isTriangle) {
  ++calls;
  if (isTriangle)
    return new Triangle(width, height);
  return new Rectangle(width, height);
}

int totalArea(const List<Shape *> &shapes) {
  static int calculations = 0; // Stays between the calls.
  ++calculations;
  ++calls;
  int sum = 0;
  shapes.each([&](const Shape *shape) { sum += shape->area(); });
  return sum * 100 + calculations;
}
