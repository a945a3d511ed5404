/* watch_me.c - what kata_mode watch learns from somebody who plays Kumite; watch_me.sh runs it.
 *
 *     watch_me play FILE MINUTES       the agent of KATA_HOME, or the one of the box, plays so many
 *                                      minutes of the game, 5 % of its moves random; what the pads
 *                                      held goes into FILE
 *     watch_me watch FILE              FILE is held on the pads as a human would, in kata_mode
 * watch watch_me score FILE GAME_DIR...  the decisions of pad 1 in FILE, as watch decodes them:
 * what share of them would each folder's agent have made?
 *
 * FILE begins at power-on, so what is held in it leads through the same game again.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bridge.h"
#include "demonstration.h"
#include "digest.h"
#include "frontend.h"
#include "player.h"
#include "policy.h"
#include "recording.h"
#include "why.h"

enum { FPS = 60, MEMORY_BYTES = 2048, NAP_NS = 4000000 };

/* In place of the C library's: the learner has its share of a busy machine, too. */
__attribute__((visibility("default"))) int sched_setscheduler(pid_t pid, int policy,
                                                              const struct sched_param *param)
{
    (void)pid, (void)policy, (void)param;
    return 0;
}

static frontend_t front;
static char plugin[1024], rom[1024], save_dir[1024];

/* Where one begins the console was reset; the first begins at power-on. */
static bool begins_segment(const recording_t *recording, int32_t frame)
{
    for (int32_t s = 1; s < recording->num_segments; s++)
        if (recording->segments[s] == frame) return true;
    return false;
}

static int complain(const char *text)
{
    fprintf(stderr, "watch_me: %s\n", text);
    return 1;
}

static void open_game(const char *mode)
{
    frontend_open(&front, plugin);
    front.save_dir = save_dir;
    frontend_init(&front);
    frontend_set_option(&front, "kata_mode", mode);
    frontend_set_option(&front, "kata_start", "level1");
    if (!frontend_load(&front, rom)) fail_msg("%s", front.messages[0]);
}

static void print_memory(const void *memory)
{
    char sha1[41];
    digest_sha1_hex(memory, MEMORY_BYTES, sha1);
    printf("memory %s\n", sha1);
}

/* Rounds of Kumite that pad 1 won and lost, by their number in the match. */
static void run_and_count(int frames)
{
    enum { ROUND_NO = 0x305, ROUNDS_WON = 0x31c, ROUNDS_LOST = 0x31d, MOST = 4 };
    int won[MOST] = { 0 }, lost[MOST] = { 0 }, won_before = 0, lost_before = 0;
    for (int i = 0; i < frames; i++) {
        const int round = frontend_ram(&front, ROUND_NO) % MOST;
        frontend_run(&front, 1);
        const int won_now = frontend_ram(&front, ROUNDS_WON);
        const int lost_now = frontend_ram(&front, ROUNDS_LOST);
        won[round] += won_now == won_before + 1;
        lost[round] += lost_now == lost_before + 1;
        won_before = won_now;
        lost_before = lost_now;
    }
    for (int r = 1; r < MOST; r++) printf("round %d: won %d, lost %d\n", r, won[r], lost[r]);
}

static int play(const char *file, const char *minutes)
{
    setenv("KATA_RECORD", file, 1);
    open_game("play");
    frontend_set_option(&front, "kata_epsilon", "5"); /* no two fights are alike */
    run_and_count(atoi(minutes) * 60 * FPS);
    for (int i = 0; i < front.num_messages; i++) printf("said: %s\n", front.messages[i]);
    print_memory(front.core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM));
    frontend_close(&front);
    return 0;
}

/* ---- watch ---- */

/* About four times as fast as a human plays, so that the learner comes along. */
static int watch(const char *file)
{
    recording_t recording;
    why_t why;
    if (!recording_read(&recording, file, why)) return complain(why);
    open_game("watch");
    for (int32_t i = 0; i < recording.num_frames; i++) {
        if (begins_segment(&recording, i)) front.core.reset();
        for (int32_t port = 0; port < 2; port++)
            front.pad[port] = port < recording.num_ports ? recording_pads(&recording, port)[i] : 0;
        frontend_run(&front, 1);
        nanosleep(&(struct timespec){ .tv_nsec = NAP_NS }, NULL);
    }
    for (int i = 0; i < front.num_messages; i++) printf("said: %s\n", front.messages[i]);
    printf("%d frames: %s\n", (int)recording.num_frames, front.status);
    print_memory(front.core.get_memory_data(RETRO_MEMORY_SYSTEM_RAM));
    frontend_close(&front);
    recording_free(&recording);
    return 0;
}

/* ---- score ---- */

/* An agent, and the game as its preset shows it. */
typedef struct {
    preset_t *preset;
    policy_t *policy;
    bridge_t *bridge;
    player_t *player;
    demonstration_t *human;
    int32_t decisions, macros, counts[PRESET_MAX_ACTIONS]; /* the human's */
    int32_t alike, alike_macros; /* that it would have made; of those that are macros */
} score_t;

