/* export.c - `kata export GAME|ROM|DIR`: one file to send, with the agent if it is asked for. */
#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "canonical.h"
#include "commands.h"
#include "files.h"
#include "league.h"
#include "note.h"
#include "package_show.h"
#include "policy.h"
#include "recording.h"
#include "runlog.h"
#include "saved_game.h"
#include "shelf.h"
#include "why.h"

enum { HALF_MANTISSA_BITS = 10 };

typedef struct {
    const char *out, *name, *agent, *dir;
    int64_t round;
    bool with_agent, with_strengths, with_recordings, half, replace;
} export_values_t;

static const option_t rows[] = {
    { "with-agent", OPTION_FLAG, offsetof(export_values_t, with_agent), NULL, 0, 0,
      "with the weights that play, its rating and how it was trained" },
    { "with-strengths", OPTION_FLAG, offsetof(export_values_t, with_strengths), NULL, 0, 0,
      "and the past selves that are its easy, normal and hard, in half precision; needs "
      "--with-agent" },
    { "with-recordings", OPTION_FLAG, offsetof(export_values_t, with_recordings), NULL, 0, 0,
      "and with what people held on their pads; needs --with-agent" },
    { "half", OPTION_FLAG, offsetof(export_values_t, half), NULL, 0, 0,
      "weights in half precision: half the size, nearly the same play" },
    { "round", OPTION_COUNT, offsetof(export_values_t, round), "BITS", 1, HALF_MANTISSA_BITS,
      "with --half: keep so many of a half's 10 mantissa bits, so that the zip is smaller" },
    { "name", OPTION_TEXT, offsetof(export_values_t, name), "NAME", 0, 0,
      "what the agent is called where it arrives: a-z 0-9 - _ [the game's name]" },
    { "agent", OPTION_TEXT, offsetof(export_values_t, agent), "NAME", 0, 0,
      "whose agent: `kata agents` lists them [own, else the one that came last]" },
    { "dir", OPTION_TEXT, offsetof(export_values_t, dir), "DIR", 0, 0,
      "of a ROM: what `kata train --dir DIR` saved there" },
    { "out", OPTION_TEXT, offsetof(export_values_t, out), "FILE", 0, 0,
      "save it there [NAME.kata, here]" },
    { "replace", OPTION_FLAG, offsetof(export_values_t, replace), NULL, 0, 0,
      "even if the file is there" },
};
static void defaults(void *values)
{
    ((export_values_t *)values)->round = OPTION_UNSET;
}

static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

typedef struct {
    const export_values_t *values;
    saved_game_t saved;
    preset_t *preset;
    package_t package;
    league_t league; /* with --with-strengths: whose strengths are sent */
    uint64_t champion_decisions;
    int32_t champion;  /* past self that is sent as the agent; 0: the agent itself */
    char skipped[256]; /* what is not sent, for a sentence */
    why_t why;
} export_t;

/* ---- which agent, and its name ---- */

static bool choose_agent(export_t *e)
{
    saved_game_t *saved = &e->saved;
    char name[PACKAGE_NAME_BYTES];
    why_t cause;
    if (e->values->dir) snprintf(saved->dir, sizeof saved->dir, "%s", e->values->dir);
    if (e->values->dir && e->values->agent)
        return refuse(e->why, "--dir and --agent both say whose agent; give one");
    if (!e->values->agent && !e->values->dir) return true;
    if (e->values->agent && !saved->sha1[0])
        return refuse(e->why, "--agent: which game it is is not known; name its ROM");
    if (e->values->agent &&
        !shelf_find(saved->dir, name, NULL, saved->system, saved->sha1, e->values->agent, cause))
        return refuse(e->why, "%s", cause);
    if (snprintf(saved->preset_path, sizeof saved->preset_path, "%s/preset.json", saved->dir) >=
        (int)sizeof saved->preset_path)
        return refuse(e->why, "%.200s...: too long a path", saved->dir);
    return true;
}

