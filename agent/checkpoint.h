/* checkpoint.h - an agent as tensors and texts. FORMAT.md says what stands in the file;
 * agent_save() and agent_load() are in checkpoint.c. */
#ifndef KATA_CHECKPOINT_H
#define KATA_CHECKPOINT_H

#define CHECKPOINT_FORMAT "kata-agent"
#define CHECKPOINT_VERSION 1
#define CHECKPOINT_MAX_BYTES ((size_t)2 << 30)

#endif
