# SPDX-License-Identifier: MIT
# A board for MicroPython's qemu port: QEMU's virt machine with a 64-bit RISC-V core, and the soft-float ABI that
# modules have.
QEMU_ARCH = riscv64
QEMU_MACHINE = virt
CROSS_COMPILE = riscv64-unknown-elf-

# The older ISA specification has the control registers in the base set; Debian 12's GCC has no multilib with zicsr.
AFLAGS += -march=rv64imac -mabi=lp64 -misa-spec=2.2
# Ours comes first; the port's own configuration is for 32 bits.
INC += -I$(BOARD_DIR)
CFLAGS += $(AFLAGS) -mcmodel=medany -DQEMU_SOC_VIRT -DMICROPY_HW_MCU_NAME='"rv64imac"'
LDFLAGS += $(AFLAGS) -nostartfiles
LDSCRIPT = $(BOARD_DIR)/virt.ld

vpath %.c $(BOARD_DIR)
vpath %.S $(BOARD_DIR)
SRC_BOARD_O = start.o machine.o shared/runtime/gchelper_native.o shared/runtime/gchelper_rv64i.o
