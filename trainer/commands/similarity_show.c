/* similarity_show.c - `kata similarity show DIR|PRESET`: which moves are alike, as words and as a
 * picture. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "drift.h"
#include "heatmap.h"
#include "home.h"
#include "numbers.h"
#include "preset.h"
#include "why.h"

typedef struct {
    const char *png, *moved;
    int64_t neighbours;
} similarity_show_values_t;

static const option_t rows[] = {
    { "png", OPTION_TEXT, offsetof(similarity_show_values_t, png), "FILE", 0, 0,
      "a heat map, like moves side by side" },
    { "moved", OPTION_TEXT, offsetof(similarity_show_values_t, moved), "FILE", 0, 0,
      "a chart: how it moved while it was learned; of a DIR only" },
    { "neighbours", OPTION_COUNT, offsetof(similarity_show_values_t, neighbours), "N", 1, 255,
      "of each move" },
};
static const option_group_t groups[] = { { "Options", rows, sizeof rows / sizeof rows[0], 0 } };

static void defaults(void *values)
{
    ((similarity_show_values_t *)values)->neighbours = 3;
}

/* How the game calls the move of a row; a row of another game's is its own notation. */
static void name_rows(const preset_t *preset, const char **names)
{
    const preset_similarity_t *similarity = preset_similarity(preset);
    for (int32_t r = 0; r < similarity->num_rows; r++) names[r] = similarity->notations[r];
    for (int32_t a = preset_num_actions(preset) - 1; a >= 0; a--) {
        const int32_t row = preset_similarity_row(preset, a);
        if (row >= 0) names[row] = preset_action(preset, a)->name;
    }
}

static void print_provenance(const preset_t *preset)
{
    const preset_similarity_t *similarity = preset_similarity(preset);
    char decisions[NUMBERS_BYTES], updates[NUMBERS_BYTES];
    printf("%s: how alike %d moves are\n", preset_game(preset), similarity->num_rows);
    if (similarity->decisions == 0 && similarity->seeds == 0) {
        printf("nobody learned it: it is what a training began with\n\n");
        return;
    }
    printf("learned from %s decisions and %s updates, %d seed%s%s%s\n\n",
           numbers_grouped(decisions, (uint64_t)similarity->decisions),
           numbers_grouped(updates, (uint64_t)similarity->updates), similarity->seeds,
           similarity->seeds == 1 ? "" : "s", similarity->version[0] ? ", Kata " : "",
           similarity->version);
}

/* The `count` rows that are most like `row`, best first; those of equal value in their order. */
static int32_t nearest(const preset_similarity_t *similarity, int32_t row, int32_t count,
                       int32_t *found)
{
    int32_t num_found = 0;
    const float *values = similarity->matrix + row * similarity->num_rows;
    for (int32_t r = 0; r < similarity->num_rows; r++) {
        if (r == row) continue;
        int32_t at = num_found;
        while (at > 0 && values[r] > values[found[at - 1]]) at--;
        if (at >= count) continue;
        if (num_found < count) num_found++;
        memmove(found + at + 1, found + at, (size_t)(num_found - 1 - at) * sizeof *found);
        found[at] = r;
    }
    return num_found;
}

static void print_neighbours(const preset_similarity_t *similarity, const char *const *names,
                             const int32_t *order, int32_t count)
{
    int width = 0;
    for (int32_t r = 0; r < similarity->num_rows; r++) {
        const int length = (int)strlen(names[r]);
        if (length > width && length < 32) width = length;
    }
    for (int32_t i = 0; i < similarity->num_rows; i++) {
        int32_t found[PRESET_MAX_ACTIONS];
        const int32_t row = order[i], num_found = nearest(similarity, row, count, found);
        printf("  %-*.48s ", width, names[row]);
        for (int32_t n = 0; n < num_found; n++)
            printf("%s %.3f %.48s", n ? "," : "",
                   (double)similarity->matrix[row * similarity->num_rows + found[n]],
                   names[found[n]]);
        printf("\n");
    }
}

