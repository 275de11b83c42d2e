# SPDX-License-Identifier: MIT
# Builds one MicroPython native module with GNU make. A module's whole Makefile is
#     MOD = factorial
#     SRC = factorial.c
#     ARCH ?= x64
#     include <mpylink>/templates/mpylink.mk
# README.md beside this file explains every variable. Names that begin with "mpylink." are private.
# Only features of GNU make 3.81 are used, because macOS still ships that version.

# One row per architecture: gcc prefix, clang target (- for none), float type, family, CPU flags.
mpylink.row.x86       := i686-linux-gnu-      i686-linux-gnu        double x86    -m32
mpylink.row.x64       := x86_64-linux-gnu-    x86_64-linux-gnu      double x86    -m64
mpylink.row.armv6m    := arm-none-eabi-       thumbv6m-none-eabi    float  arm    -mcpu=cortex-m0 -mfloat-abi=soft
mpylink.row.armv7m    := arm-none-eabi-       thumbv7m-none-eabi    float  arm    -mcpu=cortex-m3 -mfloat-abi=soft
mpylink.row.armv7em   := arm-none-eabi-       thumbv7em-none-eabi   float  arm    -mcpu=cortex-m4 -mfloat-abi=soft
mpylink.row.armv7emsp := arm-none-eabi-       thumbv7em-none-eabihf float  arm    -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16
mpylink.row.armv7emdp := arm-none-eabi-       thumbv7em-none-eabihf double arm    -mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16
mpylink.row.rv32imc   := riscv64-unknown-elf- riscv32-unknown-elf   float  riscv  -march=rv32imc -mabi=ilp32
mpylink.row.rv64imc   := riscv64-unknown-elf- riscv64-unknown-elf   float  riscv  -march=rv64imc -mabi=lp64
mpylink.row.xtensa    := xtensa-lx106-elf-    -                     float  xtensa
mpylink.row.xtensawin := xtensa-esp32-elf-    -                     float  xtensa

# Where the host's own processors find mathematics: see the libraries below.
mpylink.musl.x86 := /usr/lib/i386-linux-musl/libc.a /usr/i386-linux-musl/lib/libc.a
mpylink.musl.x64 := /usr/lib/x86_64-linux-musl/libc.a /usr/x86_64-linux-musl/lib/libc.a
mpylink.math := acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf exp exp10 exp2 expm1 fabs fdim \
  floor fma fmax fmin fmod frexp hypot ilogb j0 j1 jn ldexp lgamma lgamma_r llrint llround log log10 log1p log2 logb \
  lrint lround modf nan nearbyint nextafter nexttoward pow remainder remquo rint round scalbln scalbn signgam sin \
  sincos sinh sqrt tan tanh tgamma trunc \
  __cos __cosdf __sin __sindf __tan __tandf __expo2 __fpclassify __invtrig __math_divzero __math_invalid __math_oflow \
  __math_uflow __math_xflow __polevl __rem_pio2 __rem_pio2_large __signbit \
  fenv libc exp_data exp2f_data log_data log2_data log2f_data logf_data pow_data powf_data sqrt_data

# Flags of each family, for both compilers and for each. README.md gives the measurements.
# x86: position independent, so that global variables are reached through the GOT.
mpylink.flags.x86       := -fpic -fcf-protection=none
# gcc would turn a hand-written strlen into a call of itself.
mpylink.flags.x86.gcc   := -fno-tree-loop-distribute-patterns -fno-semantic-interposition -malign-data=abi
mpylink.flags.x86.clang :=
# arm: addresses as words in the code, which the loader relocates; never halves in MOVW/MOVT pairs,
# which it cannot. Clang's enums would be as wide as int, those of newlib and libgcc are not; and it would call
# __aeabi_memset and the like, which the ABI does not have, where memset does.
mpylink.flags.arm       := -mthumb -fno-pic
mpylink.flags.arm.gcc   := -fno-tree-loop-distribute-patterns -mword-relocations
mpylink.flags.arm.clang := -mno-movt -fshort-enums -meabi gnu
# riscv: through the GOT, as on x86; the code models without -fpic need detours to the firmware. The linker relaxes
# nothing.
mpylink.flags.riscv       := -fpic -mno-relax
mpylink.flags.riscv.gcc   := -fno-tree-loop-distribute-patterns -fno-semantic-interposition
mpylink.flags.riscv.clang :=
# xtensa: addresses as words beside the code, which the loader relocates; but a call needs none.
mpylink.flags.xtensa      := -fno-pic -mno-longcalls
mpylink.flags.xtensa.gcc  := -fno-tree-loop-distribute-patterns

