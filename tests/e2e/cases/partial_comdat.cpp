// SPDX-License-Identifier: MIT
// The C++ of comdat.cpp after the ordinary linker has put its objects together (ld -r).
//# PARTIAL
//# OBJECT: -DOTHER
//# CFLAGS: -std=c++17
//# MATRIX: one
//# RUN: m.here(5) => 15
//# RUN: m.there(5) => 25
//# RUN: m.variable(4) => 54
//# RUN: m.same(0) => 1
//# RUN: m.only_here(3) => 9
#include "comdat.cpp"
