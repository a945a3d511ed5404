# These run on a scripted bridge; the other programs of this folder on the real one.
$(patsubst %,$(BUILD)/tests/player/test_%,player novelty seats values reaction): $(BUILD)/tests/player/fake_bridge.o
$(patsubst %,$(BUILD)/tests/player/test_%,sandbox looks actors actor_deaths starved_actor similarity_inverse): | $(BUILD)/tests/fake_core/plain_libretro.so

# A Mega Drive game of our own with Street Fighter II's addresses, and the same game as a core.
MEGA_DRIVE := $(BUILD)/tests/mega_drive
$(MEGA_DRIVE)/sparring.md: tests/mega_drive/sparring.s tests/mega_drive/header_sum.sh
	@mkdir -p $(@D)
	$(call say,AS $<)
	$(Q)m68k-linux-gnu-as -m68000 --register-prefix-optional -o $(@D)/sparring.o $<
	$(Q)m68k-linux-gnu-ld -N -Ttext=0 -e 0 --oformat=binary -o $@ $(@D)/sparring.o
	$(Q)tests/mega_drive/header_sum.sh $@
$(MEGA_DRIVE)/sparring_libretro.so: tests/mega_drive/sparring_core.c
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) -std=c11 -Wall -Wextra -Wpedantic -O2 -g -fPIC -fvisibility=hidden -shared $(SYSTEM_core_bridge) -o $@ $<
$(BUILD)/tests/player/test_mega_drive: | $(MEGA_DRIVE)/sparring.md $(MEGA_DRIVE)/sparring_libretro.so

# The example that is made of this room.
$(BUILD)/tests/player/test_examples: | $(BUILD)/examples/random_agent $(BUILD)/games/kumite.nes
# The game's addresses; its link map says where the rest is.
$(BUILD)/tests/player/test_sides_of_kumite.o: TEST_FLAGS_player := -Igames/kumite/src
