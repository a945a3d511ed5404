# The plugin's tests open kata_libretro.so itself, and play real cores by the mini frontend of core_bridge's tests.
PLUGIN_TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/plugin/test_*.c))
TEST_FLAGS_plugin := -Itests/core_bridge -Itests/fake_core
TEST_LDFLAGS_plugin := -Wl,--export-dynamic-symbol=time
# library_open() refuses Kata, as it must; as a frontend the test opens it all the same.
$(BUILD)/tests/plugin/test_passthrough: TEST_LDFLAGS_plugin += -Wl,--wrap=library_open
$(PLUGIN_TESTS): | $(BUILD)/kata_libretro.so $(BUILD)/games/kumite.nes $(FAKE_CORES)
$(BUILD)/tests/plugin/test_passthrough: $(BUILD)/tests/core_bridge/mini_frontend.o | $(PAD_ECHO)
