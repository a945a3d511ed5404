/* identity.c - header rules and hashes. */
#include "identity.h"

#include "digest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MD5_MAX_BYTES = 64 << 20 }; /* RetroAchievements hashes no more */

static const struct {
    const char *extension, *system;
} extensions[] = {
    { "nes", "nes" },       { "unf", "nes" },       { "unif", "nes" },
    { "fds", "fds" },       { "sfc", "snes" },      { "smc", "snes" },
    { "swc", "snes" },      { "fig", "snes" },      { "bs", "snes" },
    { "gb", "gb" },         { "dmg", "gb" },        { "gbc", "gbc" },
    { "cgb", "gbc" },       { "sgb", "gb" },        { "gba", "gba" },
    { "agb", "gba" },       { "md", "genesis" },    { "gen", "genesis" },
    { "smd", "genesis" },   { "sms", "sms" },       { "gg", "gg" },
    { "sg", "sg1000" },     { "32x", "32x" },       { "pce", "pce" },
    { "sgx", "sgx" },       { "lnx", "lynx" },      { "a26", "atari2600" },
    { "a52", "atari5200" }, { "a78", "atari7800" }, { "n64", "n64" },
    { "z64", "n64" },       { "v64", "n64" },       { "ngp", "ngp" },
    { "ngc", "ngpc" },      { "ws", "ws" },         { "wsc", "wsc" },
    { "vb", "vb" },         { "col", "coleco" },    { "int", "intv" },
    { "vec", "vectrex" },   { "nds", "nds" },       { "min", "pokemonmini" },
    { "d64", "c64" },       { "mx1", "msx" },
};

const char *identity_system(const char *extension)
{
    if (!extension) return "unknown";
    if (*extension == '.') extension++;
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
        if (strcasecmp(extensions[i].extension, extension) == 0) return extensions[i].system;
    return "unknown";
}

static bool has_at(const uint8_t *bytes, size_t num_bytes, size_t at, const char *magic,
                   size_t length)
{
    return num_bytes >= at + length && memcmp(bytes + at, magic, length) == 0;
}

/* Magic bytes that cannot be anything else win over the extension: files get renamed. */
static const char *system_by_magic(const uint8_t *bytes, size_t num_bytes)
{
    if (has_at(bytes, num_bytes, 0, "NES\x1a", 4)) return "nes";
    if (has_at(bytes, num_bytes, 0, "FDS\x1a", 4)) return "fds";
    if (has_at(bytes, num_bytes, 0, "LYNX\0", 5)) return "lynx";
    if (has_at(bytes, num_bytes, 1, "ATARI7800", 9)) return "atari7800";
    return NULL;
}

static size_t header_of(const char *system, const uint8_t *bytes, size_t num_bytes)
{
    if (has_at(bytes, num_bytes, 0, "NES\x1a", 4)) return 16;
    if (has_at(bytes, num_bytes, 0, "FDS\x1a", 4)) return 16;
    if (has_at(bytes, num_bytes, 0, "LYNX\0", 5)) return 64;
    if (has_at(bytes, num_bytes, 1, "ATARI7800", 9)) return 128;
    if (strcmp(system, "snes") == 0 && num_bytes % 0x2000 == 512) return 512;
    if ((strcmp(system, "pce") == 0 || strcmp(system, "sgx") == 0) && (num_bytes & 512)) return 512;
    return 0;
}

void identity_of(identity_t *out, const uint8_t *bytes, size_t num_bytes, const char *extension)
{
    *out = (identity_t){ 0 };
    const char *const known = system_by_magic(bytes, num_bytes);
    snprintf(out->system, sizeof out->system, "%s", known ? known : identity_system(extension));
    size_t header = header_of(out->system, bytes, num_bytes);
    if (header > num_bytes) header = num_bytes; /* a truncated file may be all header */
    out->header_bytes = header;
    out->body_bytes = num_bytes - header;

    const uint8_t *const body = bytes ? bytes + header : NULL;
    uint8_t raw[20];
    digest_sha1(body, out->body_bytes, raw);
    digest_hex(raw, 20, out->sha1);
    digest_sha1(bytes, num_bytes, raw);
    digest_hex(raw, 20, out->file_sha1);
    snprintf(out->crc32, sizeof out->crc32, "%08x", (unsigned)digest_crc32(body, out->body_bytes));
    snprintf(out->file_crc32, sizeof out->file_crc32, "%08x",
             (unsigned)digest_crc32(bytes, num_bytes));
    digest_md5(body, out->body_bytes < MD5_MAX_BYTES ? out->body_bytes : MD5_MAX_BYTES, raw);
    digest_hex(raw, 16, out->md5);
}