/* "Street Fighter II" is street-fighter-ii. */
static bool name_it(export_t *e)
{
    char *name = e->package.name;
    if (e->values->name) {
        if (!package_name_is_valid(e->values->name))
            return refuse(e->why,
                          "--name must be 1 to %d of a-z 0-9 - _, but not \"own\", found \"%.60s\"",
                          PACKAGE_NAME_BYTES - 1, e->values->name);
        snprintf(name, PACKAGE_NAME_BYTES, "%s", e->values->name);
        return true;
    }
    size_t length = 0;
    for (const char *c = preset_game(e->preset); *c && length < PACKAGE_NAME_BYTES - 1; c++)
        if (isalnum((unsigned char)*c))
            name[length++] = (char)tolower((unsigned char)*c);
        else if (length > 0 && name[length - 1] != '-')
            name[length++] = '-';
    while (length > 0 && name[length - 1] == '-') length--;
    name[length] = '\0';
    if (!package_name_is_valid(name)) strcpy(name, "agent");
    return true;
}

/* ---- the agent ---- */

/* To the nearest with `bits` of mantissa, ties to even; a carry into the exponent is right. */
static float rounded(float value, int bits)
{
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    const int dropped = 23 - bits;
    const uint32_t half = (uint32_t)1 << (dropped - 1), odd = word >> dropped & 1;
    word = (word + half - 1 + odd) & ~(((uint32_t)1 << dropped) - 1);
    memcpy(&value, &word, sizeof value);
    return value;
}

static bool round_weights(export_t *e, policy_t *policy)
{
    if (e->values->round == OPTION_UNSET) return true;
    const size_t count = policy_num_weights(policy);
    float *weights = malloc(count * sizeof *weights);
    if (!weights) return refuse(e->why, "no memory for rounded weights");
    policy_write_greedy_weights(policy, weights);
    for (size_t i = 0; i < count; i++) weights[i] = rounded(weights[i], (int)e->values->round);
    policy_take_weights(policy, weights);
    free(weights);
    return true;
}

/* A folder of its own for what is written only to be read; gone before anything is sent. */
static bool make_folder(char folder[512], char *why)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, 512, "%.400s/kata-XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(folder) || refuse(why, "%s: cannot be made", folder);
}

/* Reads the file, which is then gone, as a part. */
static bool add_file(export_t *e, const char *path, const char *part)
{
    uint8_t *bytes = NULL;
    size_t num_bytes = 0;
    const bool ok = files_read(path, PACKAGE_MAX_BYTES, &bytes, &num_bytes, e->why);
    unlink(path);
    return ok && package_add(&e->package, part, bytes, num_bytes, e->why);
}

static bool add_weights(export_t *e, const policy_t *policy, const char *note)
{
    char folder[512], path[600];
    why_t cause;
    if (!make_folder(folder, e->why)) return false;
    snprintf(path, sizeof path, "%s/" PACKAGE_AGENT, folder);
    const bool ok = policy_save(policy, path, note, e->values->half, cause) == AGENT_OK;
    const bool added = ok ? add_file(e, path, PACKAGE_AGENT) : refuse(e->why, "%s", cause);
    rmdir(folder);
    return added;
}

/* A core's name, never its folder. */
static void take_name(char out[PACKAGE_TEXT_BYTES], const cJSON *state, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(state, key));
    snprintf(out, PACKAGE_TEXT_BYTES, "%s", text ? files_name(text) : "");
}

/* What train.state tells of how it was trained; a missing one tells nothing. */
static void take_state(package_training_t *training, const char *dir)
{
    char path[HOME_PATH_BYTES + 16];
    uint8_t *bytes;
    size_t num_bytes;
    snprintf(path, sizeof path, "%s/train.state", dir);
    if (!files_read(path, 1 << 20, &bytes, &num_bytes, NULL)) return;
    cJSON *state = cJSON_ParseWithLength((const char *)bytes, num_bytes);
    free(bytes);
    take_name(training->core, state, "core");
    take_name(training->start, state, "start");
    take_name(training->versus, state, "versus");
    const double frames = runlog_number(state, "frames"), port = runlog_number(state, "port");
    if (frames >= 0 && frames < 9e15) training->frames = (int64_t)frames;
    if (port == 2) training->port = 2;
    cJSON_Delete(state);
}

