/* import_mis.c - MacroLua scripts: a character a key, '.' a frame, loops, holds, several players.
 */
#include "imported.h"
#include "why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIS_MAX_PLAYERS 4
#define MIS_MAX_LOOPS 8           /* nested */
#define MIS_MAX_CHARACTERS 200000 /* read, loops counted as often as they run */

typedef struct {
    import_macros_t *out;
    const char *text; /* without comments, NUL-terminated */
    uint32_t *close;  /* of each '(' in text, its ')'; 0: none */
    uint16_t keys[128];
    imported_recording_t *players; /* MIS_MAX_PLAYERS */
    uint16_t held[MIS_MAX_PLAYERS], pressed[MIS_MAX_PLAYERS];
    bool acted[MIS_MAX_PLAYERS];
    int32_t player, frame_idx;
    int32_t bracket_start, bracket_end; /* "<p1/p2>": frames; start -1: not inside */
    enum { MIS_PRESS, MIS_HOLD, MIS_RELEASE } next_key;
    int32_t characters_left;
    char *why;
} mis_t;

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* "1=LP 2=MP S=START" over the defaults. */
static bool read_keys(mis_t *mis, const char *keys, const macro_language_t *language)
{
    mis->keys['U'] = MACRO_UP;
    mis->keys['D'] = MACRO_DOWN;
    mis->keys['L'] = MACRO_LEFT;
    mis->keys['R'] = MACRO_RIGHT;
    for (char digit = '1'; digit <= '9'; digit++)
        mis->keys[(int)digit] = imported_attack_button(language, digit - '0');
    for (char letter = 'A'; letter <= 'Z'; letter++)
        if (!mis->keys[(int)letter] && letter != 'W')
            mis->keys[(int)letter] = imported_named_button(language, &letter, 1);
    if (!mis->keys['S']) mis->keys['S'] = imported_named_button(language, "START", 5);
    if (!mis->keys['C']) mis->keys['C'] = imported_named_button(language, "SELECT", 6);
    for (const char *at = keys ? keys : ""; *(at += strspn(at, " "));) {
        const size_t length = strcspn(at, " ");
        const uint16_t pad = length > 2 ? imported_named_button(language, at + 2, length - 2) : 0;
        if (length < 3 || at[1] != '=' || !pad || (unsigned char)at[0] > 0x7E ||
            strchr(".W_^*+-</>()[]$&#!", upper(at[0])))
            return refuse(mis->why,
                          "keys: must be like 1=LP, with a button of the preset, found "
                          "\"%.*s\"",
                          (int)(length < 40 ? length : 40), at);
        mis->keys[(int)upper(at[0])] = pad;
        at += length;
    }
    /* Facing right until mirrored: forward is right. */
    if (!mis->keys['F']) mis->keys['F'] = MACRO_RIGHT;
    if (!mis->keys['B']) mis->keys['B'] = MACRO_LEFT;
    return true;
}

static bool frames_fit(mis_t *mis)
{
    if (mis->frame_idx < MACRO_MAX_FRAMES) return true;
    return refuse(mis->why, "the script must last at most %d frames", MACRO_MAX_FRAMES);
}

static void set_frame(mis_t *mis, int32_t player)
{
    imported_recording_t *recording = &mis->players[player];
    while (recording->num_frames <= mis->frame_idx)
        recording->pads[recording->num_frames++] = mis->held[player];
    recording->pads[mis->frame_idx] = mis->held[player] | mis->pressed[player];
    if (recording->pads[mis->frame_idx]) mis->acted[player] = true;
    mis->pressed[player] = 0;
}

/* One frame, of the player in brackets or of all. */
static bool end_frame(mis_t *mis)
{
    if (!frames_fit(mis)) return false;
    if (mis->bracket_start >= 0)
        set_frame(mis, mis->player);
    else
        for (int32_t p = 0; p < MIS_MAX_PLAYERS; p++) set_frame(mis, p);
    mis->frame_idx++;
    return true;
}

/* The end of a player's part of "<p1/p2>". */
static void end_part(mis_t *mis)
{
    if (mis->frame_idx > mis->bracket_end) mis->bracket_end = mis->frame_idx;
    mis->frame_idx = mis->bracket_start;
}

