# test_memory replaces the allocation functions of everything it links.
$(BUILD)/tests/agent/test_memory: TEST_LDFLAGS_agent := -Wl,--wrap=malloc,--wrap=calloc,--wrap=free,--wrap=parts_block,--wrap=parts_free
