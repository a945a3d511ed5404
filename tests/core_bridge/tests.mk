# What the tests of core_bridge build beside themselves: fake cores and homebrew for real ones.
# Other folders may use both: $(FAKE_CORES), $(PAD_ECHO) are in TEST_EXTRAS.

FAKE_DIR := $(BUILD)/tests/fake_core
FAKE_SOURCE := $(wildcard tests/fake_core/fake_*.[ch])
# Never with a sanitizer: a core is someone else's library. -fsemantic-interposition and default
# visibility: its calls to its own retro_* can be misdirected, as in most real cores.
FAKE_CC = $(Q)$(CC) -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -Wpedantic -O2 -g -fPIC -fsemantic-interposition -shared \
          $(SYSTEM_core_bridge) -Itests/fake_core

FAKE_FLAGS_plain :=
FAKE_FLAGS_second :=
FAKE_FLAGS_no_region := -DFAKE_NO_REGION
FAKE_FLAGS_api_2 := -DFAKE_API=2
FAKE_FLAGS_is_kata := -DFAKE_NAME='"Kata"'
FAKE_FLAGS_full_path := -DFAKE_FULL_PATH=true
FAKE_VARIANTS := plain second no_region api_2 is_kata full_path
FAKE_CORES := $(FAKE_VARIANTS:%=$(FAKE_DIR)/%_libretro.so) $(FAKE_DIR)/shadow.so

$(FAKE_DIR)/%_libretro.so: $(FAKE_SOURCE) tests/core_bridge/tests.mk
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(FAKE_CC) $(FAKE_FLAGS_$*) -o $@ $(filter %.c,$(FAKE_SOURCE))

$(FAKE_DIR)/shadow.so: tests/fake_core/shadow.c tests/core_bridge/tests.mk
	@mkdir -p $(@D)
	$(FAKE_CC) -o $@ $<

TEST_FLAGS_core_bridge := -Itests/fake_core
TEST_EXTRAS += $(FAKE_CORES)
$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/core_bridge/test_*.c)): | $(FAKE_CORES)
# The n-th allocation can be made to fail: see setup.c. time() stands still: see mini_frontend.c.
TEST_LDFLAGS_core_bridge := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc -Wl,--export-dynamic-symbol=time
# AddressSanitizer looks for __cxa_throw when the program starts; real cores are C++ and throw.
ifneq ($(findstring address,$(SANITIZE)),)
TEST_LDFLAGS_core_bridge += -Wl,--no-as-needed -lstdc++ -Wl,--as-needed
endif

# Pad echo: a few dozen lines of homebrew for each system, so that real cores have something to play.
ECHO_DIR := $(BUILD)/tests/pad_echo
PAD_ECHO := $(addprefix $(ECHO_DIR)/pad_echo.,nes sfc pce gb gba)

$(ECHO_DIR)/%.o: tests/pad_echo/%.s
	@mkdir -p $(@D)
	$(call say,CA65 $<)
	$(Q)ca65 -o $@ $<
$(ECHO_DIR)/pad_echo.nes: tests/pad_echo/nes.cfg $(ECHO_DIR)/nes.o
	$(Q)ld65 -C $< -o $@ $(ECHO_DIR)/nes.o
$(ECHO_DIR)/pad_echo.sfc: tests/pad_echo/snes.cfg $(ECHO_DIR)/snes.o
	$(Q)ld65 -C $< -o $@ $(ECHO_DIR)/snes.o
$(ECHO_DIR)/pad_echo.pce: tests/pad_echo/pce.cfg $(ECHO_DIR)/pce.o
	$(Q)ld65 -C $< -o $@ $(ECHO_DIR)/pce.o
$(ECHO_DIR)/pad_echo.gb: tests/pad_echo/gb.s
	@mkdir -p $(@D)
	$(call say,SDASGB $<)
	$(Q)sdasgb -o $(ECHO_DIR)/gb.rel $<
	$(Q)sdldgb -n -i $(ECHO_DIR)/gb.ihx $(ECHO_DIR)/gb.rel
	$(Q)makebin -s 32768 $(ECHO_DIR)/gb.ihx $@
$(ECHO_DIR)/pad_echo.gba: tests/pad_echo/gba.c
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(HOST_CC) -std=c11 -Wall -Wextra -Wpedantic -o $(ECHO_DIR)/gba $<
	$(Q)$(ECHO_DIR)/gba $@

TEST_EXTRAS += $(PAD_ECHO)
$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/core_bridge/test_*.c)): | $(PAD_ECHO)
# A core that draws with OpenGL.
$(BUILD)/tests/core_bridge/test_read_back: | $(BUILD)/tests/plugin/cores/card_libretro.so
