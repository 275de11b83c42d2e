// SPDX-License-Identifier: MIT
// Entry, calls of the host and the collector's look at the registers, for the windowed ABI.

#define PS_WINDOWED 0x40000 // overflow and underflow exceptions on, interrupts on, no exception in progress

	.section .reset, "ax"
	.begin no-transform
	j	1f
	.align	4
0:	.word	_start
1:	_l32r	a0, 0b
	jx	a0
	.end no-transform

	.text
	.literal_position
	.align	4
	.global	_start
_start:
	movi	a2, 0
	wsr	a2, windowbase
	rsync
	movi	a2, 1
	wsr	a2, windowstart
	movi	a2, _vectors
	wsr	a2, vecbase
	movi	a2, 0xff
	wsr	a2, cpenable
	movi	a2, PS_WINDOWED
	wsr	a2, ps
	rsync
	movi	a0, 0
	movi	a1, _stack_top
	movi	a6, 0
	movi	a7, 0
	movi	a5, main
	callx8	a5

	.align	4
	.global	host_call
	.type	host_call, @function
host_call:
	entry	a1, 32
	.byte	0x00, 0x51, 0x00 // simcall, which this core's assembler only knows with an operand
	retw

	.align	4
	.global	gc_helper_get_regs_and_sp
	.type	gc_helper_get_regs_and_sp, @function
gc_helper_get_regs_and_sp:
	entry	a1, 48
	movi	a8, __xtensa_libgcc_window_spill
	callx8	a8
	mov	a2, a1 // all registers of the callers lie above
	retw