/* The last evaluation that was logged. */
static bool take_rating(void *context, const char *kind, const cJSON *line)
{
    package_rating_t *rating = context;
    if (strcmp(kind, "evaluation") != 0) return true;
    *rating = (package_rating_t){
        .episodes = (int32_t)fmin(fmax(runlog_number(line, "episodes"), 0), 1e9),
        .won = (int32_t)fmin(fmax(runlog_number(line, "won"), 0), 1e9),
        .lost = (int32_t)fmin(fmax(runlog_number(line, "lost"), 0), 1e9),
        .drawn = (int32_t)fmin(fmax(runlog_number(line, "drawn"), 0), 1e9),
        .win_rate = runlog_number(line, "win_rate"),
        .win_low = runlog_number(line, "win_low"),
        .win_high = runlog_number(line, "win_high"),
        .mean_return = runlog_number(line, "mean_return"),
    };
    return true;
}

typedef struct {
    const char *dir;
    package_training_t *training;
} sent_before_t;

static bool take_sent_before(void *context, const shelf_agent_t *agent)
{
    sent_before_t *sent = context;
    if (strcmp(agent->dir, sent->dir) != 0 || !agent->package) return true;
    *sent->training = agent->package->training;
    return false;
}

static void take_training(export_t *e, const policy_t *policy)
{
    package_training_t *training = &e->package.training;
    uint64_t decisions, updates;
    training->port = 1;
    take_state(training, e->saved.dir);
    runlog_read(e->saved.dir, take_rating, &training->rating);
    sent_before_t sent = { e->saved.dir, training };
    if (e->saved.sha1[0]) shelf_list(NULL, e->saved.system, e->saved.sha1, take_sent_before, &sent);
    policy_trained(policy, &decisions, &updates);
    training->decisions = (int64_t)decisions;
    training->updates = (int64_t)updates;
    training->is_half = e->values->half;
}

/* Self-play does not only rise: where a past self is surely stronger than the agent (their 95 %
 * intervals of rating are apart), it is what is sent, and easier ones are chosen below it. */
static void crown(export_t *e)
{
    league_t *league = &e->league;
    int32_t best = -1;
    for (int32_t i = 0; i < league->num_entries; i++) {
        const glicko_t *rating = &league->entries[i].rating;
        const double apart = GLICKO_95 * hypot(rating->deviation, league->agent.deviation);
        if (rating->rating - league->agent.rating > apart &&
            (best < 0 || rating->rating > league->entries[best].rating.rating))
            best = i;
    }
    if (best < 0) return;
    e->champion = league->entries[best].number;
    e->champion_decisions = league->entries[best].decisions;
    printf("the past self %04d is sent as the agent: its rating is %.0f, the agent's %.0f\n",
           (int)e->champion, league->entries[best].rating.rating, league->agent.rating);
    league->agent = league->entries[best].rating;
    league->agent_rounds = league->entries[best].rounds;
    league->num_entries--;
    memmove(&league->entries[best], &league->entries[best + 1],
            (size_t)(league->num_entries - best) * sizeof league->entries[0]);
    (void)league_choose_strengths(league);
}

static bool open_league(export_t *e)
{
    if (!league_open(&e->league, e->saved.dir, e->why)) return false;
    crown(e);
    return e->league.strengths[LEAGUE_EASY] ||
           refuse(e->why, "--with-strengths: no strengths were chosen yet among past selves; "
                          "`kata train --versus self` makes them");
}

static bool add_agent(export_t *e)
{
    char path[HOME_PATH_BYTES + 32];
    why_t cause;
    policy_t *policy = NULL;
    if (!e->saved.dir[0])
        return refuse(e->why,
                      "--with-agent: nothing was trained on it: `kata train` makes an agent");
    if (!e->saved.sha1[0])
        return refuse(e->why,
                      "--with-agent: which game %.300s is of is not known; name the ROM, or "
                      "a folder called SYSTEM-SHA1",
                      e->saved.dir);
    char *note = calloc(1, NOTE_BYTES);
    if (!note) return refuse(e->why, "no memory for the agent");
    snprintf(path, sizeof path, "%s/" PACKAGE_AGENT, e->saved.dir);
    if (e->champion) league_weights_path(&e->league, e->champion, path);
    bool ok = policy_load(&policy, path, note, NOTE_BYTES, cause) == AGENT_OK &&
              note_fits(note, policy_config(policy), e->preset, cause);
    if (!ok) refuse(e->why, "%s", cause);
    uint64_t decisions = 0;
    if (ok) policy_trained(policy, &decisions, NULL);
    if (ok && e->champion && decisions == 0) /* kept by a Kata that did not write them down */
        policy_set_trained(policy, e->champion_decisions, 0);
    e->package.has_agent = true;
    ok = ok && round_weights(e, policy) && add_weights(e, policy, note);
    if (ok) take_training(e, policy);
    if (e->champion) e->package.training.rating = (package_rating_t){ 0 }; /* another's */
    policy_destroy(policy);
    free(note);
    return ok;
}

