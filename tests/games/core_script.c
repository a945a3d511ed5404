/* core_script.c - plays a script of pads and saves pictures.
 *
 *     core_script CORE ROM STEP...
 *
 * A step is FRAMES:PAD1[/PAD2], pads in letters u d l r a b s (start) c (select); @FILE.png saves a
 * picture; ?ADDRESS prints a byte of RAM. Example: 60:- 2:s 100:- 4:d 4:dr 4:ra 20:- @fire.png
 * ?0x310 */
#include "core_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t pad_of(const char *letters, size_t length)
{
    static const char names[] = "absc"
                                "udlr";
    static const uint8_t bits[] = { RIG_A,  RIG_B,    RIG_START, RIG_SELECT,
                                    RIG_UP, RIG_DOWN, RIG_LEFT,  RIG_RIGHT };
    uint8_t pad = 0;
    for (size_t i = 0; i < length; i++) {
        const char *at = letters[i] ? strchr(names, letters[i]) : NULL;
        if (at) pad |= bits[at - names];
    }
    return pad;
}

int main(int argc, char **argv)
{
    if (argc < 3 || !rig_open(argv[1], argv[2])) return 1;
    for (int i = 3; i < argc; i++) {
        if (argv[i][0] == '@') {
            if (!rig_save_png(argv[i] + 1, 2)) return 1;
            continue;
        }
        if (argv[i][0] == '?') {
            const unsigned long at = strtoul(argv[i] + 1, NULL, 0) % rig_ram_bytes();
            printf("%04lx: %u\n", at, rig_ram()[at]);
            continue;
        }
        char *letters = NULL;
        long frames = strtol(argv[i], &letters, 10);
        if (*letters == ':') letters++;
        const char *second = strchr(letters, '/');
        const size_t length = second ? (size_t)(second - letters) : strlen(letters);
        const uint8_t pad1 = pad_of(letters, length),
                      pad2 = second ? pad_of(second + 1, strlen(second + 1)) : 0;
        while (frames-- > 0) rig_frame(pad1, pad2);
    }
    rig_close();
    return 0;
}
