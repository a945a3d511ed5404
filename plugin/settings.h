/* settings.h - Kata's own core options, in a category of their own before the inner core's.
 *
 * They are shown alone as soon as the frontend asks who we are (kata_core must be readable before
 * any inner core is open); bridge_open() then shows them together with the inner core's.
 */
#ifndef KATA_SETTINGS_H
#define KATA_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "catalog.h"
#include "host.h"
#include "frame_learning.h"
#include "league.h"
#include "libretro.h"
#include "preset.h"
#include "overlay.h"
#include "status.h"

enum { SETTINGS_COUNT = 14 };

typedef struct {
    struct retro_core_option_v2_definition definitions[SETTINGS_COUNT + 1]; /* ends with NULL key */
    char starts[PRESET_MAX_STARTS][PRESET_NAME_BYTES];
} settings_table_t;

/* What the player chose. */
typedef struct {
    bool plays;                   /* kata_mode: the agent may hold a pad */
    bool learns;                  /* kata_mode: and learns from it */
    bool coaches;                 /* kata_mode: it holds no pad and shows what it would do */
    bool watches;                 /* kata_mode: it holds no pad and learns from who does */
    learning_speed_t learn_speed; /* kata_learn_speed: frames in one of the frontend's */
    bool wants_card;              /* kata_device: it learns on the graphics card */
    bool prefers_sent;            /* kata_agent: the last that another sent rather than one's own */
    bool starts;                  /* kata_start: the agent finds its way to the fight */
    char start[PRESET_NAME_BYTES]; /* ... by this start of the preset; "": what it was trained on */
    uint32_t ports;                /* kata_port: bit p: the agent's pad is port p, from 0 */
    uint32_t hold_seconds;         /* kata_takeover; 0: a touch does not take the pad */
    uint32_t random_percent;       /* kata_epsilon: so many of its moves are random */
    bool varies;                   /* kata_epsilon: moves about as good take turns */
    int32_t reaction_ms;           /* kata_reaction: so late it sees the game */
    league_strength_t strength;    /* kata_strength: which of its past selves plays; auto: first */
    bool adapts;                   /* kata_strength auto: and then by what a human wins */
    status_kind_t status;          /* kata_status: who holds which pad, on the screen */
    overlay_kind_t overlay;        /* kata_overlay: what is drawn into the picture */
    bool records;                  /* kata_record: write down what humans hold */
} settings_t;

/* Fill in the definitions; labels point into `catalog`, which must stay. preset: of the game that
 * is loaded, whose starts are kata_start's values. NULL: it is left out: a frontend that is shown
 * an option without the value that it has saved for it saves the default instead. */
void settings_build(settings_table_t *options, const catalog_t *catalog, const preset_t *preset);
const struct retro_core_option_v2_category *settings_categories(void); /* ends with a NULL key */

/* Show them alone, in the newest form that the frontend takes. */
void settings_announce(const settings_table_t *options, const host_t *host);

/* Shows the options that have an effect and hides the others: without an agent that plays, all that
 * is about its play. *hidden: bit i: definitions[i] is hidden now; 0 after they were announced.
 * True: something changed. */
bool settings_show(uint32_t *hidden, const settings_table_t *options, bool agent_plays,
                   const host_t *host);

/* The value of kata_core, before an inner core is open: a core's name, or NULL for "auto". */
const char *settings_core(host_t *host);

/* Everything else, as the player wishes it: whether the game can do it is not known here. An option
 * that the frontend does not answer has its default. */
void settings_read(settings_t *settings, host_t *host);

/* A sentence on what changed from `before` to `now`, for the screen; "" if nothing did. */
void settings_news(char text[HOST_TEXT_BYTES], const settings_t *before, const settings_t *now);

#endif
