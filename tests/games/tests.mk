# The bundled games are tested on a real core, without any room of Kata's: a small rig of their own.
RIG_FLAGS := -isystem tests/cmocka -Itests/games -Igames/kumite/src -Igames/akitsu/src -isystem $(SYSROOT)/usr/include/libretro-common

$(BUILD)/tests/games/%.o: tests/games/%.c Makefile.libretro
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(CC) $(CFLAGS) $(RIG_FLAGS) -c $< -o $@

RIG_OBJECTS := $(BUILD)/tests/games/core_rig.o $(BUILD)/tests/games/bots.o
$(BUILD)/tests/games/test_kumite: $(BUILD)/tests/games/test_kumite.o $(RIG_OBJECTS)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -ldl -lm

# The game's rules compiled for this machine, from the sources of the ROM.
RULES_OBJECTS := $(BUILD)/tests/games/rules.o $(addprefix $(BUILD)/tests/games/rules_,fight.o inputs.o cpu.o)
# Their variables go into one section, which is what a savestate keeps; ASan would put gaps between them.
define RULES_OBJECT
$(BUILD)/tests/games/$(1).o: $(2) games/kumite/src/moves.def Makefile.libretro
	@mkdir -p $$(@D)
	$$(call say,CC $$<)
	$$(Q)$$(CC) $$(CFLAGS) $$(RIG_FLAGS) $$(if $$(SANITIZE),-fno-sanitize=address) -c $$< -o $$@
	$$(Q)$$(CROSS)objcopy --rename-section .bss=kumite_memory $$@
endef
$(eval $(call RULES_OBJECT,rules,tests/games/rules.c))
$(foreach f,fight inputs cpu,$(eval $(call RULES_OBJECT,rules_$(f),games/kumite/src/$(f).c)))

$(BUILD)/tests/games/test_rules: $(BUILD)/tests/games/test_rules.o $(RULES_OBJECTS) $(RIG_OBJECTS)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -ldl -lm

AKITSU_OBJECTS := $(addprefix $(BUILD)/tests/games/,core_rig.o akitsu_players.o)
$(BUILD)/tests/games/test_akitsu: $(BUILD)/tests/games/test_akitsu.o $(AKITSU_OBJECTS)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -ldl -lm
$(BUILD)/tests/games/akitsu_wins: $(BUILD)/tests/games/akitsu_wins.o $(AKITSU_OBJECTS)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -ldl -lm

# The rules as a core, for experiments with agents: their frames cost nothing beside learning.
$(BUILD)/tests/games/kumite_rules_libretro.so: $(BUILD)/tests/games/rules_core.o $(RULES_OBJECTS)
	$(call say,LD $@)
	$(Q)$(CC) $(LDFLAGS) -shared -o $@ $^

# Tools: who beats the CPU how often; play a script of pads and keep pictures.
$(BUILD)/tests/games/kumite_bots: $(BUILD)/tests/games/kumite_bots.o $(RULES_OBJECTS) $(RIG_OBJECTS)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -ldl -lm
$(BUILD)/tests/games/core_script: $(BUILD)/tests/games/core_script.o $(RIG_OBJECTS)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -ldl -lm
bots: games $(addprefix $(BUILD)/tests/games/,kumite_bots akitsu_wins core_script kumite_rules_libretro.so)
.PHONY: bots
