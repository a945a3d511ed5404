/* events.h - a training for TensorBoard: DIR/tensorboard/events.out.tfevents.TIME.HOST.PID.
 *
 * A file of TFRecords (tensorflow/core/lib/io/record_writer.h): uint64 length, masked CRC32C of the
 * length, the bytes, masked CRC32C of the bytes, little-endian. Each holds one Event
 * (tensorflow/core/util/event.proto), written by hand:
 *     1 wall_time double, 2 step int64, 3 file_version string, 5 summary { 1 value { 1 tag string,
 *     2 simple_value float } }, 7 session_log { 1 status: START = 1 }
 * step: decisions. Each session writes a file of its own that begins with START, so that
 * TensorBoard drops what an earlier one wrote behind the step that this one goes on from.
 *
 * Only appended to, and flushed after each call.
 */
#ifndef LAB_EVENTS_H
#define LAB_EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "evaluation.h"
#include "home.h"
#include "training.h"
#include "why.h"

typedef struct {
    FILE *file; /* NULL: closed */
    char path[HOME_PATH_BYTES];
    double last_time; /* of the last point of training, for its rates; 0: none */
    uint64_t last_frames, last_updates, last_decisions;
} events_t;

/* A session that goes on from so many decisions. */
bool events_open(events_t *events, const char *dir, uint64_t decisions, why_t why);
void events_close(events_t *events); /* closed is fine */

/* A number at a step. All three: false if the file cannot be written. */
bool events_add(events_t *events, const char *tag, uint64_t decisions, double value, why_t why);
bool events_add_training(events_t *events, const training_progress_t *progress, why_t why);
bool events_add_evaluation(events_t *events, const training_progress_t *progress,
                           const evaluation_result_t *result, why_t why);

/* CRC-32C (Castagnoli, RFC 3720 appendix B.4). */
uint32_t events_crc32c(const void *bytes, size_t num_bytes);

#endif
