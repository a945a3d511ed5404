/* kit.h - what the plugin's tests share: a folder of their own, a trained agent in it, a game. */
#ifndef TEST_KIT_H
#define TEST_KIT_H

#include <stdbool.h>
#include <stdint.h>

#include "frontend.h"

#if defined(__SANITIZE_ADDRESS__)
#define KIT_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KIT_HAS_ASAN 1
#endif
#endif
#ifndef KIT_HAS_ASAN
#define KIT_HAS_ASAN 0
#endif

/* Kumite's memory (games/kumite/README.md). */
enum {
    KUMITE_SCREEN = 0x302,
    KUMITE_ROUND_STATE = 0x303,
    KUMITE_FIGHT_ACTIVE = 0x304,
    KUMITE_ROUND_NO = 0x305,
    KUMITE_HEALTH = 0x310,
    KUMITE_X = 0x312,
    KUMITE_PAD = 0x336
};
/* Its own order of buttons, and the RetroPad's. */
enum { KUMITE_RIGHT = 1, KUMITE_LEFT = 2, KUMITE_DOWN = 4, KUMITE_UP = 8, KUMITE_START = 16 };
enum { PAD_B = 1, PAD_START = 8, PAD_UP = 16, PAD_DOWN = 32, PAD_LEFT = 64, PAD_RIGHT = 128 };

extern char kit_dir[512];     /* empty at the start of each program */
extern char kit_plugin[1024]; /* kata_libretro.so */
extern char kit_kumite[1024]; /* kumite.nes */

/* cmocka group setup: makes the folder, points KATA_HOME into it, hides the user's own files. */
int kit_setup(void **state);
int kit_teardown(void **state);

const char *kit_path(const char *name); /* <kit_dir>/<name>; the last four stay valid */
void kit_write(const char *path, const void *bytes, size_t num_bytes);
void kit_copy(const char *from, const char *to);

/* KATA_HOME/<game>/ with preset.json and an agent with random weights, that fits `preset` (text of
 * a preset, or NULL: the tests' own). kit_forget() empties KATA_HOME. */
extern const char kit_preset[];
extern bool kit_sees_numbers; /* agents learn from the preset's `observe` alone */
extern int32_t kit_capacity;  /* decisions in agents' replay memories; 0: few */
extern const char *kit_start; /* the note's start; NULL: the preset's default */
void kit_learn(const char *rom, const char *preset);
void kit_learn_other(const char *rom, const char *preset, uint64_t seed); /* other weights */
/* Kumite's own preset, with actions that all press something. without: a field left out, or NULL.
 */
void kit_learn_kumite(const char *start, const char *without);
void kit_forget(void);
/* The folder of a game below KATA_HOME. */
const char *kit_game_dir(const char *rom);

/* A folder of cores of its own for Kata to look in: `library` (NULL: a file that is none) under
 * this name, claiming these extensions. kit_uninstall() gives the system's cores back. */
void kit_install(const char *library, const char *name, const char *extensions);
void kit_uninstall(void);

/* A frontend with the plugin, initialized. */
void kit_open(frontend_t *front);
/* The game loaded and run to the first frame of the fight; fails if that takes too long. */
void kit_open_in_fight(frontend_t *front);

#endif
