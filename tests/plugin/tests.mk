# The plugin's tests open kata_libretro.so itself, and play real cores by the mini frontend of core_bridge's tests.
PLUGIN_TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/plugin/test_*.c))
TEST_FLAGS_plugin := -Itests/core_bridge -Itests/fake_core
TEST_LDFLAGS_plugin := -Wl,--export-dynamic-symbol=time -Wl,--export-dynamic-symbol=sched_setscheduler
# One more of its own, which the plugin finds before the C library's.
$(BUILD)/tests/plugin/test_shared_card: TEST_LDFLAGS_plugin += -Wl,--export-dynamic-symbol=dlsym
# AddressSanitizer looks for __cxa_throw when the program starts; real cores are C++ and throw.
ifneq ($(findstring address,$(SANITIZE)),)
TEST_LDFLAGS_plugin += -Wl,--no-as-needed -lstdc++ -Wl,--as-needed
endif
# Cores for one question each: one asks whether it is to draw, one draws every third frame. Never
# with a sanitizer: they are someone else's libraries.
ODD_CORES := $(patsubst tests/plugin/cores/%_core.c,$(BUILD)/tests/plugin/cores/%_libretro.so,$(wildcard tests/plugin/cores/*_core.c))
$(BUILD)/tests/plugin/cores/%_libretro.so: tests/plugin/cores/%_core.c tests/plugin/cores/odd_core.h tests/plugin/tests.mk
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) -std=c11 -Wall -Wextra -Wpedantic -O2 -fPIC -shared $(SYSTEM_plugin) -o $@ $<
$(PLUGIN_TESTS): | $(ODD_CORES)
$(PLUGIN_TESTS): | $(BUILD)/kata $(BUILD)/kata_libretro.so $(BUILD)/kata_libretro.info $(BUILD)/games/kumite.nes $(FAKE_CORES)
$(BUILD)/tests/plugin/test_passthrough: $(BUILD)/tests/core_bridge/mini_frontend.o | $(PAD_ECHO)
$(BUILD)/tests/plugin/test_learn $(BUILD)/tests/plugin/test_exact_cores: | $(PAD_ECHO)

# The rule of kata_strength auto is also tested by itself.
$(BUILD)/tests/plugin/test_strengths: $(BUILD)/plugin/strengths/auto_strength.o

# By hand: what kata_mode watch learns (tests/plugin/by_hand/watch_me.sh).
$(BUILD)/tests/plugin/by_hand/watch_me: $(BUILD)/tests/plugin/by_hand/watch_me.o $(TEST_HELPERS_plugin) $(call archives,$(SEES_plugin)) | $(BUILD)/kata_libretro.so
	$(call say,LD $@)
	$(Q)$(CC) $(LDFLAGS) $(TEST_LDFLAGS_plugin) -o $@ $(filter %.o,$^) $(call grouped,$(SEES_plugin)) -lcmocka $(call test_libs,plugin)
