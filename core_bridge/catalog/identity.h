/* identity.h - which game is this? Hashes of content without its copier or container header.
 *
 * The name of a game in Kata is the SHA-1 of its content without header, as handed to the
 * inner core; CRC32 and the RetroAchievements MD5 are kept beside it so that other people's
 * databases match. Header rules (rcheevos, stable-retro): NES and FDS 16 bytes by magic; SNES
 * 512 if size % 0x2000 == 512; PC Engine 512 if size & 512; Lynx 64 and Atari 7800 128 by magic.
 */
#ifndef CORE_BRIDGE_IDENTITY_H
#define CORE_BRIDGE_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    char system[16];     /* "nes", "snes", "genesis", "gb", "gbc", "gba", "pce", ... or "unknown" */
    size_t header_bytes; /* left out of the hashes */
    size_t body_bytes;
    char sha1[41];      /* lower-case hex, of the body */
    char file_sha1[41]; /* of everything */
    char crc32[9];      /* of the body */
    char file_crc32[9]; /* of everything: RetroArch playlists */
    char md5[33];       /* RetroAchievements' rule: body, at most the first 64 MB */
} identity_t;

/* extension: with or without dot, any case; decides the system together with the magic bytes. */
void identity_of(identity_t *out, const uint8_t *bytes, size_t num_bytes, const char *extension);

/* The system that a file extension belongs to, or "unknown". Static string. */
const char *identity_system(const char *extension);

#endif
