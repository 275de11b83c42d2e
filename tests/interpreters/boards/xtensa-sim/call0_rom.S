// SPDX-License-Identifier: MIT
// A boot ROM like an ESP8266's: the functions that modules may be linked against by address, each a jump to ours.

	.macro	rom_function address, name
	.pushsection .rom.literal, "a"
.Lliteral_\name:
	.word	\name
	.popsection
	.org	\address - 0x40000400
	_l32r	a9, .Lliteral_\name
	jx	a9
	.endm

	.section .rom.text, "ax"
	.begin no-transform
#include "call0_rom.inc"
	.end no-transform