################################################################################
# What to build

mpylink.self := $(abspath $(lastword $(MAKEFILE_LIST)))
mpylink.root := $(abspath $(dir $(mpylink.self))..)
ifeq ($(wildcard $(mpylink.self)),)
$(error mpylink.mk: its path must not contain spaces)
endif

mpylink.archs := $(sort $(patsubst mpylink.row.%,%,$(filter mpylink.row.%,$(.VARIABLES))))
ifneq ($(words $(ARCH)) $(filter $(mpylink.archs),$(ARCH)),1 $(strip $(ARCH)))
$(error mpylink.mk: ARCH is '$(ARCH)'; known architectures: $(mpylink.archs); README.md beside mpylink.mk tells how to ask a board)
endif
mpylink.row := $(mpylink.row.$(strip $(ARCH)))
mpylink.family := $(word 4,$(mpylink.row))
mpylink.cpu := $(wordlist 5,$(words $(mpylink.row)),$(mpylink.row))

# `clean` removes files below it.
ifneq ($(words $(or $(BUILD),.)),1)
$(error mpylink.mk: BUILD is '$(BUILD)'; it must be one path without spaces)
endif
ifneq ($(words $(MOD)),1)
$(error mpylink.mk: MOD must be the name of the module, it is '$(MOD)')
endif
ifeq ($(strip $(SRC)),)
$(error mpylink.mk: SRC must list the sources of $(MOD))
endif
mpylink.cxx.suffixes := %.cpp %.cc %.cxx
mpylink.unknown := $(filter-out %.c %.S %.py $(mpylink.cxx.suffixes),$(SRC))
ifneq ($(mpylink.unknown),)
$(error mpylink.mk: cannot build '$(mpylink.unknown)' of SRC: only .c, .cpp, .cc, .cxx, .S and .py files are sources)
endif
mpylink.cxx.sources := $(filter $(mpylink.cxx.suffixes),$(SRC))
mpylink.sources := $(filter-out %.py,$(SRC))
ifeq ($(mpylink.sources),)
$(error mpylink.mk: SRC has Python sources only; a native module needs one of C or C++)
endif

# An explicit BUILD keeps everything in it; the default one also leaves the module beside the Makefile.
mpylink.copy :=
ifeq ($(origin BUILD),undefined)
BUILD := build-$(strip $(ARCH))
mpylink.copy := $(MOD).mpy
endif
mpylink.config := $(BUILD)/$(MOD).config.h
mpylink.mpy := $(BUILD)/$(MOD).mpy
# Objects have the module's name in their folder, so that modules may share BUILD.
mpylink.dir := $(BUILD)/$(MOD).obj
mpylink.object = $(mpylink.dir)/$(patsubst /%,%,$(subst ../,__/,$1)).o
mpylink.objects := $(foreach src,$(mpylink.sources),$(call mpylink.object,$(src)))
mpylink.bytecode := $(foreach src,$(filter %.py,$(SRC)),$(patsubst %.o,%.mpy,$(call mpylink.object,$(src))))

.PHONY: all clean mpylink.force
all: $(or $(mpylink.copy),$(mpylink.mpy))

clean:
	rm -rf $(mpylink.dir) $(mpylink.config) $(mpylink.mpy) $(mpylink.copy)
	if [ -d $(BUILD) ]; then rmdir $(BUILD) 2>/dev/null || :; fi

# Cleaning must work without any tool.
ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),all)),)

################################################################################
# Tools

