# SPDX-License-Identifier: MIT
# A board for MicroPython's qemu port: QEMU's `sim` machine, with an ESP8266's core (ABI=call0) or one with register
# windows like an ESP32's (ABI=windowed). ABI and TOOLS, where our compiler lies, come from make's command line.
ifeq ($(and $(filter call0 windowed,$(ABI)),$(TOOLS)),)
$(error ABI=call0 or ABI=windowed, and TOOLS must be given)
endif

QEMU_ARCH = xtensa
QEMU_MACHINE = sim
CROSS_COMPILE_call0 = xtensa-lx106-elf-
CROSS_COMPILE_windowed = $(TOOLS)/bin/xtensa-esp32-elf-
CROSS_COMPILE = $(CROSS_COMPILE_$(ABI))

# Ours comes first and includes the port's own.
INC += -I$(BOARD_DIR)
CFLAGS += -mlongcalls -mtext-section-literals -DMICROPY_HW_MCU_NAME='"xtensa-$(ABI)"'
LDSCRIPT = $(BOARD_DIR)/$(ABI).ld
LDFLAGS += -nostdlib
LIBS = $(TOOLS)/lib/$(ABI)/libgcc.a

vpath %.c $(BOARD_DIR)
vpath %.S $(BOARD_DIR)
SRC_BOARD_O = host.o machine_code.o $(ABI)_start.o $(ABI)_vectors.o shared/runtime/gchelper_native.o
ifeq ($(ABI),call0)
SRC_BOARD_O += call0_rom.o
else
SRC_BOARD_O += windowed_setjmp.o
endif

# The ROM's jumps are made from the list that modules are linked with.
$(BUILD)/%_rom.o: $(BOARD_DIR)/%_rom.S $(BOARD_DIR)/%_rom.ld
	$(Q)sed -n 's/^PROVIDE(\(.*\) = \(.*\));/rom_function \2, \1/p' $(word 2,$^) >$(BUILD)/$*_rom.inc
	$(Q)$(CC) -I$(BUILD) -c -o $@ $<
