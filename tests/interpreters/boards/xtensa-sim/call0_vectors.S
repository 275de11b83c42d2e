// SPDX-License-Identifier: MIT
// The exception vectors of QEMU's lx106: window and debug vectors are not used.

	.section .vectors, "ax"
	.begin no-transform
	.org	0x30 // kernel
	j	report
	.org	0x50 // user
	j	report
	.org	0x70 // double
	j	report
	.org	0x80
stack:	.word	_stack_top
handler: .word	exception_caught
report:
	rsr	a2, exccause
	rsr	a3, epc1
	rsr	a4, excvaddr
	mov	a5, a0
	_l32r	a1, stack
	movi	a6, 0x20
	wsr	a6, ps
	rsync
	_l32r	a0, handler
	jx	a0
	.end no-transform
