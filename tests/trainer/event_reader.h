/* event_reader.h - reads a file of TensorBoard's events, written from its specification: TFRecord
 * (record_reader.h) and protobuf's wire format (developers.google.com/protocol-buffers/encoding).
 * Fails the test at the first byte that does not fit. */
#ifndef TESTS_TRAINER_EVENT_READER_H
#define TESTS_TRAINER_EVENT_READER_H

#include <stdint.h>

typedef struct {
    double wall_time;
    int64_t step;
    char version[32]; /* "" if it has none */
    int32_t status;   /* of a session log; 0: it has none */
    char tag[80];     /* of its one number; "" if it has none */
    float value;
} event_read_t;

/* At most `most` events into `out`; returns how many there are. */
int32_t event_reader_read(const char *path, event_read_t *out, int32_t most);

#endif