static bool open_score(score_t *score, const char *dir, why_t why)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/preset.json", dir);
    if (!preset_load(&score->preset, path, why)) return false;
    snprintf(path, sizeof path, "%s/agent.safetensors", dir);
    if (policy_load(&score->policy, path, NULL, 0, why) != AGENT_OK) return false;
    const agent_config_t *agent = policy_config(score->policy);
    agent_config_t seen = *agent;
    if (!player_set_eyes(&seen, score->preset, agent->eyes, why)) return false;
    if (agent->num_actions != preset_num_actions(score->preset) ||
        agent->obs_values != seen.obs_values)
        return refuse(why, "%s: its agent has other actions or numbers than its preset", dir);
    const bridge_config_t config = { .core_path = getenv("WATCH_ME_CORE") };
    if (bridge_open(&score->bridge, &config, why) != BRIDGE_OK ||
        bridge_load(score->bridge, rom, NULL, 0, why) != BRIDGE_OK)
        return false;
    player_config_t game;
    player_config_defaults(&game, score->bridge, score->preset);
    game.ports = 1;
    game.eyes = agent->eyes;
    if (!player_create(&score->player, &game, why)) return false;
    player_wish(score->player, &(holder_wish_t){ 0 }); /* the pads are the recording's */
    score->human = demonstration_create(&(demonstration_config_t){
        score->preset, agent->discount_per_step, agent_obs_bytes(agent) });
    return score->human || refuse(why, "out of memory");
}

static void count(score_t *score, const demonstration_decision_t *decision)
{
    const int32_t action = decision->outcome.action;
    const bool is_macro = preset_action(score->preset, action)->is_macro;
    const bool is_alike = policy_greedy(score->policy, decision->before, 0.0f) == action;
    score->decisions++;
    score->macros += is_macro;
    score->counts[action]++;
    score->alike += is_alike;
    score->alike_macros += is_alike && is_macro;
}

/* As frame_learning_watch() and frame_learning_note() of the plugin do it. */
static void score_frame(score_t *score, uint16_t pad)
{
    player_t *player = score->player;
    const int64_t *now = player_variables(player);
    const bool fights =
        (!preset_knows_fight(score->preset) || preset_fight(score->preset, 0, now, now)) &&
        !preset_done(score->preset, 0, now, now);
    demonstration_frame_t seen = {
        .obs = fights && player_begins_step(player) ? player_observation(player, 0) : NULL,
        .pad = pad,
        .faces_left = preset_faces_left(score->preset, 0, now),
    };
    if (!fights) demonstration_break(score->human);
    player_see_pad(player, 0, pad);
    const player_news_t *news = player_frame(player, NULL);
    if (!fights) return;
    seen.reward = news->rewards[0];
    seen.ended = news->ended & 1;
    seen.result = news->results[0];
    demonstration_frame(score->human, &seen);
    demonstration_decision_t decision;
    while (demonstration_next(score->human, &decision)) count(score, &decision);
}

static void reset_score(score_t *score)
{
    bridge_reset(score->bridge);
    demonstration_break(score->human);
    player_power_on(score->player);
}

static void print_score(const score_t *score, const char *dir)
{
    int32_t most = 0;
    for (int32_t a = 1; a < preset_num_actions(score->preset); a++)
        if (score->counts[a] > score->counts[most]) most = a;
    printf("%s: %d of %d decisions as the human, %.1f %%; of his %d macros %.1f %%; his most "
           "frequent move, %s, is %.1f %%\n",
           dir, (int)score->alike, (int)score->decisions, 100.0 * score->alike / score->decisions,
           (int)score->macros, 100.0 * score->alike_macros / score->macros,
           preset_action(score->preset, most)->name,
           100.0 * score->counts[most] / score->decisions);
}

static void close_score(score_t *score)
{
    demonstration_destroy(score->human);
    player_destroy(score->player);
    bridge_close(score->bridge);
    policy_destroy(score->policy);
    preset_free(score->preset);
}

static int score_agent(const recording_t *recording, const char *dir)
{
    score_t score = { 0 };
    why_t why;
    if (!open_score(&score, dir, why)) return complain(why);
    for (int32_t i = 0; i < recording->num_frames; i++) {
        if (begins_segment(recording, i)) reset_score(&score);
        for (int32_t port = 0; port < recording->num_ports && port < 2; port++)
            bridge_hold(score.bridge, (uint32_t)port, recording_pads(recording, port)[i]);
        score_frame(&score, recording_pads(recording, 0)[i]);
    }
    print_memory(bridge_address(score.bridge, 0, MEMORY_BYTES, preset_ram_base(score.preset)));
    if (score.decisions == 0 || score.macros == 0) return complain("no decisions, or no macros");
    print_score(&score, dir);
    close_score(&score);
    return 0;
}

int main(int argc, char **argv)
{
    const char *build = getenv("KATA_BUILD");
    snprintf(plugin, sizeof plugin, "%s/kata_libretro.so", build ? build : "build/release");
    snprintf(rom, sizeof rom, "%s/games/kumite.nes", build ? build : "build/release");
    snprintf(save_dir, sizeof save_dir, "%s", getenv("KATA_HOME") ? getenv("KATA_HOME") : ".");
    if (argc == 4 && strcmp(argv[1], "play") == 0) return play(argv[2], argv[3]);
    if (argc == 3 && strcmp(argv[1], "watch") == 0) return watch(argv[2]);
    recording_t recording;
    why_t why;
    if (argc >= 4 && strcmp(argv[1], "score") == 0) {
        if (!recording_read(&recording, argv[2], why)) return complain(why);
        int failed = 0;
        for (int i = 3; i < argc; i++) failed |= score_agent(&recording, argv[i]);
        recording_free(&recording);
        return failed;
    }
    return complain("the head of watch_me.c says how it is used");
}
