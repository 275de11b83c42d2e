// SPDX-License-Identifier: MIT
// How the options of all our tools are spelt: one or two dashes, and "=" or a blank before the value.
include "llvm/Option/OptParser.td"

class F<string name, string help> : Flag<["-", "--"], name>, HelpText<help>;
multiclass J<string name, string meta, string help> {
  def NAME : JoinedOrSeparate<["-"], name>, MetaVarName<meta>, HelpText<help>;
  def NAME # _eq : Joined<["-"], name # "=">, Alias<!cast<JoinedOrSeparate>(NAME)>;
}
multiclass Value<string name, string meta, string help> {
  def NAME : Separate<["-", "--"], name>, MetaVarName<meta>, HelpText<help>;
  def NAME # _eq : Joined<["-", "--"], name # "=">, Alias<!cast<Separate>(NAME)>;
}
