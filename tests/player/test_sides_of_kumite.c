/* test_sides_of_kumite.c - a game and its mirror image: what port 1 got, port 2 gets.
 *
 * Two agents play Kumite's versus mode, on nestopia, by random scripts. Then the same once more
 * with the scripts, and the characters, exchanged. As long as the game itself is mirrored (its
 * bytes in memory say so, read here without the preset), the second port of the second course must
 * get what the first port of the first got, and the other way round, frame by frame and to the bit:
 * picture, numbers, facing, pad, decisions, rewards, ends, results.
 *
 * What the game does not mirror is taken away: the scenery, words and digits (the background is
 * switched off), and the colours of the clothes (both wear the same). Where the two stand mirrored
 * to each other, the first fighter moves first (games/kumite/README.md, Both sides): a course ends
 * where that made a difference, and pictures are left out, because one is drawn before the other.
 */
#include "player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kumite_ram.h"
#include "splitmix.h"
#include "why.h"
#include "../leaky_cores.h"

enum { COURSES = 12, FRAMES = 1200, FIGHTER_BYTES = 0x336 - KUMITE_HEALTH };
enum { PALETTE_BYTES = 32, CLOTHES = 18, BAND = 26, SHOW_SPRITES = 0x16, PICTURES = 4 };
enum { VALUE_BYTES = 2 * 96, LOOK_BYTES = PLAYER_PICTURE_BYTES + VALUE_BYTES };

/* What one port got in one frame. */
typedef struct {
    uint64_t pictures_hash;
    uint8_t values[VALUE_BYTES]; /* of the newest look */
    bool faces_left, closed;
    uint16_t pad;
    player_outcome_t outcome;
} got_t;

static preset_t *preset;
static bridge_t *bridge;
static player_t *player;
static uint8_t *ram;
static int32_t pal_buf, pal_dirty, ppu_mask;

static got_t got[FRAMES][2];
static uint8_t fighters[FRAMES][2][FIGHTER_BYTES];
static uint8_t rest[FRAMES][3];
static bool stands_mirrored[FRAMES];

/* ---- the game ---- */

static int32_t address_of(const char *map, const char *name)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\n%s ", name);
    for (const char *at = strstr(map, "Exports list by name"); at; at = strstr(at + 1, name))
        if (at[-1] == '\n' || at[-1] == ' ') {
            char found[64];
            unsigned address;
            if (sscanf(at, "%63s %x", found, &address) == 2 && strcmp(found, name) == 0)
                return (int32_t)address;
        }
    fail_msg("%s is not in kumite.map", name);
    return -1;
}

static int open_game(void **state)
{
    (void)state;
    why_t why = "";
    char path[1024];
    static char map[1 << 18];
    const char *build = getenv("KATA_BUILD"), *own = getenv("KATA_NESTOPIA");
    build = build ? build : "build/release";
    snprintf(path, sizeof path, "%s/games/kumite-obj/kumite.map", build);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s", path);
    assert_true(fread(map, 1, sizeof map - 1, file) > 0);
    fclose(file);
    pal_buf = address_of(map, "_pal_buf");
    pal_dirty = address_of(map, "_pal_dirty");
    ppu_mask = address_of(map, "_ppu_mask");

    const bridge_config_t bridge_config = {
        .core_path = own ? own : "/usr/lib/x86_64-linux-gnu/libretro/nestopia_libretro.so"
    };
    snprintf(path, sizeof path, "%s/games/kumite.nes", build);
    if (!preset_load(&preset, "presets/library/nes/Kumite.kata.json", why)) fail_msg("%s", why);
    if (bridge_open(&bridge, &bridge_config, why) != BRIDGE_OK) fail_msg("%s", why);
    if (bridge_load(bridge, path, NULL, 0, why) != BRIDGE_OK) fail_msg("%s", why);
    ram = (uint8_t *)(uintptr_t)bridge_address(bridge, 0, 2048, 0);
    assert_non_null(ram);
    player_config_t config;
    player_config_defaults(&config, bridge, preset);
    config.ports = 3;
    config.eyes = AGENT_EYES_BOTH;
    assert_int_equal(2 * preset_num_observed(preset), VALUE_BYTES);
    config.max_idle_frames = 0;
    config.discount_per_step = 0.97f;
    if (!player_create(&player, &config, why)) fail_msg("%s", why);
    if (!player_boot(player, preset_find_start(preset, "versus"), why)) fail_msg("%s", why);
    return 0;
}

