# platforms.mk - what is different when Makefile.libretro builds for another machine than this one (platform=...).
#
# unix is this machine, with its own libraries. The others are compiled and linked against a folder that
# dist/sysroot.sh makes once and keeps outside the tree: all but glibc is in the binary then, and any
# Linux since Debian 11 starts it. Sets CROSS (the tools' prefix), SYSROOT (where /usr/include and /usr/lib
# are; empty: here), RUN (what runs the platform's programs here), TEST_ROOMS
# (whose tests it can run), TESTS_SKIPPED (of those rooms) and BLAS_KERNELS.
# SYSROOTS=FOLDER: where those folders are kept. CC=clang holds for unix alone: each other has its own compiler.

PLATFORMS := unix linux-x86_64 linux-arm64 win64
ifeq ($(filter $(platform),$(PLATFORMS)),)
$(error platform=$(platform) is not known; platform must be one of $(PLATFORMS))
endif

SYSROOTS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kata/sysroots
HOST_CC := $(CC)
CROSS :=
SYSROOT :=
RUN :=
TEST_ROOMS := *
TESTS_SKIPPED :=
BLAS_KERNELS :=
DIST_CFLAGS :=
# Sources and include paths of another system.
OTHER_SYSTEMS := %_windows.c files/windows/%.c -Ifiles/windows
# Run on what was linked.
CHECK_BINARY = @:

# Ends of the names of a program and of a core.
EXE :=
CORE := so
PLATFORM_LDFLAGS :=
PROGRAM_LDFLAGS :=

ifeq ($(platform),win64)
# mingw-w64's own headers and C library; all else from the sysroot. Threads are winpthreads', inside the binary.
SYSROOT := $(abspath $(SYSROOTS))/win64-$(shell cat dist/sysroot_win64.sh dist/own_apt.sh | cksum | cut -d ' ' -f 1)
SYSROOT_SCRIPT := dist/sysroot_win64.sh
TARGET_TRIPLET := x86_64-w64-mingw32
CROSS := $(TARGET_TRIPLET)-
override CC := $(CROSS)gcc -isystem $(SYSROOT)/usr/include
EXE := .exe
CORE := dll
OTHER_SYSTEMS := %_posix.c
RUN := $(firstword $(shell command -v wine wine64) /usr/lib/wine/wine64)
TEST_ROOMS := macros
# POSIX's names for what mingw-w64 lacks or does otherwise: files/windows/include/posix.h. The last: Windows
# aligns the stack to 16 bytes, GCC stores registers of 32 and 64 there as if it were more (GCC's bug 54412).
DIST_CFLAGS := -D_WIN32_WINNT=0x0A00 -DCJSON_HIDE_SYMBOLS -isystem files/windows/include -include files/windows/include/posix.h \
    -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(SYSROOT)=sysroot -Wa,-muse-unaligned-vector-move -Wno-format
PLATFORM_LDFLAGS := -static -L$(SYSROOT)/usr/lib/$(TARGET_TRIPLET) -Wl,--no-insert-timestamp
PROGRAM_LDFLAGS := -municode
CHECK_BINARY = $(Q)CROSS=$(CROSS) dist/check_binary.sh
else ifneq ($(platform),unix)
SYSROOT_SCRIPT := dist/sysroot.sh $(platform)
SYSROOT := $(abspath $(SYSROOTS))/$(platform)-$(shell cat dist/sysroot.sh dist/own_apt.sh | cksum | cut -d ' ' -f 1)
CROSS_linux-arm64 := aarch64-linux-gnu-
CROSS := $(CROSS_$(platform))
override CC := $(CROSS)gcc
TARGET_TRIPLET := $(shell $(CC) -print-multiarch)
# -nostdinc and -B: a cross compiler of Debian looks into /usr/aarch64-linux-gnu before it looks into a sysroot.
override CC += --sysroot=$(SYSROOT) -nostdinc -isystem $(shell $(CC) -print-file-name=include) \
      -isystem $(SYSROOT)/usr/include/$(TARGET_TRIPLET) -isystem $(SYSROOT)/usr/include \
      -B$(SYSROOT)/usr/lib/$(TARGET_TRIPLET) -B$(SYSROOT)/lib/$(TARGET_TRIPLET)
# The same bytes wherever they are built: no path of this machine in them.
DIST_CFLAGS := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(SYSROOT)=sysroot
CHECK_BINARY = $(Q)CROSS=$(CROSS) dist/check_binary.sh
ifeq ($(platform),linux-arm64)
RUN := qemu-aarch64-static -L $(SYSROOT)
# Emulated: programs that start others, and tests on the cores that this machine has, cannot run.
TEST_ROOMS := files agent core_bridge
TESTS_SKIPPED := tests/core_bridge/test_passthrough.c tests/core_bridge/test_real_cores.c
endif

# OpenBLAS of Debian has kernels for 20 kinds of x86 processors and 15 of 64-bit ARM, 1 to 1.6 MB each, and chooses when
# it starts. A few are linked; the others' tables are names for the nearest of these whose instructions they have.
BLAS_linux-x86_64 := PRESCOTT=CORE2 PRESCOTT=PENRYN PRESCOTT=DUNNINGTON PRESCOTT=OPTERON PRESCOTT=OPTERON_SSE3 \
    PRESCOTT=BARCELONA PRESCOTT=BOBCAT PRESCOTT=ATOM PRESCOTT=NANO SANDYBRIDGE=BULLDOZER SANDYBRIDGE=PILEDRIVER \
    SANDYBRIDGE=STEAMROLLER HASWELL=EXCAVATOR HASWELL=ZEN SKYLAKEX=COOPERLAKE
BLAS_linux-arm64 := CORTEXA53=CORTEXA55 CORTEXA57=CORTEXA72 CORTEXA57=CORTEXA73 CORTEXA57=FALKOR CORTEXA57=THUNDERX \
    CORTEXA57=THUNDERX2T99 CORTEXA57=THUNDERX3T110 CORTEXA57=TSV110 CORTEXA57=EMAG8180 NEOVERSEN1=NEOVERSEV1 \
    NEOVERSEN1=NEOVERSEN2
BLAS_KERNELS := $(foreach pair,$(BLAS_$(platform)),-Wl,--defsym=gotoblas_$(word 2,$(subst =, ,$(pair)))=gotoblas_$(firstword $(subst =, ,$(pair))))
endif

# The rule below stands before all others: without this it would be what `make` without a target makes.
.DEFAULT_GOAL := all
ifneq ($(platform),unix)
# Made before all else, when something is to be built: make reads its rules again when this file is new.
ifneq ($(filter-out clean format,$(or $(MAKECMDGOALS),all)),)
include $(SYSROOT)/sysroot.mk
$(SYSROOT)/sysroot.mk:
	@echo "  SYSROOT $(SYSROOT)"
	$(Q)$(SYSROOT_SCRIPT) $(SYSROOT)
endif
endif
