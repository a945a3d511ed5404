# The tests of the trainer run the program itself, on Kumite, a fake core and a test ROM.
$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/trainer/test_*.c)): | $(BUILD)/kata $(BUILD)/kata_libretro.so \
    $(BUILD)/games/kumite.nes $(BUILD)/tests/fake_core/plain_libretro.so $(BUILD)/tests/pad_echo/pad_echo.sfc

# Titles: a small game of ours behind several kinds of title screens, for test_preset_starts.
TITLES := $(addprefix $(BUILD)/tests/titles/,twice.nes menu.nes deaf.nes choice.gb)
FLOW_twice := 1
FLOW_menu := 2
FLOW_deaf := 3
$(BUILD)/tests/titles/%.nes: tests/titles/nes.s tests/pad_echo/nes.cfg
	@mkdir -p $(@D)
	$(call say,CA65 $@)
	$(Q)ca65 -D FLOW=$(FLOW_$*) -o $(@:.nes=.o) $<
	$(Q)ld65 -C tests/pad_echo/nes.cfg -o $@ $(@:.nes=.o)
$(BUILD)/tests/titles/choice.gb: tests/titles/gb.s
	@mkdir -p $(@D)
	$(call say,SDASGB $<)
	$(Q)sdasgb -o $(@:.gb=.rel) $<
	$(Q)sdldgb -n -i $(@:.gb=.ihx) $(@:.gb=.rel)
	$(Q)makebin -s 32768 $(@:.gb=.ihx) $@
TEST_EXTRAS += $(TITLES)
$(BUILD)/tests/trainer/test_preset_starts: | $(TITLES)

# Preloaded by test_train.
$(BUILD)/tests/trainer/fake_clock.so: tests/trainer/fake_clock.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) -std=c11 -Wall -Wextra -Wpedantic -O2 -g -fPIC -fvisibility=hidden -shared -o $@ $<
$(BUILD)/tests/trainer/test_train: | $(BUILD)/tests/trainer/fake_clock.so

# Where MPI is installed; test_ranks says so where it is not.
$(BUILD)/tests/trainer/test_ranks: | $(if $(HAS_MPI),$(BUILD)/kata-mpi)