static int close_game(void **state)
{
    (void)state;
    player_destroy(player);
    bridge_close(bridge);
    preset_free(preset);
    return 0;
}

/* Each frame, because the game writes them anew where a screen begins. */
static void undress(void)
{
    ram[ppu_mask] = SHOW_SPRITES;
    ram[pal_buf + CLOTHES + 4] = ram[pal_buf + CLOTHES];
    ram[pal_buf + BAND + 4] = ram[pal_buf + BAND];
    ram[pal_dirty] = 1;
}

static bool is_pair_of_places(int32_t address)
{
    return address == KUMITE_X || address == KUMITE_PROJ_X;
}

/* The bytes of fighter f as they would be on the other side, if `mirrored`. */
static void take_fighter(uint8_t out[FIGHTER_BYTES], int32_t f, bool mirrored)
{
    for (int32_t i = 0; i < FIGHTER_BYTES; i += 2) {
        const int32_t address = KUMITE_HEALTH + i;
        uint8_t value = ram[address + f];
        if (mirrored && is_pair_of_places(address)) value = (uint8_t)(256 - value);
        if (mirrored && address == KUMITE_FACING) value ^= 1;
        if ((address == KUMITE_PROJ_X || address == KUMITE_PROJ_Y) && !ram[KUMITE_PROJ_ON + f])
            value = 0; /* of a projectile that is gone */
        out[i] = value;
        out[i + 1] = 0;
    }
}

static void take_rest(uint8_t out[3], bool exchanged)
{
    const uint8_t result = ram[KUMITE_ROUND_RESULT];
    out[0] = ram[KUMITE_ROUND_STATE];
    out[1] = ram[KUMITE_HITSTOP];
    out[2] = exchanged && (result == 1 || result == 2) ? 3 - result : result;
}

/* ---- a course ---- */

static uint64_t hash_of(const uint8_t *bytes, size_t num_bytes)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < num_bytes; i++) hash = (hash ^ bytes[i]) * 1099511628211u;
    return hash;
}

/* Fighter f of the first course is fighter 1 - f of the second. */
static void begin(int32_t course, bool exchanged)
{
    why_t why;
    if (!player_reset(player, why)) fail_msg("%s", why);
    const uint8_t characters[2] = { (uint8_t)(course % 3), (uint8_t)(course / 3 % 3) };
    for (int32_t f = 0; f < 2; f++) ram[KUMITE_CHARACTER + (f ^ exchanged)] = characters[f];
}

/* The next action of a script: mostly what moves and hits. */
static int32_t next_action(uint64_t *script)
{
    return (int32_t)splitmix_below(script, (uint32_t)preset_num_actions(preset));
}

static void take(got_t *out, uint32_t port, const player_news_t *news)
{
    *out = (got_t){ .faces_left = preset_faces_left(preset, port, player_variables(player)),
                    .closed = news->closed >> port & 1,
                    .pad = player_pad(player, port) };
    if (out->closed) out->outcome = news->outcomes[port];
    const uint8_t *looks = player_observation(player, port);
    out->pictures_hash = 0;
    for (int32_t c = 0; c < PLAYER_OBS_STACK; c++)
        out->pictures_hash =
            out->pictures_hash * 31 + hash_of(looks + c * LOOK_BYTES, PLAYER_PICTURE_BYTES);
    memcpy(out->values, looks + PLAYER_OBS_STACK * LOOK_BYTES - VALUE_BYTES, VALUE_BYTES);
}

static void frame(uint64_t scripts[2], bool exchanged, got_t out[2])
{
    for (uint32_t port = 0; port < 2; port++)
        if (player_wants_action(player, port))
            player_begin(player, port, next_action(&scripts[port ^ (uint32_t)exchanged]));
    undress();
    const player_news_t *news = player_frame(player, NULL);
    for (uint32_t port = 0; port < 2; port++) take(&out[port ^ (uint32_t)exchanged], port, news);
}

