// SPDX-License-Identifier: MIT
// Entry, calls of the host and the collector's look at the registers, for the call0 ABI.

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
	movi	a1, _stack_top
	movi	a2, 0x20
	wsr	a2, ps
	rsync
	movi	a2, 0
	movi	a3, 0
	movi	a0, main
	jx	a0

	.align	4
	.global	host_call
	.type	host_call, @function
host_call:
	simcall
	ret

	.align	4
	.global	gc_helper_get_regs_and_sp
	.type	gc_helper_get_regs_and_sp, @function
gc_helper_get_regs_and_sp:
	s32i	a12, a2, 0
	s32i	a13, a2, 4
	s32i	a14, a2, 8
	s32i	a15, a2, 12
	mov	a2, a1
	ret
