# The tests of the trainer run the program itself, on Kumite, a fake core and a test ROM.
$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/trainer/test_*.c)): | $(BUILD)/kata $(BUILD)/kata_libretro.so \
    $(BUILD)/games/kumite.nes $(BUILD)/tests/fake_core/plain_libretro.so $(BUILD)/tests/pad_echo/pad_echo.sfc
