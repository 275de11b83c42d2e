// SPDX-License-Identifier: MIT
// The make rule that -MF writes.
#pragma once

#include <string>
#include <vector>

namespace mpylink::tools {

/// `target` depends on `files`. Names are written so that make reads them as they are.
std::string makeRule(const std::string &target, const std::vector<std::string> &files);

} // namespace mpylink::tools
