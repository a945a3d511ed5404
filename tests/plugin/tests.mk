# The plugin's tests open kata_libretro.so itself, and play real cores by the mini frontend of core_bridge's tests.
PLUGIN_TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/plugin/test_*.c))
TEST_FLAGS_plugin := -Itests/core_bridge -Itests/fake_core
TEST_LDFLAGS_plugin := -Wl,--export-dynamic-symbol=time
# A core that asks whether it is to draw. Never with a sanitizer: it is someone else's library.
SHY_CORE := $(BUILD)/tests/plugin/cores/shy_libretro.so
$(SHY_CORE): tests/plugin/cores/shy_core.c tests/plugin/tests.mk
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) -std=c11 -Wall -Wextra -Wpedantic -O2 -fPIC -shared $(SYSTEM_plugin) -o $@ $<
$(PLUGIN_TESTS): | $(SHY_CORE)
$(PLUGIN_TESTS): | $(BUILD)/kata $(BUILD)/kata_libretro.so $(BUILD)/kata_libretro.info $(BUILD)/games/kumite.nes $(FAKE_CORES)
$(BUILD)/tests/plugin/test_passthrough: $(BUILD)/tests/core_bridge/mini_frontend.o | $(PAD_ECHO)
