/* setup.h - what the tests of this folder share: paths, content files, a host that records, a
 * malloc that fails on demand. */
#ifndef SETUP_H
#define SETUP_H

#include "bridge_host.h"
#include "fake_core.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <unistd.h>

#include <cmocka.h>

/* Static strings that the next call of the same function overwrites. */
const char *fake_path(const char *variant); /* $KATA_BUILD/tests/fake_core/..._libretro.so */
const char *build_path(const char *below);  /* $KATA_BUILD/tests/... */
const char *real_core(const char *name);    /* the distribution's core; skips the test if missing */
const char *content_file(const char *name, const void *bytes,
                         size_t num_bytes); /* in a folder of its own */
const char *scripted(const char *script);   /* a content file that says "FAKE script" */

/* Open and load, headless, or fail the test with the sentence. */
bridge_t *open_variant(const char *variant, struct bridge_host *host); /* not loaded */
bridge_t *open_fake(const char *script);
bridge_t *open_fake_hosted(const char *script, struct bridge_host *host);
const fake_report_t *report_of(bridge_t *bridge);

/* One frame, seen by an observer. frame: of the core's last video callback, pixels copied (until
 * the next call); all zero if there was none. */
void see_frame(bridge_t *bridge, bridge_frame_t *frame);
/* Of a seen frame's pixels; 0: none. */
uint32_t sum_of(const bridge_frame_t *frame);
/* Where those pixels were when the core showed them; not to be read. */
const void *pixels_seen(void);

/* The n-th allocation from now on fails (1: the next); 0: none does. */
void fail_allocation(long n);
/* Allocations seen since fail_allocation(). */
long allocations_seen(void);

/* Built with AddressSanitizer? */
bool has_asan(void);

/* A sentence as the headers promise it: not empty, one line, ended. */
void assert_sentence(const char *why, const char *part);

#endif
