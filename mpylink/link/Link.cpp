// SPDX-License-Identifier: MIT
// The pass list: this is where to start reading.
#include "link/Link.h"

#include "abi/Abi.h"
#include "link/Discarded.h"
#include "link/Emit.h"
#include "link/MapFile.h"
#include "link/MergeModules.h"
#include "link/Passes.h"
#include "link/Report.h"
#include "link/TraceSymbols.h"
#include "link/WhyLive.h"

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

/// What only some links ask for. A module that is too large is an error.
static void tell(const Options &options, const Layout &layout, const Image &image, Linked &linked,
                 std::string &listing, Diag &diag) {
  const bool wantReport = options.report != ReportForm::None || options.maxText || options.maxRam;
  if (!options.map && !wantReport)
    return;
  const Contents contents(layout);
  if (options.map)
    linked.map = writeMap(contents, layout, image);
  if (!wantReport)
    return;
  const Report report = makeReport(contents, layout, linked);
  if (options.report != ReportForm::None)
    listing += options.report == ReportForm::Json ? toJson(report) : toText(report);
  checkBudgets(report, options, diag);
}

std::optional<Linked> link(const Options &options, std::string &listing, Diag &diag) {
  // Objects, archives and symbol files are opened; one architecture comes out.
  const Inputs inputs = readInputs(options, diag);
  if (diag.hasErrors())
    return std::nullopt;

  if (inputs.objects.empty())
    return mergeAlone(inputs, options, diag);

  // Names get meanings before anything is left out, as duplicate definitions are errors everywhere.
  const Resolved resolved = resolve(inputs, options, diag);
  listing += traceSymbols(resolved, options.traceSymbols);
  if (diag.hasErrors())
    return std::nullopt;

  // Dead code asks for nothing: no GOT slot, no stub, and no message about what it lacks.
  const Live live = markLive(resolved, options);
  if (options.printGcSections)
    listing += gcListing(live);
  listing += whyLive(live, options.whyLive);

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
  if (!linked)
    return std::nullopt;
  linked->gotSlots = layout.slots.size();
  linked->variablesInText = variablesInText(plan);
  if (!inputs.modules.empty())
    mergeLinked(*linked, inputs, options, diag);
  tell(options, layout, image, *linked, listing, diag);
  return diag.hasErrors() ? std::nullopt : std::move(linked);
}

} // namespace mpylink::link
