/* search_session.h - the words of `kata search`, one line at a time: play the game, compare its
 * memory, keep what was found.
 *
 *     search_session_t session;
 *     if (!search_session_open(&session, &game, &options, why)) return say_failed("%s", why);
 *     while (!session.has_quit && read(line)) search_session_line(&session, line, why);
 *     search_session_close(&session);
 *
 * Results go to voice_out(); with `json`, `list` alone writes there, and notes go to voice_err().
 */
#ifndef TRAINER_SEARCH_SESSION_H
#define TRAINER_SEARCH_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "game.h"
#include "sandbox.h"
#include "memory_search.h"
#include "why.h"

#define SEARCH_SESSION_LINE_BYTES 4096
#define SEARCH_SESSION_NAME_BYTES 32

typedef struct {
    const char *out; /* variables are added to the preset and saved there; NULL: printed only */
    bool json;
    bool in_colour; /* pictures for a terminal with colours and half blocks */
} search_session_options_t;

typedef struct {
    search_session_options_t options;
    sandbox_t *sandbox;
    memory_search_t *search;
    preset_t *preset; /* what `out` gets: the game's, and the variables found */
    int32_t start;    /* of `boot` alone */
    uint32_t port;
    int32_t num_states;
    char states[SANDBOX_MAX_STATES][SEARCH_SESSION_NAME_BYTES]; /* names of the slots */
    bool has_quit;
} search_session_t;

/* Starts the game in a worker; everything is a candidate. False: nothing stays open. */
bool search_session_open(search_session_t *session, const game_t *game,
                         const search_session_options_t *options, why_t why);
void search_session_close(search_session_t *session);

/* Do what a line says; empty lines and those after a # do nothing. False: `why` names the word that
 * is wrong and the rule, or how the core died (then search_session_is_dead()). */
bool search_session_line(search_session_t *session, const char *line, why_t why);
bool search_session_is_dead(const search_session_t *session);

/* The words, for `help`. */
extern const char search_session_help[];

#endif
