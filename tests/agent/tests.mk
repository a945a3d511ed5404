# test_memory replaces the allocation functions of everything it links.
$(BUILD)/tests/agent/test_memory: TEST_LDFLAGS_agent := -Wl,--wrap=malloc,--wrap=calloc,--wrap=free,--wrap=parts_block,--wrap=parts_free
# gcc 12.2 for 64-bit ARM fails on a sum of test_agent.c: "internal compiler error: in vect_transform_reduction".
ifeq ($(platform),linux-arm64)
TEST_FLAGS_agent := -fno-tree-vectorize
endif
# The example that is made of this room.
$(BUILD)/tests/agent/test_own_environment: | $(BUILD)/examples/own_environment
