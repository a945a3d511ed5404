/* half.h - IEEE 754 binary16, for weights that travel. */
#ifndef AGENT_HALF_H
#define AGENT_HALF_H

#include <stdint.h>

#define HALF_LARGEST 65504.0f

/* The nearest half, ties to even; beyond HALF_LARGEST infinite. */
uint16_t half_of(float value);
/* Exact. */
float half_value(uint16_t half);

#endif