static void first_course(int32_t course)
{
    uint64_t scripts[2] = { (uint64_t)course * 2 + 1, (uint64_t)course * 2 + 2 };
    begin(course, false);
    for (int32_t i = 0; i < FRAMES; i++) {
        frame(scripts, false, got[i]);
        for (int32_t f = 0; f < 2; f++) take_fighter(fighters[i][f], f, false);
        take_rest(rest[i], false);
        stands_mirrored[i] = ram[KUMITE_X] + ram[KUMITE_X + 1] == 256;
    }
}

static bool is_mirrored(int32_t i)
{
    uint8_t other[3];
    take_rest(other, true);
    if (memcmp(other, rest[i], sizeof other) != 0) return false;
    for (int32_t f = 0; f < 2; f++) {
        uint8_t there[FIGHTER_BYTES];
        take_fighter(there, 1 - f, true);
        if (memcmp(there, fighters[i][f], FIGHTER_BYTES) != 0) return false;
    }
    return true;
}

static void expect_same(int32_t course, int32_t i, int32_t f, const got_t *there, bool pictures)
{
    const got_t *here = &got[i][f];
    const player_outcome_t *a = &here->outcome, *b = &there->outcome;
    if (here->faces_left == there->faces_left)
        fail_msg("course %d frame %d fighter %d: facing", course, i, f);
    if (macro_mirror(here->pad) != there->pad)
        fail_msg("course %d frame %d fighter %d: pad %x, %x", course, i, f, here->pad, there->pad);
    if (here->closed != there->closed || a->action != b->action || a->reward != b->reward ||
        a->duration_frames != b->duration_frames || a->terminal != b->terminal ||
        a->truncated != b->truncated || a->result != b->result ||
        a->episode_return != b->episode_return)
        fail_msg("course %d frame %d fighter %d: outcome %g, %g", course, i, f, (double)a->reward,
                 (double)b->reward);
    for (int32_t v = 0; v < VALUE_BYTES / 2; v++)
        if (memcmp(here->values + 2 * v, there->values + 2 * v, 2) != 0)
            fail_msg("course %d frame %d fighter %d: number %d", course, i, f, v);
    if (pictures && here->pictures_hash != there->pictures_hash)
        fail_msg("course %d frame %d fighter %d: picture", course, i, f);
}

static void test_exchanged_pads_are_the_mirrored_game(void **state)
{
    (void)state;
    int32_t num_frames = 0, num_pictures = 0, num_decisions = 0, num_ends = 0, num_left = 0;
    float rewards = 0;
    for (int32_t course = 0; course < COURSES; course++) {
        uint64_t scripts[2] = { (uint64_t)course * 2 + 1, (uint64_t)course * 2 + 2 };
        first_course(course);
        begin(course, true);
        int32_t since_mirrored = 0; /* frames for which no picture in the ring is excused */
        for (int32_t i = 0; i < FRAMES; i++) {
            got_t there[2];
            frame(scripts, true, there);
            if (!is_mirrored(i)) break;
            since_mirrored = stands_mirrored[i] ? 0 : since_mirrored + 1;
            const bool pictures = since_mirrored > (PICTURES + 1) * preset_frame_skip(preset);
            for (int32_t f = 0; f < 2; f++) {
                expect_same(course, i, f, &there[f], pictures);
                num_decisions += there[f].closed;
                num_ends += there[f].closed && there[f].outcome.terminal;
                num_left += there[f].faces_left;
                if (there[f].closed && there[f].outcome.reward > 0)
                    rewards += there[f].outcome.reward;
            }
            num_frames++;
            num_pictures += pictures;
        }
    }
    print_message("%d frames of %d are mirrored by the game, %d with pictures compared: "
                  "%d decisions, %d ends, %d times looking left, rewards of %g\n",
                  num_frames, COURSES * FRAMES, num_pictures, num_decisions, num_ends, num_left,
                  (double)rewards);
    assert_true(num_frames > COURSES * FRAMES / 2 && num_pictures > num_frames / 2);
    assert_true(num_decisions > 1000 && num_ends >= 2 && num_left > 1000 && rewards > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchanged_pads_are_the_mirrored_game),
    };
    return cmocka_run_group_tests(tests, open_game, close_game);
}