/* ---- its strengths ---- */

/* Weights and actions of a past self, written anew: nothing else that stands in the file is sent.
 */
static bool add_past_self(export_t *e, const league_t *league, league_t *sent, int32_t number)
{
    char from[HOME_PATH_BYTES], to[HOME_PATH_BYTES], part[PACKAGE_PART_NAME_BYTES];
    why_t cause;
    policy_t *policy = NULL;
    char *note = calloc(1, NOTE_BYTES);
    if (!note) return refuse(e->why, "no memory for a past self");
    league_weights_path(league, number, from);
    league_weights_path(sent, number, to);
    bool ok = policy_load_alone(&policy, from, note, NOTE_BYTES, cause) == AGENT_OK &&
              note_fits(note, policy_config(policy), e->preset, cause);
    ok = ok ? round_weights(e, policy) : refuse(e->why, "%s", cause);
    if (ok && policy_save(policy, to, note, true, cause) != AGENT_OK &&
        policy_save(policy, to, note, false, cause) != AGENT_OK)
        ok = refuse(e->why, "%s", cause);
    policy_destroy(policy);
    free(note);
    snprintf(part, sizeof part, PACKAGE_PAST "%04d.safetensors", (int)number);
    return ok && add_file(e, to, part);
}

/* A league of those three alone, in `sent`. */
static void take_strengths(const league_t *league, league_t *sent)
{
    sent->size = league->size;
    sent->agent = league->agent;
    sent->agent_rounds = league->agent_rounds;
    memcpy(sent->strengths, league->strengths, sizeof sent->strengths);
    for (int32_t i = 0; i < league->num_entries; i++) {
        bool is_one = false;
        for (int32_t s = 0; s < LEAGUE_BEST; s++)
            is_one |= league->entries[i].number == league->strengths[s];
        if (is_one) sent->entries[sent->num_entries++] = league->entries[i];
    }
}

static bool add_strengths(export_t *e)
{
    league_t *sent = calloc(1, sizeof *sent);
    char folder[512], path[600];
    if (!sent) return refuse(e->why, "no memory for the league");
    bool ok = make_folder(folder, e->why);
    if (ok) {
        league_begin_anew(sent, folder);
        take_strengths(&e->league, sent);
        ok = files_make_dirs(sent->dir, e->why);
        for (int32_t i = 0; ok && i < sent->num_entries; i++)
            ok = add_past_self(e, &e->league, sent, sent->entries[i].number);
        snprintf(path, sizeof path, "%s/" PACKAGE_LEAGUE, folder);
        ok = ok && league_save(sent, e->why) && add_file(e, path, PACKAGE_LEAGUE);
        rmdir(sent->dir);
        rmdir(folder);
    }
    free(sent);
    return ok;
}

/* ---- recordings ---- */

/* Written anew from what was read, so that nothing else that stands in the file is sent. */
static bool add_recording(export_t *e, const char *path, const char *part)
{
    recording_t recording;
    char *text = NULL;
    size_t num_bytes = 0;
    if (!recording_read(&recording, path, e->why)) return false;
    FILE *out = open_memstream(&text, &num_bytes);
    const bool ok = out && recording_print(&recording, out);
    if (out) fclose(out);
    recording_free(&recording);
    if (ok) return package_add(&e->package, part, (uint8_t *)text, num_bytes, e->why);
    free(text);
    return refuse(e->why, "no memory for %.300s", path);
}

