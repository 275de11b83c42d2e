# SPDX-License-Identifier: MIT
# A board for MicroPython's qemu port: QEMU's MPS2 machines whose core has an FPU. CPU, FPU and QEMU_MACHINE
# come from make's command line (see table.py), so one folder serves all of them.
ifeq ($(and $(CPU),$(FPU),$(QEMU_MACHINE)),)
$(error CPU, FPU and QEMU_MACHINE must be given)
endif

QEMU_ARCH = arm
LDSCRIPT = mcu/arm/mps2.ld
CFLAGS += -mthumb -mcpu=$(CPU) -mfloat-abi=hard -mfpu=$(FPU)
CFLAGS += -DQEMU_SOC_MPS2 -DMICROPY_HW_MCU_NAME='"$(CPU)"'

# The port's start-up code leaves the FPU off. Its first call outside its own file is diverted to
# enable_fpu.c, which the vpath lets the port's rules find.
vpath %.c $(BOARD_DIR)
LDFLAGS += -Wl,--wrap=mp_semihosting_init
SRC_BOARD_O = enable_fpu.o shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb2.o
