# The tests of drawing use kata.c's folder and files.
TEST_FLAGS_drawing := -Itests/trainer
$(BUILD)/tests/drawing/test_drawing: $(BUILD)/tests/trainer/kata.o