static bool bracket(mis_t *mis, char c)
{
    if (c == '<' && mis->bracket_start < 0) {
        mis->bracket_start = mis->bracket_end = mis->frame_idx;
        mis->player = 0;
        return true;
    }
    if (mis->bracket_start < 0 || c == '<')
        return refuse(mis->why, "expected < before / and >, and not inside another <");
    end_part(mis);
    if (c == '/') {
        if (mis->player + 1 == MIS_MAX_PLAYERS)
            return refuse(mis->why, "there must be at most %d players", MIS_MAX_PLAYERS);
        mis->player++;
        return true;
    }
    const int32_t end = mis->bracket_end;
    for (int32_t p = 0; p < MIS_MAX_PLAYERS; p++) /* who was done early keeps holding */
        while (mis->players[p].num_frames < end)
            mis->players[p].pads[mis->players[p].num_frames++] = mis->held[p];
    mis->frame_idx = end;
    mis->bracket_start = -1;
    mis->player = 0;
    return true;
}

/* A number at text[*at], moving behind it; -1: none, or too large to mean anything. */
static int32_t read_number(const char *text, size_t *at)
{
    size_t i = *at;
    int32_t value = 0;
    if (text[i] == ' ') i++;
    if (text[i] < '0' || text[i] > '9') return -1;
    for (; text[i] >= '0' && text[i] <= '9'; i++)
        if (value < 1000000) value = value * 10 + (text[i] - '0');
    *at = i;
    return value;
}

static void press_key(mis_t *mis, char c)
{
    const uint16_t pad = (unsigned char)c < 128 ? mis->keys[(int)upper(c)] : 0;
    if (!pad) {
        imported_report(mis->out, "key '%c' is not mapped to a button\n", c);
    } else if (mis->next_key == MIS_HOLD) {
        mis->held[mis->player] |= pad;
    } else if (mis->next_key == MIS_RELEASE) {
        mis->held[mis->player] &= (uint16_t)~pad;
    } else {
        mis->pressed[mis->player] |= pad;
    }
    mis->next_key = MIS_PRESS;
}

static bool change_player(mis_t *mis, char c)
{
    if (mis->bracket_start >= 0) return refuse(mis->why, "expected no %c between < and >", c);
    if (c == '-' && mis->player + 1 == MIS_MAX_PLAYERS)
        return refuse(mis->why, "there must be at most %d players", MIS_MAX_PLAYERS);
    mis->player = c == '+' ? 0 : mis->player + 1;
    return true;
}

/* One character that is no bracket of a loop; *at moves behind what belongs to it. */
static bool read_character(mis_t *mis, size_t *at)
{
    const char c = mis->text[(*at)++];
    switch (c) {
    case ' ':
    case ',':
    case '\t':
    case '\n':
    case '\r': return true;
    case '.': return end_frame(mis);
    case '_': mis->next_key = MIS_HOLD; return true;
    case '^': mis->next_key = MIS_RELEASE; return true;
    case '*': mis->held[mis->player] = 0; return true;
    case '+':
    case '-': return change_player(mis, c);
    case '<':
    case '/':
    case '>': return bracket(mis, c);
    case '$':
    case '&':
        if (read_number(mis->text, at) >= 0)
            imported_report(mis->out, "a savestate operation (%c) is left out\n", c);
        return true;
    case '[':
        *at += strcspn(mis->text + *at, "]");
        if (mis->text[*at]) ++*at;
        imported_report(mis->out, "an analog control is left out\n");
        return true;
    case '?': return true; /* "W 5?": a wait that grows each time it is played; "???" */
    default: break;
    }
    if (upper(c) == 'W') {
        int32_t frames = read_number(mis->text, at);
        if (frames < 0) return refuse(mis->why, "expected a number of frames after W");
        while (frames-- > 0)
            if (!end_frame(mis)) return false;
        return true;
    }
    press_key(mis, c);
    return true;
}

/* close[i]: where the loop that opens at text[i] ends; 0: nowhere. One pass: what is open waits in
 * a list that is linked through `close` itself. NULL: no memory. */
