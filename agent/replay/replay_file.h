/* replay_file.h - a replay memory in a file: all decisions with their pictures, as they are packed,
 * and their priorities; what comes back draws the same batches.
 *
 * The file, little-endian: "KATAREPL", a replay_file_head_t, for each stream a
 * replay_file_stream_t, its newest observation, the packed bytes' count of each picture (uint32),
 * the packed pictures, its slots from the oldest on (replay_file_slot_t and the numbers of the
 * stack's pictures); then the live slots in their order (int32) each with its priority's weight
 * (double, if prioritized); last the CRC-32 of all before.
 *
 * The file is hostile until it was read: every count, number and picture is checked, so that what
 * was read can be drawn from.
 */
#ifndef AGENT_REPLAY_FILE_H
#define AGENT_REPLAY_FILE_H

#include "agent_config.h"
#include "replay.h"

/* Replace `path` (files.h). Decisions in flight are written as they are. AGENT_BAD_FILE: it cannot
 * be written, the file before it is untouched. */
agent_status_t replay_file_write(const replay_t *replay, const char *path, why_t why);
/* Into an empty replay memory of actions below num_actions. Decisions in flight are dropped: their
 * chains end. AGENT_BAD_CONFIG: it is of another size or number of streams; AGENT_BAD_FILE: it is
 * damaged. Then the memory is empty, and `why` says which. */
agent_status_t replay_file_read(replay_t *replay, const char *path, int32_t num_actions, why_t why);
/* Bytes of the file that would be written now, and of the largest that ever may be. */
uint64_t replay_file_bytes(const replay_t *replay);
uint64_t replay_file_most_bytes(const replay_t *replay);

#endif
