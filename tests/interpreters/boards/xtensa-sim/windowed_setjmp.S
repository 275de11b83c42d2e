// SPDX-License-Identifier: MIT
// setjmp and longjmp of the windowed ABI. jmp_buf holds of setjmp's caller: return address and stack pointer, and the
// words that window overflows saved for it, which frames since then may have overwritten: 4 below its own stack
// pointer, 4 in the frame of its caller.

	.text
	.literal_position
	.align	4
	.global	setjmp
	.type	setjmp, @function
setjmp:
	entry	a1, 48
	s32i	a0, a2, 0
	s32i	a1, a2, 4
	movi	a8, __xtensa_libgcc_window_spill
	callx8	a8
	addi	a3, a1, -16
	l32i	a4, a3, 0
	l32i	a5, a3, 4
	s32i	a4, a2, 8
	s32i	a5, a2, 12
	l32i	a4, a3, 8
	s32i	a4, a2, 16
	l32i	a4, a3, 12
	s32i	a4, a2, 20
	addi	a5, a5, -16
	l32i	a6, a5, 4 // stack pointer of the caller's caller
	addi	a6, a6, -32
	l32i	a4, a6, 0
	s32i	a4, a2, 24
	l32i	a4, a6, 4
	s32i	a4, a2, 28
	l32i	a4, a6, 8
	s32i	a4, a2, 32
	l32i	a4, a6, 12
	s32i	a4, a2, 36
	movi	a2, 0
	retw

	// Only our own window stays valid, with setjmp's stack pointer and return address: the return underflows, and
	// loads what is put into place here.
	.align	4
	.global	longjmp
	.type	longjmp, @function
longjmp:
	entry	a1, 48
	rsr	a4, windowbase
	ssl	a4
	movi	a5, 1
	sll	a5, a5
	wsr	a5, windowstart
	rsync
	l32i	a0, a2, 0
	l32i	a1, a2, 4
	addi	a7, a1, -16
	l32i	a4, a2, 8
	s32i	a4, a7, 0
	l32i	a5, a2, 12
	s32i	a5, a7, 4
	l32i	a4, a2, 16
	s32i	a4, a7, 8
	l32i	a4, a2, 20
	s32i	a4, a7, 12
	addi	a5, a5, -16
	l32i	a6, a5, 4
	addi	a6, a6, -32
	l32i	a4, a2, 24
	s32i	a4, a6, 0
	l32i	a4, a2, 28
	s32i	a4, a6, 4
	l32i	a4, a2, 32
	s32i	a4, a6, 8
	l32i	a4, a2, 36
	s32i	a4, a6, 12
	movi	a4, 1
	moveqz	a3, a4, a3
	mov	a2, a3
	retw
