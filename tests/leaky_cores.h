/* leaky_cores.h - for a test program that opens a real core: under AddressSanitizer those leak, and
 * mix new with free(). Our own leaks are looked for where only fake_core is open. Include once. */
#ifndef TEST_LEAKY_CORES_H
#define TEST_LEAKY_CORES_H

const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "detect_leaks=0:alloc_dealloc_mismatch=0";
}

#endif
