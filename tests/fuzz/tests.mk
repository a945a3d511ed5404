# Fuzzing with clang's libFuzzer, each target for about FUZZ_SECONDS, two at a time; `check` does it, too, from
# one seed, so that it tries the same inputs everywhere; new ones by another seed:
#     make -f Makefile.libretro fuzz FUZZ_SECONDS=3600 FUZZ_SEED=2
# Seeds are in tests/fuzz/seeds/<target>/ (and the library, for presets); what a run finds stays in
# build/fuzz/<target>/ as crash-* and comes back as a seed once it is repaired.
# FUZZ_SOURCES_<target>: what is fuzzed, compiled with the sanitizers; their folders are its include paths,
# and those of FUZZ_SEES_<target>.
FUZZ_PRESETS := $(call sources,macros presets files) $(BUILD)/presets/builtin_files.c
FUZZ_SOURCES_preset := $(FUZZ_PRESETS)
FUZZ_SOURCES_notation := $(wildcard macros/*.c files/*.c)
FUZZ_SOURCES_imports := $(FUZZ_PRESETS)
FUZZ_SOURCES_safetensors := agent/checkpoint/safetensors.c $(wildcard files/*.c)
FUZZ_SEES_safetensors := agent/
FUZZ_SOURCES_recordings := $(wildcard recordings/*.c macros/*.c files/*.c)
FUZZ_SOURCES_package := $(wildcard sharing/package*.c files/*.c) $(addprefix presets/json/,making.c reader.c scan.c) recordings/zip_member.c
FUZZ_TARGETS := preset notation imports safetensors recordings package

# $(1) target
define FUZZ_TARGET
FUZZ_ROOMS_$(1) := $$(sort $$(dir $$(FUZZ_SOURCES_$(1))) $$(FUZZ_SEES_$(1)))
build/fuzz/fuzz_$(1): tests/fuzz/fuzz_$(1).c $$(FUZZ_SOURCES_$(1)) $$(wildcard $$(FUZZ_ROOMS_$(1):%=%*.h)) tests/fuzz/tests.mk
	@mkdir -p $$(@D)
	$$(call say,FUZZ $$@)
	$$(Q)clang -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -O1 -g -fno-sanitize-recover=all \
	    -fsanitize=fuzzer,address,undefined $$(call include_paths,$$(FUZZ_ROOMS_$(1):%/=%)) -o $$@ $$< $$(FUZZ_SOURCES_$(1)) -lcjson -lzip -lm
endef
$(foreach t,$(FUZZ_TARGETS),$(eval $(call FUZZ_TARGET,$(t))))

.PHONY: fuzz check-fuzz
fuzz: $(FUZZ_TARGETS:%=build/fuzz/fuzz_%)
	$(Q)tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# Built even for no second: that they compile is a check, too. Without clang they are skipped, and it
# is said; a clang that cannot link libFuzzer is a fault of the machine, and ends the check.
check-fuzz:
	$(Q)if ! command -v clang >/dev/null; then \
	    echo "skip   fuzz: no clang here (./packages.sh installs clang and libclang-rt-dev)"; \
	elif ! tests/fuzz/has_libfuzzer.sh; then \
	    echo "FAILED fuzz: clang has no libFuzzer of its version (./packages.sh installs libclang-rt-dev)"; exit 1; \
	elif [ $(FUZZ_SECONDS) -eq 0 ]; then \
	    $(MAKE) -f Makefile.libretro --no-print-directory $(FUZZ_TARGETS:%=build/fuzz/fuzz_%) && \
	    echo "skip   fuzz: built, not run (FUZZ_SECONDS=0)"; \
	else \
	    $(MAKE) -f Makefile.libretro --no-print-directory fuzz; \
	fi