static uint32_t *match_loops(const char *text, uint32_t num_bytes)
{
    uint32_t *close = calloc((size_t)num_bytes + 1, sizeof *close);
    uint32_t open = num_bytes; /* the innermost one; num_bytes: none */
    for (uint32_t i = 0; close && i < num_bytes; i++) {
        if (text[i] == '(') {
            close[i] = open;
            open = i;
        } else if (text[i] == ')' && open != num_bytes) {
            const uint32_t outer = close[open];
            close[open] = i;
            open = outer;
        }
    }
    while (close && open != num_bytes) { /* these never end */
        const uint32_t outer = close[open];
        close[open] = 0;
        open = outer;
    }
    return close;
}

/* text[start .. end). "(...)3" runs its inside three times. */
static bool play(mis_t *mis, size_t start, size_t end, int32_t depth)
{
    for (size_t at = start; at < end;) {
        if (mis->characters_left-- <= 0)
            return refuse(mis->why, "the script's loops run too long: at most %d characters",
                          MIS_MAX_CHARACTERS);
        if (mis->text[at] == ')') return refuse(mis->why, "expected ( before )");
        if (mis->text[at] != '(') {
            if (!read_character(mis, &at)) return false;
            continue;
        }
        const size_t close = mis->close[at];
        if (!close) return refuse(mis->why, "expected ) after (");
        if (depth == MIS_MAX_LOOPS)
            return refuse(mis->why, "loops must be nested at most %d deep", MIS_MAX_LOOPS);
        size_t behind = close + 1;
        int32_t times = read_number(mis->text, &behind);
        if (times < 0) return refuse(mis->why, "expected how often after )");
        while (times-- > 0) {
            if (mis->characters_left-- <= 0)
                return refuse(mis->why, "the script's loops run too long: at most %d characters",
                              MIS_MAX_CHARACTERS);
            if (!play(mis, at + 1, close, depth + 1)) return false;
        }
        at = behind;
    }
    return true;
}

/* A copy without what stands behind '#' in a line, up to the first '!'. NULL: no memory. */
static char *without_comments(const char *text, size_t num_bytes)
{
    char *copy = malloc(num_bytes + 1);
    size_t length = 0;
    bool comment = false;
    for (size_t i = 0; copy && i < num_bytes && text[i]; i++) {
        if (text[i] == '#') comment = true;
        if (text[i] == '\n' || text[i] == '\r') comment = false;
        if (text[i] == '!' && !comment) break;
        if (!comment) copy[length++] = text[i];
    }
    if (copy) copy[length] = '\0';
    return copy;
}

bool import_mis(import_macros_t *out, const char *text, size_t num_bytes, const char *name,
                const char *keys, const macro_language_t *language, why_t why)
{
    *out = (import_macros_t){ 0 };
    if (num_bytes > IMPORT_FILE_BYTES)
        return refuse(why, "a script must be at most %u bytes, found %zu", IMPORT_FILE_BYTES,
                      num_bytes);
    char *copy = without_comments(text, num_bytes);
    mis_t mis = { .out = out,
                  .text = copy,
                  .close = copy ? match_loops(copy, (uint32_t)strlen(copy)) : NULL,
                  .bracket_start = -1,
                  .characters_left = MIS_MAX_CHARACTERS,
                  .why = why };
    mis.players = calloc(MIS_MAX_PLAYERS, sizeof *mis.players);
    bool ok = mis.close && mis.players ? true : refuse(why, "no memory for a script");
    ok = ok && read_keys(&mis, keys, language) && play(&mis, 0, strlen(copy), 0);
    if (ok && mis.bracket_start >= 0) ok = refuse(why, "expected > after <");
    for (int32_t p = 0; ok && p < MIS_MAX_PLAYERS; p++) {
        char full[PRESET_NAME_BYTES + 16];
        if (mis.pressed[p])
            imported_report(out, "player %d presses something at the end, and no frame follows\n",
                            (int)p + 1);
        if (!mis.acted[p]) continue;
        snprintf(full, sizeof full, p ? "%.50s P%d" : "%.50s", name, (int)p + 1);
        imported_add(out, full, p, &mis.players[p], language);
    }
    free(copy);
    free(mis.close);
    free(mis.players);
    if (ok && !out->num_macros && !out->report[0]) ok = refuse(why, "the script presses nothing");
    return ok;
}