static bool add_recordings(export_t *e)
{
    char folder[HOME_PATH_BYTES + 16], path[2 * HOME_PATH_BYTES], part[512];
    const char *suffix = PACKAGE_RECORDING_SUFFIX;
    bool ok = true;
    snprintf(folder, sizeof folder, "%s/recordings", e->saved.dir);
    struct dirent **names = NULL;
    const int count = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        const size_t length = strlen(name);
        if (ok && name[0] != '.' && length > strlen(suffix) &&
            strcmp(name + length - strlen(suffix), suffix) == 0) {
            snprintf(path, sizeof path, "%s/%s", folder, name);
            snprintf(part, sizeof part, PACKAGE_RECORDINGS "%s", name);
            ok = add_recording(e, path, part);
        }
        free(names[i]);
    }
    free(names);
    return ok;
}

/* ---- the file ---- */

static bool fill(export_t *e)
{
    package_t *package = &e->package;
    size_t num_bytes;
    char *text = preset_canonical(e->preset, &num_bytes);
    if (!text) return refuse(e->why, "no memory for the preset");
    snprintf(package->game, sizeof package->game, "%s", preset_game(e->preset));
    snprintf(package->system, sizeof package->system, "%s", preset_system(e->preset));
    snprintf(package->sha1, sizeof package->sha1, "%s", e->saved.sha1);
    snprintf(package->made_by, sizeof package->made_by, "kata %.50s", KATA_VERSION);
    return name_it(e) && package_add(package, PACKAGE_PRESET, (uint8_t *)text, num_bytes, e->why) &&
           (!e->values->with_strengths || open_league(e)) &&
           (!e->values->with_agent || add_agent(e)) &&
           (!e->values->with_strengths || add_strengths(e)) &&
           (!e->values->with_recordings || add_recordings(e));
}

static int save(export_t *e)
{
    char path[HOME_PATH_BYTES];
    struct stat status;
    const char *out = e->values->out;
    if (out ? snprintf(path, sizeof path, "%s", out) >= (int)sizeof path
            : snprintf(path, sizeof path, "%s.kata", e->package.name) >= (int)sizeof path)
        return say_failed("--out: too long a path");
    if (!e->values->replace && lstat(path, &status) == 0)
        return say_failed("%.300s is there already; --replace to lose what is in it", path);
    if (!package_write(&e->package, path, e->why)) return say_failed("%s", e->why);
    printf("saved %s\n", path);
    package_show(&e->package);
    return EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    export_t *e = calloc(1, sizeof *e);
    if (!e) return say_failed("no memory to export");
    e->values = values;
    int status = saved_game_find(&e->saved, arguments[0]);
    if (status == EXIT_OK && e->values->round != OPTION_UNSET && !e->values->half) {
        say_usage("export: --round needs --half");
        status = EXIT_USAGE;
    }
    if (status == EXIT_OK && !e->values->with_agent &&
        (e->values->with_recordings || e->values->with_strengths)) {
        say_usage("export: --with-%s needs --with-agent",
                  e->values->with_recordings ? "recordings" : "strengths");
        status = EXIT_USAGE;
    }
    if (status == EXIT_OK) {
        if (choose_agent(e) && preset_load(&e->preset, e->saved.preset_path, e->why) && fill(e))
            status = save(e);
        else
            status = say_failed("%s", e->why);
    }
    preset_free(e->preset);
    package_free(&e->package);
    free(e);
    return status;
}

const command_t command_export = {
    .name = "export",
    .arguments = "GAME|ROM|DIR",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "one file to send: preset, and if you like agent and recordings",
    .about =
        "Writes a .kata file: the preset in its canonical form, with the similarity that was\n"
        "learned; with --with-agent the weights that play, how they were trained and their\n"
        "last evaluation; with --with-strengths its past selves that are easier to beat (after\n"
        "`kata train --versus self`); with --with-recordings what was held on the pads. Each part "
        "has its\n"
        "SHA-256. No ROM, no savestate and no path of yours is in it. ROM: what `kata train`\n"
        "saved beside the game's agent. GAME: a game's name. DIR: a folder of `kata train\n"
        "--dir`.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Send a friend your agent:\n"
                "    kata export game.nes --with-agent --name ryu --out ryu.kata\n"
                "  What the friend types:\n"
                "    kata import ryu.kata\n"
                "    kata play game.nes --agent ryu\n",
    .values_bytes = sizeof(export_values_t),
    .defaults = defaults,
    .run = run,
};
