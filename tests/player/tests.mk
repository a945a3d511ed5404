# These run on a scripted bridge; the other programs of this folder on the real one.
$(BUILD)/tests/player/test_player $(BUILD)/tests/player/test_novelty: $(BUILD)/tests/player/fake_bridge.o
$(BUILD)/tests/player/test_sandbox: | $(BUILD)/tests/fake_core/plain_libretro.so
