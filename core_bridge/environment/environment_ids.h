/* environment_ids.h - environment calls that are newer than the libretro.h we build against.
 *
 * The only file that defines libretro numbers by hand. A name that the header has is left alone.
 * An id with the 0x10000 bit is another call than the same id without it (44 is the old
 * SET_SERIALIZATION_QUIRKS, 44 | 0x10000 is SET_HW_SHARED_CONTEXT), so no id is ever masked.
 */
#ifndef CORE_BRIDGE_ENVIRONMENT_IDS_H
#define CORE_BRIDGE_ENVIRONMENT_IDS_H

#include "libretro.h"

#define ENV_EXP(id) ((id) | RETRO_ENVIRONMENT_EXPERIMENTAL)

enum {
    ENV_GET_HW_RENDER_NEGOTIATION_SUPPORT = ENV_EXP(73),
    ENV_GET_JIT_CAPABLE = 74,
    ENV_GET_MICROPHONE_INTERFACE = ENV_EXP(75),
    ENV_GET_DEVICE_POWER = ENV_EXP(77),
    ENV_SET_NETPACKET_INTERFACE = 78,
    ENV_GET_PLAYLIST_DIRECTORY = 79,
    ENV_GET_FILE_BROWSER_START_DIRECTORY = 80,
    ENV_GET_TARGET_SAMPLE_RATE = ENV_EXP(81),
    ENV_GET_NETPLAY_CLIENT_INDEX = ENV_EXP(82),
    ENV_EXEC_MEM_ALLOC = 83,
    ENV_EXEC_MEM_FREE = 84,
    ENV_GET_AUDIO_SAMPLE_BATCH_FLOAT = ENV_EXP(85),
    ENV_GET_MEMORY_STATUS = ENV_EXP(86),
    ENV_SET_SERIALIZATION_QUIRKS_2026 = 87, /* moved here from 44 */
    ENV_HDR_QUERY_88 = ENV_EXP(88),         /* 88 to 91: 10-bit and HDR output */
    ENV_HDR_QUERY_89 = ENV_EXP(89),
    ENV_HDR_QUERY_90 = ENV_EXP(90),
    ENV_HDR_QUERY_91 = ENV_EXP(91)
};

/* Bits of GET_AUDIO_VIDEO_ENABLE, which libretro.h only described in words in 2023. */
enum { ENV_AV_VIDEO = 1 << 0, ENV_AV_AUDIO = 1 << 1, ENV_AV_HARD_DISABLE_AUDIO = 1 << 3 };

#endif
