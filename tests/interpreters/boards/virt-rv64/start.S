// SPDX-License-Identifier: MIT
// The machine starts here, in machine mode, with zeroed memory; and comes here on every exception.

	.section .start, "ax"
	.global	_start
_start:
	.option	push
	.option	norelax
	la	gp, __global_pointer$
	.option	pop
	la	t0, exception
	csrw	mtvec, t0
	la	sp, _stack_top
	li	a0, 0
	li	a1, 0
	call	main

	.align	2
exception:
	csrr	a0, mcause
	csrr	a1, mepc
	csrr	a2, mtval
	mv	a3, ra
	la	sp, _stack_top
	tail	exception_caught
