# The tests of lab use kata.c's folder and files, and the bundled game.
TEST_FLAGS_lab := -Itests/trainer
LAB_TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/lab/test_*.c))
$(LAB_TESTS): $(BUILD)/tests/trainer/kata.o $(BUILD)/tests/trainer/pages.o $(BUILD)/tests/trainer/event_reader.o | $(BUILD)/games/kumite.nes
