# The tests of the trainer run the program itself, on Kumite, a fake core and a test ROM.
$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/trainer/test_*.c)): | $(BUILD)/kata $(BUILD)/kata_libretro.so \
    $(BUILD)/games/kumite.nes $(BUILD)/tests/fake_core/plain_libretro.so $(BUILD)/tests/pad_echo/pad_echo.sfc

# Preloaded by test_train.
$(BUILD)/tests/trainer/fake_clock.so: tests/trainer/fake_clock.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) -std=c11 -Wall -Wextra -Wpedantic -O2 -g -fPIC -fvisibility=hidden -shared -o $@ $<
$(BUILD)/tests/trainer/test_train: | $(BUILD)/tests/trainer/fake_clock.so

# Where MPI is installed; test_ranks says so where it is not.
$(BUILD)/tests/trainer/test_ranks: | $(if $(HAS_MPI),$(BUILD)/kata-mpi)
