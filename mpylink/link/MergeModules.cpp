// SPDX-License-Identifier: MIT
#include "link/MergeModules.h"

#include "link/Emit.h"
#include "mpy/Writer.h"

namespace mpylink::link {

std::optional<Linked> mergeAlone(const Inputs &inputs, const Options &options, Diag &diag) {
  if (options.map || options.report != ReportForm::None || options.maxText || options.maxRam) {
    diag.error("no-objects", {}, "there is no object file among the inputs",
               "only what is linked has a map, a report and a budget");
    return std::nullopt;
  }
  Linked result;
  if (inputs.modules.size() == 1)
    result.module = inputs.modules.front().module;
  else if (std::optional<mpy::Module> merged = mpy::merge(inputs.modules, options.mergedName, diag))
    result.module = std::move(*merged);
  else
    return std::nullopt;
  result.file = mpy::write(result.module);
  return readsBack(result.module, result.file, diag) ? std::optional(std::move(result))
                                                     : std::nullopt;
}

void mergeLinked(Linked &linked, const Inputs &inputs, const Options &options, Diag &diag) {
  std::vector<mpy::MergeInput> all = inputs.modules;
  all.insert(all.begin() + static_cast<std::ptrdiff_t>(inputs.modulesBefore),
             {inputs.objects.front()->name, linked.module});
  linked.merged = mpy::merge(all, options.mergedName, diag);
  if (!linked.merged)
    return;
  linked.file = mpy::write(*linked.merged);
  readsBack(*linked.merged, linked.file, diag);
}

} // namespace mpylink::link
