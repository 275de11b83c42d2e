// SPDX-License-Identifier: MIT
// Shapes in C++: virtual functions, two base classes, a template in two units, objects that are
// constructed before mpy_init runs, new and delete on MicroPython's heap.
#include "py/dynruntime.h"

#include "shapes.h"

// Constructed when the module is imported.
static List<Shape *> shapes;
static Rectangle unit(1, 1);

static mp_obj_t add(mp_obj_t width, mp_obj_t height, mp_obj_t is_triangle) {
  shapes.add(make(mp_obj_get_int(width), mp_obj_get_int(height), mp_obj_is_true(is_triangle)));
  return mp_obj_new_int(static_cast<mp_int_t>(shapes.size()));
}
static MP_DEFINE_CONST_FUN_OBJ_3(add_obj, add);

static mp_obj_t area() { return mp_obj_new_int(totalArea(shapes)); }
static MP_DEFINE_CONST_FUN_OBJ_0(area_obj, area);

// [(name, corners, area), ...], the newest first.
static mp_obj_t describe() {
  mp_obj_t list = mp_obj_new_list(0, nullptr);
  shapes.each([&](const Shape *shape) {
    mp_obj_t items[] = {
        mp_obj_new_str(shape->name, strlen(shape->name)),
        mp_obj_new_int(shape->corners()),
        mp_obj_new_int(shape->area()),
    };
    mp_obj_list_append(list, mp_obj_new_tuple(MP_ARRAY_SIZE(items), items));
  });
  return list;
}
static MP_DEFINE_CONST_FUN_OBJ_0(describe_obj, describe);

static mp_obj_t move(mp_obj_t dx, mp_obj_t dy) {
  Movable &movable = unit; // Another table than that of Shape.
  movable.move(mp_obj_get_int(dx), mp_obj_get_int(dy));
  mp_obj_t place[] = {mp_obj_new_int(unit.x), mp_obj_new_int(unit.y)};
  return mp_obj_new_tuple(2, place);
}
static MP_DEFINE_CONST_FUN_OBJ_2(move_obj, move);

static mp_obj_t clear() {
  shapes.each([](Shape *shape) { delete shape; });
  shapes.clear();
  return mp_obj_new_int(Shape::alive);
}
static MP_DEFINE_CONST_FUN_OBJ_0(clear_obj, clear);

extern "C" mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args) {
  MP_DYNRUNTIME_INIT_ENTRY
  mp_store_global(MP_QSTR_add, MP_OBJ_FROM_PTR(&add_obj));
  mp_store_global(MP_QSTR_area, MP_OBJ_FROM_PTR(&area_obj));
  mp_store_global(MP_QSTR_describe, MP_OBJ_FROM_PTR(&describe_obj));
  mp_store_global(MP_QSTR_move, MP_OBJ_FROM_PTR(&move_obj));
  mp_store_global(MP_QSTR_clear, MP_OBJ_FROM_PTR(&clear_obj));
  MP_DYNRUNTIME_INIT_EXIT
}
