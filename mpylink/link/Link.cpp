// SPDX-License-Identifier: MIT
// The pass list: this is where to start reading.
#include "link/Link.h"

#include "abi/Abi.h"
#include "link/Emit.h"
#include "link/MapFile.h"
#include "link/Passes.h"

namespace mpylink::link {

static uint64_t variablesInText(const Plan &plan) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < plan.segment.size(); ++i) {
    const Chunk &chunk = plan.program.chunks[i];
    if (plan.segment[i] == mpy::Segment::Text &&
        (chunk.content == Content::Data || chunk.content == Content::Zero))
      bytes += chunk.size;
  }
  return bytes;
}

std::optional<Linked> link(const Options &options, bool wantMap, Diag &diag) {
  // Objects, archives and symbol files are opened; one architecture comes out.
  const Inputs inputs = readInputs(options, diag);
  if (diag.hasErrors())
    return std::nullopt;

  // Names get meanings before anything is left out, as duplicate definitions are errors everywhere.
  const Resolved resolved = resolve(inputs, options, diag);
  if (diag.hasErrors())
    return std::nullopt;

  // Dead code asks for nothing: no GOT slot, no stub, and no message about what it lacks.
  const Live live = markLive(resolved, options);

  // From here on there are chunks and references, no sections and symbols.
  const Program program = mergeSections(live, diag);

  // Every relocation is understood or refused here, so the passes below cannot meet unknown ones.
  const Plan plan = scan(program, diag);
  if (diag.hasErrors())
    return std::nullopt;

  // The last point where sizes change.
  const Layout layout = layOut(plan, diag);
  if (diag.hasErrors())
    return std::nullopt;

  const Image image = relocate(layout, diag);
  if (diag.hasErrors())
    return std::nullopt;

  // The file is read back and compared before anybody sees it.
  std::optional<Linked> linked = emit(image, resolved, options, diag);
  if (linked && wantMap)
    linked->map = writeMap(layout, image);
  if (linked) {
    linked->gotSlots = layout.slots.size();
    linked->variablesInText = variablesInText(plan);
  }
  return linked;
}

} // namespace mpylink::link
