# The n-th allocation must be able to fail: test_hostile.c stands between us and malloc.
$(BUILD)/tests/presets/test_hostile: TEST_LDFLAGS_presets := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup
