// SPDX-License-Identifier: MIT
// The passes, in the order in which Link.cpp calls them. Problems go to `diag`; a pass goes on
// after one as long as its result makes sense, so that one run reports as many as possible.
#pragma once

#include "link/Stages.h"

namespace mpylink::link {

/// Opens every file, reads the objects, and settles the architecture.
Inputs readInputs(const Options &options, Diag &diag);

/// Gives every symbol its meaning by ELF's rules, extracting archive members until nothing changes.
Resolved resolve(const Inputs &inputs, const Options &options, Diag &diag);

/// Finds the sections that can be reached from the entry.
Live markLive(const Resolved &resolved, const Options &options);

/// Cuts mergeable sections into pieces, keeps one of equal ones, and looks up every relocation.
Program mergeSections(const Live &live, Diag &diag);

/// Understands or refuses every relocation; decides GOT slots, stubs and segments.
Plan scan(const Program &program, Diag &diag);

/// Assigns addresses.
Layout layOut(const Plan &plan, Diag &diag);

/// Fills in every field and lists the words that the loader must relocate.
Image relocate(const Layout &layout, Diag &diag);

/// The content of a section by its flags and type.
Content contentOf(const elf::Section &section, const arch::Arch &arch);

} // namespace mpylink::link