static bool save_picture(const preset_t *preset, const char *const *names, const int32_t *order,
                         const char *path, why_t why)
{
    const preset_similarity_t *similarity = preset_similarity(preset);
    char title[128], subtitle[192], decisions[NUMBERS_BYTES];
    snprintf(title, sizeof title, "%.64s: moves that are alike", preset_game(preset));
    snprintf(subtitle, sizeof subtitle, "%d moves, %s decisions, like ones side by side",
             similarity->num_rows, numbers_grouped(decisions, (uint64_t)similarity->decisions));
    const heatmap_t map = { .title = title,
                            .subtitle = subtitle,
                            .names = names,
                            .matrix = similarity->matrix,
                            .order = order,
                            .count = similarity->num_rows };
    return heatmap_save(&map, path, why);
}

/* Of a folder: what its log says of the way there. */
static bool show_drift(const preset_t *preset, const char *dir, const char *path, why_t why)
{
    drift_t drift;
    if (!drift_read(&drift, dir)) {
        refuse(why, "no memory for how it moved");
        return false;
    }
    bool ok = drift.num_records > 0 && drift.num_actions == preset_num_actions(preset);
    if (ok) {
        const char *names[PRESET_MAX_ACTIONS];
        char sentence[512];
        for (int32_t a = 0; a < drift.num_actions; a++) names[a] = preset_action(preset, a)->name;
        drift_sentence(sentence, sizeof sentence, &drift, names);
        printf("\nHow it moved: %s\n", sentence);
        if (path) ok = drift_save(&drift, names, preset_game(preset), sentence, path, why);
        if (path && ok) printf("Picture: %s\n", path);
    } else if (path) {
        refuse(why, "%.300s/log.jsonl does not say how the similarity moved", dir);
    }
    drift_free(&drift);
    return ok || !path;
}

static int show(const preset_t *preset, const char *path, const char *dir,
                const similarity_show_values_t *values)
{
    const preset_similarity_t *similarity = preset_similarity(preset);
    if (!similarity)
        return say_failed("%.300s: there is no similarity in it; `kata train --similarity meta` "
                          "learns one",
                          path);
    const char *names[PRESET_MAX_ACTIONS];
    int32_t order[PRESET_MAX_ACTIONS];
    why_t why;
    name_rows(preset, names);
    if (!heatmap_order(similarity->matrix, similarity->num_rows, order))
        return say_failed("no memory for %d moves", similarity->num_rows);
    print_provenance(preset);
    print_neighbours(similarity, names, order, (int32_t)values->neighbours);
    if (dir && !show_drift(preset, dir, values->moved, why)) return say_failed("%s", why);
    if (!values->png) return EXIT_OK;
    if (!save_picture(preset, names, order, values->png, why)) return say_failed("%s", why);
    printf("\nPicture: %s\n", values->png);
    return EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    char path[HOME_PATH_BYTES];
    why_t why;
    struct stat status;
    const bool is_dir = stat(arguments[0], &status) == 0 && S_ISDIR(status.st_mode);
    if (snprintf(path, sizeof path, "%s%s", arguments[0], is_dir ? "/preset.json" : "") >=
        (int)sizeof path)
        return say_failed("%.100s...: too long a path", arguments[0]);
    const similarity_show_values_t *v = values;
    if (v->moved && !is_dir)
        return say_usage("similarity show: --moved needs the folder of a training, its log.jsonl "
                         "says how it moved; %.200s is none",
                         arguments[0]);
    preset_t *preset;
    if (!preset_load(&preset, path, why)) return say_failed("%s", why);
    const int result = show(preset, path, is_dir ? arguments[0] : NULL, values);
    preset_free(preset);
    return result;
}

const command_t command_similarity_show = {
    .name = "similarity show",
    .arguments = "DIR|PRESET",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "which moves an agent found alike, as words and as a picture",
    .about =
        "Prints the moves in an order that puts like ones side by side, each with the moves that\n"
        "are most like it (0: not at all, 1: the same). DIR is a folder that `kata train\n"
        "--similarity meta` saved in: its log also knows how the similarity moved while it was\n"
        "learned. PRESET is any preset that holds a similarity.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  What did it learn?\n"
                "    kata similarity show /tmp/first\n"
                "  As a picture:\n"
                "    kata similarity show /tmp/first/preset.json --png similarity.png\n"
                "  And how it came to be so?\n"
                "    kata similarity show /tmp/first --moved moved.png\n",
    .values_bytes = sizeof(similarity_show_values_t),
    .defaults = defaults,
    .run = run,
};
