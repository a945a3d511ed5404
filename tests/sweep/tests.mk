# The sweep behind MASP's defaults: `make -f Makefile.libretro sweep`; not part of `check`.
$(BUILD)/tests/sweep/masp_copies: tests/sweep/masp_copies.c $(BUILD)/tests/agent/copies_world.o $(call archives,lab agent files)
	@mkdir -p $(@D)
	$(call say,CC $@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Itests/agent $(call include_paths,agent lab files) -o $@ $< $(filter %.o,$^) $(call grouped,lab agent files) $(LIBS_agent)
.PHONY: sweep
sweep: $(BUILD)/tests/sweep/masp_copies
	$(Q)$< 20 1