# $(call mpylink.which,COMMAND): its path, or nothing. The redirection makes old versions of make use a shell.
mpylink.which = $(shell command -v $(firstword $1) 2>/dev/null)
# $(call mpylink.files,PATTERNS): the files they match, without folders.
mpylink.files = $(foreach file,$(wildcard $1),$(if $(wildcard $(file)/.),,$(file)))

ifeq ($(origin MPYLINK),undefined)
MPYLINK := $(abspath $(firstword $(call mpylink.files,$(addprefix $(mpylink.root)/, \
  build/release/mpylink build/*/mpylink ../../bin/mpylink)) $(call mpylink.which,mpylink)))
ifeq ($(MPYLINK),)
$(error mpylink.mk: no mpylink in $(mpylink.root)/build, beside the installation or in PATH; build it or set MPYLINK)
endif
endif
MPY_CROSS ?= mpy-cross
ifneq ($(mpylink.bytecode),)
ifeq ($(call mpylink.which,$(MPY_CROSS)),)
$(error mpylink.mk: Python sources need MicroPython's compiler $(MPY_CROSS), which is not in PATH; install it or set MPY_CROSS)
endif
endif
mpylink.linker := $(call mpylink.which,$(MPYLINK))
ifeq ($(mpylink.linker),)
$(error mpylink.mk: MPYLINK is '$(MPYLINK)', which is not a program)
endif

TOOLCHAIN ?= gcc
ifeq ($(filter gcc clang,$(TOOLCHAIN)),)
$(error mpylink.mk: TOOLCHAIN is '$(TOOLCHAIN)'; it must be gcc or clang)
endif
ifeq ($(TOOLCHAIN)$(word 2,$(mpylink.row)),clang-)
$(error mpylink.mk: clang makes no code for $(strip $(ARCH)) that a module can use; TOOLCHAIN must be gcc)
endif

# Without a cross compiler of its name, the host's gcc serves its own family.
ifeq ($(origin CROSS),undefined)
CROSS := $(word 1,$(mpylink.row))
ifeq ($(mpylink.family)$(call mpylink.which,$(CROSS)gcc),x86)
CROSS :=
endif
endif

# CC from the environment means the host's compiler, which is rarely the right one.
ifneq ($(filter default undefined environment,$(origin CC)),)
ifeq ($(TOOLCHAIN),clang)
CC := $(firstword $(foreach name,clang-19 clang,$(if $(call mpylink.which,$(name)),$(name))) clang)
else
CC := $(CROSS)gcc
endif
endif
ifeq ($(call mpylink.which,$(CC)),)
$(error mpylink.mk: no compiler '$(firstword $(CC))' for $(ARCH); install it (README.md beside mpylink.mk lists packages), or set CROSS, CC or TOOLCHAIN)
endif

ifneq ($(mpylink.cxx.sources),)
ifneq ($(filter default undefined environment,$(origin CXX)),)
ifeq ($(TOOLCHAIN),clang)
CXX := $(firstword $(foreach name,clang++-19 clang++,$(if $(call mpylink.which,$(name)),$(name))) clang++)
else
CXX := $(CROSS)g++
endif
endif
ifeq ($(call mpylink.which,$(CXX)),)
$(error mpylink.mk: no compiler '$(firstword $(CXX))' for $(ARCH); install it (README.md beside mpylink.mk lists packages), or set CROSS, CXX or TOOLCHAIN)
endif
endif

# The gcc that knows where the libraries are, also those for clang, which has none for these targets.
mpylink.gcc := $(if $(filter clang,$(TOOLCHAIN)),$(CROSS)gcc,$(CC))
mpylink.ask = $(if $(call mpylink.which,$(mpylink.gcc)),$(shell $(mpylink.gcc) $1 2>/dev/null))
# Link-time optimization: the compiler makes one object of all, which mpylink then links.
ifneq ($(filter-out 0 1,$(LTO)),)
$(error mpylink.mk: LTO is '$(LTO)'; it must be 0 or 1)
endif
mpylink.lto := $(filter 1,$(LTO))
ifeq ($(mpylink.lto)-$(TOOLCHAIN),1-clang)
mpylink.lld := $(call mpylink.which,$(shell $(CC) -print-prog-name=ld.lld 2>/dev/null))
ifeq ($(mpylink.lld),)
$(error mpylink.mk: LTO=1 with clang needs the linker of the same LLVM, ld.lld; install it (Debian: lld-19), or use gcc)
endif
endif

# $(call mpylink.headers,FLAGS): the folder of the C library's headers, or nothing.
mpylink.headers = $(patsubst %/string.h,%,$(firstword $(filter %/string.h,$(call mpylink.ask,$1 -M -include string.h -x c /dev/null))))

mpylink.target := $(if $(filter clang,$(TOOLCHAIN)),--target=$(word 2,$(mpylink.row)))
ifneq ($(filter riscv arm-clang riscv-clang,$(mpylink.family) $(mpylink.family)-$(TOOLCHAIN)),)
mpylink.specs :=
mpylink.libc := $(mpylink.headers)
ifeq ($(mpylink.libc),)
# A gcc without a C library of its own may have picolibc beside it.
mpylink.specs := $(addprefix --specs=,$(filter /%,$(call mpylink.ask,--print-file-name=picolibc.specs)))
mpylink.libc := $(if $(mpylink.specs),$(call mpylink.headers,$(mpylink.specs)))
endif
# Some compilers without a C library lack even <stdint.h>, unless they are told not to expect one.
mpylink.target += $(if $(filter clang,$(TOOLCHAIN)),$(addprefix -isystem ,$(mpylink.libc)),$(mpylink.specs)) \
  $(if $(mpylink.libc)$(filter arm,$(mpylink.family)),,-ffreestanding)
endif

# An ESP8266 reads its instruction memory, where a module's constants are as well, by words only. Code of a compiler
# that knows nothing of that needs them elsewhere.
mpylink.constants :=
ifeq ($(strip $(ARCH)),xtensa)
ifeq ($(shell $(CC) -mforce-l32 -E -x c /dev/null >/dev/null 2>&1 && echo known),known)
mpylink.target += -mforce-l32
else
mpylink.constants := -rodata heap
endif
endif

################################################################################
# Command lines

MICROPY_FLOAT_IMPL ?= $(word 3,$(mpylink.row))
mpylink.float := $(patsubst float,FLOAT,$(patsubst double,DOUBLE,$(patsubst none,NONE,$(MICROPY_FLOAT_IMPL))))
ifeq ($(filter NONE FLOAT DOUBLE,$(mpylink.float)),)
$(error mpylink.mk: MICROPY_FLOAT_IMPL is '$(MICROPY_FLOAT_IMPL)'; it must be none, float or double)
endif

mpylink.machine := $(strip $(mpylink.target) $(mpylink.cpu) $(mpylink.flags.$(mpylink.family)) \
  $(mpylink.flags.$(mpylink.family).$(TOOLCHAIN)))
mpylink.includes := -I. $(filter -I%,$(subst -I ,-I,$(CFLAGS) $(CFLAGS_EXTRA)))
mpylink.common := -Os -g1 -Wall -DNDEBUG -fno-math-errno \
  -ffunction-sections -fdata-sections -fno-exceptions -fno-unwind-tables -fno-asynchronous-unwind-tables \
  -fno-stack-protector -U_FORTIFY_SOURCE \
  -I. -I$(mpylink.root)/abi/include -DNO_QSTR -DMICROPY_ENABLE_DYNRUNTIME=1 \
  -DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_$(mpylink.float)
mpylink.own := $(mpylink.common) -DMP_CONFIGFILE='<$(mpylink.config)>' $(CFLAGS) $(CFLAGS_EXTRA) $(if $(mpylink.lto),-flto)
mpylink.cflags := $(mpylink.machine) -std=gnu17 -Werror=implicit-function-declaration -Werror=int-conversion $(mpylink.own)
# Exceptions need tables and a library that no module has, and destructors of global objects would never run.
mpylink.cxxstyle := -std=gnu++20 -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit
# The headers of gcc's C++ library for clang, in front of those of the C library; on x86 and x64 it finds them itself.
ifneq ($(and $(filter clang,$(TOOLCHAIN)),$(mpylink.cxx.sources),$(filter arm riscv,$(mpylink.family))),)
mpylink.listing := $(shell $(CROSS)g++ $(mpylink.cpu) $(if $(filter arm,$(mpylink.family)),-mthumb) -M -include array -x c++ /dev/null 2>/dev/null)
mpylink.cxxstyle += $(addprefix -cxx-isystem ,$(foreach file,array bits/c++config.h,$(patsubst %/$(file),%,$(filter %/$(file),$(mpylink.listing)))))
endif
mpylink.cxxflags := $(mpylink.cxxstyle) $(mpylink.machine) $(mpylink.own) $(CXXFLAGS)

# What C and C++ programs expect of a library and the firmware does not offer: only what is used ends in the module.
# The run-time has its own flags but for those that concern the processor and the ABI.
mpylink.runtime.sources := ctype decimal emutls errno format heap integer newlib printf scanf stdlib stop string strtod strtol
mpylink.runtime.sources := $(addsuffix .c,$(mpylink.runtime.sources)) $(if $(mpylink.cxx.sources),cxx.cpp cxx_throw.cpp)
mpylink.runtime.flags := $(mpylink.common) -g0 -w -fno-builtin $(filter -m% -f%,$(CFLAGS) $(CFLAGS_EXTRA)) -fno-lto
mpylink.runtime := $(if $(filter 0,$(LINK_RUNTIME)),,$(mpylink.dir)/runtime.a)
mpylink.runtime.objects := $(patsubst %,$(mpylink.dir)/runtime/%.o,$(mpylink.runtime.sources))
mpylink.ar := $(firstword $(foreach name,$(CROSS)ar llvm-ar-19 llvm-ar,$(if $(call mpylink.which,$(name)),$(name))) $(AR))

# The compiler's own libraries, searched behind the run-time: libgcc, libm and libc of gcc's multilib. Picolibc is not
# always where gcc looks, but its headers are beside it. glibc's libraries are of no use in a module (they choose
# functions when the program starts); musl has the same mathematics, and of its libc.a only that is searched.
mpylink.multilib := $(mpylink.cpu) $(if $(filter arm,$(mpylink.family)),-mthumb) $(filter -m%,$(CFLAGS) $(CFLAGS_EXTRA))
mpylink.library = $(or $(filter /%,$(call mpylink.ask,$(mpylink.multilib) --print-file-name=$1)),$(if $(mpylink.libc), \
  $(wildcard $(mpylink.libc)/../lib/$(call mpylink.ask,$(mpylink.multilib) --print-multi-directory)/$1)))
mpylink.libs :=
mpylink.musl :=
ifneq ($(mpylink.runtime),)
mpylink.libs := $(wildcard $(call mpylink.ask,$(mpylink.multilib) --print-libgcc-file-name))
ifeq ($(mpylink.family),x86)
mpylink.musl := $(firstword $(wildcard $(MUSL) $(mpylink.musl.$(strip $(ARCH)))))
mpylink.musl.members := $(foreach name,$(mpylink.math),$(addsuffix .%,$(name) $(name)f $(name)l $(patsubst lgamma_%,lgammaf_%,$(name))))
mpylink.libs += $(if $(mpylink.musl),$(mpylink.dir)/libm.a)
# A compiler for the ESP8266 that was taught the ESP32's ABI has libraries of the wrong one.
else ifneq ($(strip $(ARCH))-$(call mpylink.ask,-dumpmachine),xtensawin-xtensa-lx106-elf)
mpylink.libs += $(abspath $(call mpylink.library,libm.a) $(call mpylink.library,libc.a))
endif
ifneq ($(mpylink.cxx.sources),)
mpylink.libs += $(abspath $(call mpylink.library,libstdc++.a))
endif
mpylink.libs := $(strip $(mpylink.libs))
endif

mpylink.ldflags := $(mpylink.constants) $(MPYLINK_FLAGS) $(LDFLAGS_EXTRA)
# Of LIBS, what is a path is a file to look at; the rest are names, which ld's rules find.
mpylink.paths := $(foreach lib,$(filter-out -%,$(LIBS)),$(if $(findstring /,$(lib))$(filter %.a,$(lib)),$(lib)))
mpylink.archives := $(mpylink.paths) $(mpylink.runtime) $(mpylink.libs) $(wildcard $(filter %.a %.ld,$(patsubst -l%,%,$(mpylink.ldflags) $(LDLIBS))))

mpylink.cmd.cc := $(CC) $(mpylink.cflags)
mpylink.cmd.cxx := $(CXX) $(mpylink.cxxflags)
mpylink.cmd.python := $(MPY_CROSS)
mpylink.cmd.runtime.cc := $(CC) $(mpylink.machine) -std=gnu17 $(mpylink.runtime.flags)
mpylink.cmd.runtime.cxx := $(CXX) $(mpylink.machine) $(mpylink.cxxstyle) $(mpylink.runtime.flags)
mpylink.cmd.qstr := $(MPYLINK) -preprocess -arch $(ARCH) $(mpylink.includes) -MF $(mpylink.dir)/qstr.d -o $(mpylink.config) $(mpylink.sources)
# The options that decide about code once more, as not all of them are in the objects. A linker script of a C library
# would be in the way.
mpylink.lto.object := $(mpylink.dir)/lto.o
ifeq ($(TOOLCHAIN),clang)
mpylink.cmd.lto := $(mpylink.lld) -r --lto-O2 $(if $(filter arm,$(mpylink.family)),-mllvm -meabi=gnu) -o $(mpylink.lto.object) $(mpylink.objects)
else
mpylink.cmd.lto := $(filter-out --specs=%,$(if $(mpylink.cxx.sources),$(CXX) $(mpylink.cxxflags),$(CC) $(mpylink.cflags))) \
  -r -nostdlib -flto-partition=one -flinker-output=nolto-rel -o $(mpylink.lto.object) $(mpylink.objects)
endif
mpylink.linked := $(if $(mpylink.lto),$(mpylink.lto.object),$(mpylink.objects))
mpylink.cmd.link := $(MPYLINK) -arch $(ARCH) -qstrs $(mpylink.config) $(mpylink.ldflags) -o $(mpylink.mpy) \
  $(mpylink.linked) $(mpylink.bytecode) $(foreach lib,$(LIBS),$(if $(filter -%,$(lib)),,-l)$(lib)) $(LDLIBS) \
  $(addprefix -l,$(mpylink.runtime) $(mpylink.libs))

ifeq ($(V),1)
mpylink.quiet :=
mpylink.say =
mpylink.verbose := -v
else
mpylink.quiet := @
mpylink.say = @echo "  $1 $2"
mpylink.verbose :=
endif

################################################################################
# Rules

.DELETE_ON_ERROR:

mpylink.folders := $(patsubst %/,%,$(sort $(dir $(mpylink.objects) $(mpylink.bytecode) $(mpylink.runtime.objects)) $(mpylink.dir)/))
$(mpylink.folders):
	$(mpylink.quiet)mkdir -p $@

# Each command line lies in a file that changes when the command line does.
$(mpylink.dir)/%.cmd: | $(mpylink.folders)
	@printf '%s\n' '$(subst ','\'',$(mpylink.cmd.$*))' > $@
mpylink.same = $(if $(subst x$(strip $1)x,,x$(strip $2)x),,same)
$(foreach cmd,cc cxx python runtime.cc runtime.cxx qstr lto link,$(if $(call mpylink.same,$(shell cat $(mpylink.dir)/$(cmd).cmd 2>/dev/null),$(mpylink.cmd.$(cmd))),, \
  $(eval $(mpylink.dir)/$(cmd).cmd: mpylink.force)))

# The names in the sources, and in the headers they include, make the config header. It keeps its time when
# they are the same, so qstr.d tells when it was last made. The empty recipe makes make look at its time again.
$(mpylink.config): $(mpylink.dir)/qstr.d ;
mpylink.scanned := $(wildcard $(filter-out %: \,$(shell cat $(mpylink.dir)/qstr.d 2>/dev/null)))
$(mpylink.dir)/qstr.d: $(mpylink.sources) $(mpylink.scanned) $(mpylink.dir)/qstr.cmd $(mpylink.linker)
	$(call mpylink.say,QSTR,$(mpylink.config))
	$(mpylink.quiet)$(mpylink.cmd.qstr)
ifeq ($(wildcard $(mpylink.config)),)
$(mpylink.dir)/qstr.d: mpylink.force
endif

# $(call mpylink.compile,SOURCE,OBJECT,COMMAND,LABEL): without a label in silence. Whether an object includes the config
# header is for its dependency file to say.
define mpylink.compile
$2: $1 $(mpylink.dir)/$3.cmd | $(mpylink.config) $(mpylink.folders)
	$(if $4,$$(call mpylink.say,$4,$1))
	$$(mpylink.quiet)$$(mpylink.cmd.$3) -MMD -MP -MF $$@.d -c -o $$@ $1
endef
mpylink.language = $(if $(filter $(mpylink.cxx.suffixes),$1),cxx,cc)
mpylink.label.cc := CC  #
mpylink.label.cxx := CXX #
$(foreach src,$(mpylink.sources),$(eval $(call mpylink.compile,$(src),$(call mpylink.object,$(src)),$(call mpylink.language,$(src)),$(mpylink.label.$(call mpylink.language,$(src))))))
$(foreach src,$(mpylink.runtime.sources),$(eval $(call mpylink.compile,$(mpylink.root)/abi/runtime/$(src),$(mpylink.dir)/runtime/$(src).o,runtime.$(call mpylink.language,$(src)))))
-include $(wildcard $(addsuffix .d,$(mpylink.objects) $(mpylink.runtime.objects)))

# Python sources, merged with what is linked: they run after it when the module is imported.
define mpylink.python
$2: $1 $(mpylink.dir)/python.cmd | $(mpylink.folders)
	$$(call mpylink.say,PY  ,$1)
	$$(mpylink.quiet)$(MPY_CROSS) -s $(notdir $1) -o $$@ $1
endef
$(foreach src,$(filter %.py,$(SRC)),$(eval $(call mpylink.python,$(src),$(patsubst %.o,%.mpy,$(call mpylink.object,$(src))))))

$(mpylink.dir)/runtime.a: $(mpylink.runtime.objects)
	$(mpylink.quiet)$(mpylink.ar) rc $@ $^

# The mathematics of musl's libc.a, by the names of its members.
$(mpylink.dir)/libm.a: $(mpylink.musl) $(mpylink.self) | $(mpylink.folders)
	$(mpylink.quiet)mkdir -p $(mpylink.dir)/libm && cd $(mpylink.dir)/libm && $(mpylink.ar) x $(mpylink.musl) $(filter $(mpylink.musl.members),$(shell $(mpylink.ar) t $(mpylink.musl)))
	$(mpylink.quiet)$(mpylink.ar) rc $@ $(mpylink.dir)/libm/*

$(mpylink.lto.object): $(mpylink.objects) $(mpylink.dir)/lto.cmd
	$(call mpylink.say,LTO ,$@)
	$(mpylink.quiet)$(mpylink.cmd.lto)

$(mpylink.mpy): $(mpylink.linked) $(mpylink.bytecode) $(mpylink.archives) $(mpylink.dir)/link.cmd $(mpylink.linker)
	$(call mpylink.say,LINK,$@)
	$(mpylink.quiet)$(mpylink.cmd.link) $(mpylink.verbose)

ifneq ($(mpylink.copy),)
$(mpylink.copy): $(mpylink.mpy)
	$(mpylink.quiet)cp $< $@
# The copy may be another architecture's, and newer.
ifneq ($(shell cmp -s $(mpylink.mpy) $(mpylink.copy) && echo same),same)
$(mpylink.copy): mpylink.force
endif
endif

endif
