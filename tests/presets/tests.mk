# The n-th allocation must be able to fail: test_hostile.c stands between us and malloc.
$(BUILD)/tests/presets/test_hostile: TEST_LDFLAGS_presets := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

# Counts the steps of import_mis.c: every basic block calls the program's __sanitizer_cov_trace_pc().
$(BUILD)/tests/presets/counted_import_mis.o: presets/import/import_mis.c Makefile.libretro
	@mkdir -p $(@D)
	$(call say,CC $< (counted))
	$(Q)$(CC) $(CFLAGS) -fsanitize-coverage=trace-pc $(INCLUDES_presets) -c $< -o $@
$(BUILD)/tests/presets/test_import_steps: $(BUILD)/tests/presets/counted_import_mis.o
