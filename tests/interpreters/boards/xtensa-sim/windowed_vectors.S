// SPDX-License-Identifier: MIT
// What happens when the register windows run over or under, and the report of every other exception.

	.section .vectors, "ax"
	.begin no-transform

	.org	0x00 // overflow of a call4 frame
	s32e	a0, a5, -16
	s32e	a1, a5, -12
	s32e	a2, a5, -8
	s32e	a3, a5, -4
	rfwo

	.org	0x40
underflow4:
	l32e	a0, a5, -16
	l32e	a1, a5, -12
	l32e	a2, a5, -8
	l32e	a3, a5, -4
	rfwu

	.org	0x80 // overflow of a call8 frame
	s32e	a0, a9, -16
	l32e	a0, a1, -12
	s32e	a1, a9, -12
	s32e	a2, a9, -8
	s32e	a3, a9, -4
	s32e	a4, a0, -32
	s32e	a5, a0, -28
	s32e	a6, a0, -24
	s32e	a7, a0, -20
	rfwo

	.org	0xc0
underflow8:
	l32e	a0, a9, -16
	l32e	a1, a9, -12
	l32e	a2, a9, -8
	l32e	a7, a1, -12
	l32e	a3, a9, -4
	l32e	a4, a7, -32
	l32e	a5, a7, -28
	l32e	a6, a7, -24
	l32e	a7, a7, -20
	rfwu

	.org	0x100 // overflow of a call12 frame
	s32e	a0, a13, -16
	l32e	a0, a1, -12
	s32e	a1, a13, -12
	s32e	a2, a13, -8
	s32e	a3, a13, -4
	s32e	a4, a0, -48
	s32e	a5, a0, -44
	s32e	a6, a0, -40
	s32e	a7, a0, -36
	s32e	a8, a0, -32
	s32e	a9, a0, -28
	s32e	a10, a0, -24
	s32e	a11, a0, -20
	rfwo

	.org	0x140
underflow12:
	l32e	a0, a13, -16
	l32e	a1, a13, -12
	l32e	a2, a13, -8
	l32e	a11, a1, -12
	l32e	a3, a13, -4
	l32e	a4, a11, -48
	l32e	a5, a11, -44
	l32e	a6, a11, -40
	l32e	a7, a11, -36
	l32e	a8, a11, -32
	l32e	a9, a11, -28
	l32e	a10, a11, -24
	l32e	a11, a11, -20
	rfwu

	.org	0x300 // kernel
	j	exception
	.org	0x340 // user
	j	exception
	.org	0x3c0 // double
	j	report

	.org	0x400
stack:	.word	_stack_top
status:	.word	0x4000f // windowed calls work, interrupts are off
handler: .word	exception_caught

exception:
	wsr	a0, excsave1
	rsr	a0, exccause
	bnei	a0, 5, report

	// alloca() of a function whose caller's registers are in memory. An underflow brings them back; then movsp,
	// which we return to, works.
	rsr	a0, windowbase
	rotw	-1
	rsr	a2, ps
	extui	a3, a2, 8, 4
	xor	a3, a3, a4
	slli	a3, a3, 8
	xor	a2, a2, a3
	wsr	a2, ps
	rsr	a4, excsave1
	rsync
	bbci	a4, 31, 1f
	rotw	-1
	bbci	a8, 30, 2f
	rotw	-1
	j	underflow12
2:	j	underflow8
1:	j	underflow4

report:
	movi	a2, 0
	wsr	a2, windowbase
	rsync
	movi	a2, 1
	wsr	a2, windowstart
	rsync
	_l32r	a1, stack
	_l32r	a2, status
	wsr	a2, ps
	rsync
	rsr	a10, exccause
	rsr	a11, epc1
	rsr	a12, excvaddr
	rsr	a13, excsave1
	_l32r	a8, handler
	callx8	a8
	.end no-transform
