#!/bin/sh
# has_libfuzzer.sh - can clang build a fuzz target here? If not: what it says, and exit 1.
program=$(mktemp) || exit 1
trap 'rm -f "$program"' EXIT
echo '#include <stddef.h>
int LLVMFuzzerTestOneInput(const unsigned char *b, size_t n);
int LLVMFuzzerTestOneInput(const unsigned char *b, size_t n) { return b && n ? 0 : 0; }' |
    clang -fsanitize=fuzzer,address,undefined -x c -o "$program" -
