// SPDX-License-Identifier: MIT
// The part of GNU ld's language that libraries use: COMMAND ( words ), where only GROUP and INPUT
// name files. AS_NEEDED inside of them matters for shared libraries only.
#include "link/LinkerScript.h"

#include <cctype>
#include <optional>

namespace mpylink::link {

namespace {

class Tokens {
public:
  explicit Tokens(std::string_view text) : text(text) {}

  /// "(", ")" or a word without its quotes; empty at the end, and nothing where the text is no
  /// linker script.
  std::optional<std::string_view> next() {
    if (!skipBlanks())
      return std::nullopt;
    quoted = false;
    if (text.empty())
      return text;
    if (text[0] == '(' || text[0] == ')')
      return take(1);
    if (text[0] == '"') {
      const size_t end = text.find_first_of("\"\n", 1);
      if (end == std::string_view::npos || text[end] == '\n')
        return std::nullopt;
      quoted = true;
      const std::string_view word = take(end + 1);
      return word.substr(1, word.size() - 2);
    }
    size_t end = 0;
    while (end < text.size() && !endsWord(end))
      ++end;
    return take(end);
  }
  /// The word that next() returned was in quotes: no parenthesis or option.
  bool wasQuoted() const { return quoted; }

private:
  static bool isBlank(char c) {
    return std::isspace(static_cast<unsigned char>(c)) || c == ',' || c == ';';
  }
  bool endsWord(size_t at) const {
    const char c = text[at];
    return isBlank(c) || c == '(' || c == ')' || c == '"' || text.substr(at, 2) == "/*";
  }
  std::string_view take(size_t size) {
    const std::string_view token = text.substr(0, size);
    text.remove_prefix(size);
    return token;
  }
  /// False when a comment does not end, or a byte is none of a text.
  bool skipBlanks() {
    while (!text.empty())
      if (isBlank(text[0])) {
        take(1);
      } else if (text.starts_with("/*")) {
        const size_t end = text.find("*/", 2);
        if (end == std::string_view::npos)
          return false;
        take(end + 2);
      } else {
        break;
      }
    return text.empty() || std::isprint(static_cast<unsigned char>(text[0]));
  }

  std::string_view text;
  bool quoted = false;
};

ScriptInput input(std::string_view word, bool quoted) {
  if (!quoted && word.starts_with("-l") && word.size() > 2)
    return {std::string(word.substr(2)), true};
  // "Below the root of the target's files", which mpylink knows nothing of.
  for (const std::string_view root : {std::string_view("="), std::string_view("$SYSROOT")})
    if (word.starts_with(root))
      word.remove_prefix(root.size());
  return {std::string(word), false};
}

bool isCommand(std::string_view word) {
  for (const char c : word)
    if (!std::isupper(static_cast<unsigned char>(c)) && c != '_')
      return false;
  return !word.empty();
}

} // namespace

std::vector<ScriptInput> readLinkerScript(std::string_view text) {
  Tokens tokens(text);
  std::vector<ScriptInput> inputs;
  for (;;) {
    const auto command = tokens.next();
    if (!command || (!command->empty() && (tokens.wasQuoted() || !isCommand(*command))))
      return {};
    if (command->empty())
      return inputs;
    const bool lists = *command == "GROUP" || *command == "INPUT";
    if (tokens.next() != "(")
      return {};
    for (unsigned depth = 1; depth != 0;) {
      const auto word = tokens.next();
      if (!word || word->empty())
        return {};
      const bool quoted = tokens.wasQuoted();
      if (!quoted && *word == "(")
        ++depth;
      else if (!quoted && *word == ")")
        --depth;
      else if (lists && (quoted || *word != "AS_NEEDED"))
        inputs.push_back(input(*word, quoted));
    }
  }
}

} // namespace mpylink::link
