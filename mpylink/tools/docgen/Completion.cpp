// SPDX-License-Identifier: MIT
// A bash function that completes options, their values, and names of files. It needs nothing of the
// bash-completion package.
#include "Tools.h"

#include "llvm/ADT/StringExtras.h"

namespace mpylink::tools {

namespace {

/// Patterns of the words after which a value comes, as `case` has them; with "=" where that
/// follows.
std::string spellings(const OptionDoc &option) {
  const std::string joined = option.name + "= | -" + option.name + "=";
  return option.joined ? joined : option.name + " | -" + option.name + " | " + joined;
}

std::string valueOf(const OptionDoc &option) {
  if (!option.choices.empty())
    return "compgen -W \"" + llvm::join(option.choices, " ") + "\" -- \"$word\"";
  if (option.value == "FILE")
    return "compgen -f -- \"$word\"";
  if (option.value == "FOLDER")
    return "compgen -d -- \"$word\"";
  return ":"; // Nobody knows.
}

} // namespace

std::string bashCompletion(const ToolDoc &tool) {
  std::string names, values;
  for (const OptionDoc &option : tool.options) {
    names += (names.empty() ? "" : " ") + option.name;
    if (option.joined)
      names += "=";
    if (!option.value.empty())
      values += "    " + spellings(option) + ") found=$(" + valueOf(option) + ") ;;\n";
  }
  std::string files;
  for (const std::string &extension : tool.inputs)
    files += (files.empty() ? "" : "|") + extension;
  const std::string function = "_" + tool.name;
  return "# Made from the table of options of " + tool.name + ". For bash.\n" + function +
         "() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} found\n"
         "  # bash makes words of their own of \"=\" and what follows.\n"
         "  if [[ $word == \"=\" ]]; then\n"
         "    word= before+=\"=\"\n"
         "  elif [[ $before == \"=\" ]]; then\n"
         "    before=${COMP_WORDS[COMP_CWORD - 2]}=\n"
         "  fi\n"
         "  case $before in\n" +
         values +
         "    *)\n"
         "      if [[ $word == --* ]]; then\n"
         "        found=$(compgen -P - -W \"" +
         names +
         "\" -- \"${word#-}\")\n"
         "      elif [[ $word == -* ]]; then\n"
         "        found=$(compgen -W \"" +
         names +
         "\" -- \"$word\")\n"
         "      else\n"
         "        found=$(shopt -s extglob; compgen -f -X '!*.@(" +
         files +
         ")' -- \"$word\"; compgen -d -S / -- \"$word\")\n"
         "      fi\n"
         "      ;;\n"
         "  esac\n"
         "  mapfile -t COMPREPLY <<<\"$found\"\n"
         "  [[ -n $found ]] || COMPREPLY=()\n"
         "  # A value or the rest of a path follows without a blank.\n"
         "  [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *[=/] ]] || compopt -o nospace "
         "2>/dev/null\n"
         "  return 0\n"
         "}\n"
         "complete -F " +
         function + " " + tool.name + "\n";
}

} // namespace mpylink::tools
