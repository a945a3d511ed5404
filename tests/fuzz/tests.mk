# Fuzzing with clang's libFuzzer, each target for FUZZ_SECONDS (environment, default 60):
#     FUZZ_SECONDS=3600 make -f Makefile.libretro fuzz
# Seeds are in tests/fuzz/seeds/<target>/ (and the library, for presets); what a run finds stays in
# build/fuzz/<target>/ as crash-* and comes back as a seed once it is repaired.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS := preset notation imports recordings
FUZZ_ROOMS := macros presets recordings files
FUZZ_SOURCES := $(foreach r,$(FUZZ_ROOMS),$(wildcard $(r)/*.c))

build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_SOURCES) $(foreach r,$(FUZZ_ROOMS),$(wildcard $(r)/*.h))
	@mkdir -p $(@D)
	$(call say,FUZZ $@)
	$(Q)clang -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -O1 -g -fno-sanitize-recover=all \
	    -fsanitize=fuzzer,address,undefined $(FUZZ_ROOMS:%=-I%) -o $@ $< $(FUZZ_SOURCES) -lcjson -lzip -lm

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS:%=build/fuzz/fuzz_%)
	$(Q)tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)
