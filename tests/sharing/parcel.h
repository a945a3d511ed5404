/* parcel.h - packages to try: a small preset, an agent of random weights, and what is in between.
 */
#ifndef SHARING_TESTS_PARCEL_H
#define SHARING_TESTS_PARCEL_H

#include "package.h"

#define PARCEL_SHA1 "00112233445566778899aabbccddeeff00112233"
extern const char parcel_preset[];       /* three actions */
extern const char parcel_other_preset[]; /* the second is another */
extern const char parcel_recording[];

extern char parcel_folder[256]; /* of this test program; parcel_setup() makes it */
int parcel_setup(void **state);

/* weights: 0 ordinary, 1 with a NaN, 2 a whole agent instead of a policy, 3 pictures of
 * another size, 4 an action more than its note says. *bytes is the caller's. */
enum { PARCEL_GOOD, PARCEL_NAN, PARCEL_WHOLE, PARCEL_SMALL, PARCEL_MANY };
void parcel_agent(int weights, uint8_t **bytes, size_t *num_bytes);

/* A package with that preset and agent. */
void parcel_make(package_t *package, const char *name, const char *preset, int weights);
/* It, written and in memory. */
void parcel_bytes(package_t *package, uint8_t **bytes, size_t *num_bytes);

/* A zip of these members: name, text, NULL at the end. */
void parcel_zip(const char *const members[][2], uint8_t **bytes, size_t *num_bytes);

#endif
