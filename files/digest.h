/* digest.h - SHA-1, SHA-256, MD5 and CRC-32 of bytes in memory: names of games and presets, whether
 * a file arrived whole or is still what was saved; no protection against anybody.
 */
#ifndef KATA_DIGEST_H
#define KATA_DIGEST_H

#include <stddef.h>
#include <stdint.h>

void digest_sha1(const uint8_t *bytes, size_t num_bytes, uint8_t out[20]);
void digest_md5(const uint8_t *bytes, size_t num_bytes, uint8_t out[16]);
void digest_sha256(const uint8_t *bytes, size_t num_bytes, uint8_t out[32]);
/* Lower-case hex and a NUL: 2 num_bytes + 1 characters. */
void digest_hex(const uint8_t *raw, size_t num_bytes, char *hex);
void digest_sha256_hex(const void *bytes, size_t num_bytes, char hex[65]);
void digest_sha1_hex(const void *bytes, size_t num_bytes, char hex[41]);
/* ISO-HDLC, as in zip files. */
uint32_t digest_crc32(const uint8_t *bytes, size_t num_bytes);
/* Of bytes that come in parts: crc is that of the parts before, 0 with the first. A call builds its
 * tables (8 KiB), so parts should not be small. */
uint32_t digest_crc32_more(uint32_t crc, const uint8_t *bytes, size_t num_bytes);

#endif
