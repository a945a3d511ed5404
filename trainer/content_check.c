/* content_check.c - headers that name a system or a size: NES, Game Boy, Game Boy Advance; a text
 * that is named like a Mega Drive's game. */
#include "content_check.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "why.h"

static bool begins(const uint8_t *bytes, size_t num_bytes, size_t at, const char *magic,
                   size_t length)
{
    return num_bytes >= at + length && memcmp(bytes + at, magic, length) == 0;
}

static bool refuse_short(char *why, size_t promised, size_t found)
{
    refuse(why, "it is cut short: its header promises %zu bytes, the file has %zu", promised,
           found);
    return false;
}

static bool refuse_foreign(char *why, const char *what)
{
    refuse(why, "it is not %s, whatever its name says", what);
    return false;
}

/* iNES and NES 2.0: 16 bytes of header, 512 of trainer if asked, 16 KB and 8 KB banks. */
static bool nes_is_sound(const uint8_t *bytes, size_t num_bytes, char *why)
{
    if (begins(bytes, num_bytes, 0, "UNIF", 4)) return true;
    if (!begins(bytes, num_bytes, 0, "NES\x1a", 4)) return refuse_foreign(why, "an NES game");
    if (num_bytes < 16) return refuse_short(why, 16, num_bytes);
    size_t program_banks = bytes[4], picture_banks = bytes[5];
    if ((bytes[7] & 0x0c) == 0x08) {                /* NES 2.0 */
        if ((bytes[9] & 0x0f) == 0x0f) return true; /* sizes as powers: no promise to check */
        if ((bytes[9] & 0xf0) == 0xf0) return true;
        program_banks |= (size_t)(bytes[9] & 0x0f) << 8;
        picture_banks |= (size_t)(bytes[9] & 0xf0) << 4;
    }
    const size_t trainer = bytes[6] & 0x04 ? 512 : 0;
    const size_t promised = 16 + trainer + program_banks * 16384 + picture_banks * 8192;
    return num_bytes >= promised || refuse_short(why, promised, num_bytes);
}

/* The first bytes of the logo that every Game Boy checks, and the size at 0x148. */
static bool gb_is_sound(const uint8_t *bytes, size_t num_bytes, char *why)
{
    if (!begins(bytes, num_bytes, 0x104, "\xce\xed\x66\x66\xcc\x0d\x00\x0b", 8))
        return refuse_foreign(why, "a Game Boy game");
    if (num_bytes < 0x150) return refuse_short(why, 0x150, num_bytes);
    if (bytes[0x148] > 8) return true;
    const size_t promised = (size_t)32768 << bytes[0x148];
    return num_bytes >= promised || refuse_short(why, promised, num_bytes);
}

static bool gba_is_sound(const uint8_t *bytes, size_t num_bytes, char *why)
{
    if (num_bytes < 0xc0) return refuse_short(why, 0xc0, num_bytes);
    return bytes[0xb2] == 0x96 || refuse_foreign(why, "a Game Boy Advance game");
}

/* .md is also what notes are called. No header is everywhere: dumps are interleaved, too. */
static bool md_is_sound(const uint8_t *bytes, size_t num_bytes, char *why)
{
    for (size_t i = 0; i < num_bytes && i < 512; i++)
        if (bytes[i] < ' ' && !memchr("\t\n\r", bytes[i], 3)) return true;
    return refuse(why, "it is text; a game called .md would be one of the Mega Drive");
}

bool content_check(const uint8_t *bytes, size_t num_bytes, const char *extension, why_t why)
{
    static const struct {
        const char *extension;
        bool (*is_sound)(const uint8_t *bytes, size_t num_bytes, char *why);
    } checks[] = {
        { "nes", nes_is_sound }, { "gb", gb_is_sound },   { "gbc", gb_is_sound },
        { "sgb", gb_is_sound },  { "gba", gba_is_sound }, { "md", md_is_sound },
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (strcasecmp(extension, checks[i].extension) == 0)
            return checks[i].is_sound(bytes, num_bytes, why);
    return true;
}
