/* mine.c - repeated runs, ranked by how much shorter they make a recording. See mine.h.
 *
 * 1. All windows of 2 to MINE_MAX_STEPS runs are put in order by a digest of their pads: equal ones
 *    lie side by side.
 * 2. Of the windows with the same pads, those with about the same lengths are a candidate.
 * 3. The candidate that saves most is taken and its runs are removed; the next is counted again
 *    without them, and so on.
 */
#include "mine.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mine_cost.h"
#include "notation.h"
#include "why.h"

enum {
    MAX_RUN_FRAMES = 120,  /* of a run of a macro */
    MAX_PAUSE_FRAMES = 30, /* inside a macro */
    MAX_TIMINGS = 3        /* candidates with the same pads */
};

typedef struct {
    uint64_t digest;
    int32_t run; /* the first */
} window_t;

/* The same pads with about the same lengths, at num_places places. */
typedef struct {
    double bits;
    int32_t place, num_places; /* into places[] */
    int32_t num_runs;
    uint8_t frames[MINE_MAX_STEPS];
} candidate_t;

typedef struct {
    const mine_options_t *options;
    mine_run_t *runs;
    int32_t num_runs;
    mine_cost_t cost;
    window_t *windows; /* (num_runs) */
    int32_t *places;   /* first runs */
    size_t num_places, places_capacity;
    candidate_t *candidates; /* a heap while they are taken: the best first */
    size_t num_candidates, candidates_capacity;
} miner_t;

/* ---- runs ---- */

static int32_t count_runs(const mine_track_t *track, mine_run_t *runs)
{
    int32_t num_runs = 0;
    uint16_t before = 0;
    for (int32_t f = 0; f < track->num_frames; f++) {
        uint16_t pad = track->pads[f];
        if (track->faces_left && track->faces_left[f]) pad = macro_mirror(pad);
        if (f == 0 || pad != before) {
            if (runs) runs[num_runs] = (mine_run_t){ .pad = pad, .begins = f == 0 };
            num_runs++;
        }
        if (runs) runs[num_runs - 1].frames++;
        before = pad;
    }
    return num_runs;
}

static bool make_runs(miner_t *miner, const mine_track_t *tracks, int32_t num_tracks, char *why)
{
    int64_t num_runs = 0;
    for (int32_t t = 0; t < num_tracks; t++) num_runs += count_runs(&tracks[t], NULL);
    if (num_runs > MINE_MAX_RUNS)
        return refuse(why, "the pads must change at most %d times, they change %lld times",
                      MINE_MAX_RUNS, (long long)num_runs);
    const size_t bytes = (size_t)num_runs + 1;
    miner->runs = malloc(bytes * sizeof *miner->runs);
    miner->windows = malloc(bytes * sizeof *miner->windows);
    if (!miner->runs || !miner->windows) return refuse(why, "no memory to look for macros");
    for (int32_t t = 0; t < num_tracks; t++)
        miner->num_runs += count_runs(&tracks[t], miner->runs + miner->num_runs);
    return true;
}

/* ---- windows ---- */

/* True if a player who looks right would play it the other way round: its last step to a side is
 * to the left. */
static bool looks_left(const miner_t *miner, int32_t run, int32_t num_runs)
{
    if (!miner->options->facing_unknown) return false;
    for (int32_t r = run + num_runs - 1; r >= run; r--) {
        const uint16_t sides = miner->runs[r].pad & (MACRO_LEFT | MACRO_RIGHT);
        if (sides == MACRO_LEFT) return true;
        if (sides == MACRO_RIGHT) return false;
    }
    return false;
}

static bool has_side(const miner_t *miner, int32_t run, int32_t num_runs)
{
    for (int32_t r = run; r < run + num_runs; r++)
        if (miner->runs[r].pad & (MACRO_LEFT | MACRO_RIGHT)) return true;
    return false;
}

/* A macro begins and ends with something held, does not pause for long, holds nothing for ages in
 * its middle, and is more than walking: it has a button, or a pause as dashes have. */
static bool may_be_macro(const miner_t *miner, int32_t run, int32_t num_runs)
{
    const mine_run_t *runs = miner->runs + run;
    bool is_more = false;
    if (run + num_runs > miner->num_runs || runs[0].pad == 0 || runs[num_runs - 1].pad == 0)
        return false;
    for (int32_t r = 0; r < num_runs; r++) {
        const bool is_inside = r > 0 && r < num_runs - 1;
        if (r > 0 && runs[r].begins) return false;
        if (is_inside && runs[r].frames > (runs[r].pad ? MAX_RUN_FRAMES : MAX_PAUSE_FRAMES))
            return false;
        if ((runs[r].pad & ~NOTATION_DIRECTIONS) || runs[r].pad == 0) is_more = true;
    }
    return is_more;
}

static uint64_t digest_of(const miner_t *miner, int32_t run, int32_t num_runs)
{
    const bool mirrored = looks_left(miner, run, num_runs);
    uint64_t digest = 14695981039346656037u;
    for (int32_t r = run; r < run + num_runs; r++) {
        const uint16_t pad = miner->runs[r].pad;
        digest = (digest ^ (mirrored ? macro_mirror(pad) : pad)) * 1099511628211u;
        digest ^= digest >> 29;
    }
    return digest;
}

static int compare_windows(const void *a, const void *b)
{
    const window_t *first = a, *second = b;
    if (first->digest != second->digest) return first->digest < second->digest ? -1 : 1;
    return first->run < second->run ? -1 : first->run > second->run;
}

static int32_t make_windows(miner_t *miner, int32_t num_runs)
{
    int32_t num_windows = 0;
    for (int32_t r = 0; r + num_runs <= miner->num_runs; r++)
        if (may_be_macro(miner, r, num_runs))
            miner->windows[num_windows++] =
                (window_t){ .digest = digest_of(miner, r, num_runs), .run = r };
    qsort(miner->windows, (size_t)num_windows, sizeof *miner->windows, compare_windows);
    return num_windows;
}

/* ---- candidates ---- */

static bool is_end(const candidate_t *candidate, int32_t step)
{
    return step == 0 || step == candidate->num_runs - 1;
}

/* Whether the runs at `run` are as long as the candidate's; its ends may be longer. */
static bool fits(const miner_t *miner, const candidate_t *candidate, int32_t run, int32_t step)
{
    const int32_t more = miner->runs[run + step].frames - candidate->frames[step];
    const int32_t jitter = miner->options->jitter_frames;
    return more >= -jitter && (more <= jitter || is_end(candidate, step));
}

/* The length that most places have, give or take the jitter; of these the middle one, moved so
 * that all of them are within the jitter. 0: all are too long. */
static int32_t usual_frames(const miner_t *miner, const window_t *places, int32_t num_places,
                            int32_t step)
{
    int32_t counts[MAX_RUN_FRAMES + 1] = { 0 }, low = 0, most = 0, sum = 0;
    const int32_t width = 2 * miner->options->jitter_frames + 1;
    for (int32_t p = 0; p < num_places; p++) {
        const int32_t frames = miner->runs[places[p].run + step].frames;
        if (frames <= MAX_RUN_FRAMES) counts[frames]++;
    }
    for (int32_t f = 1; f < width && f <= MAX_RUN_FRAMES; f++) sum += counts[f];
    for (int32_t from = 1; from <= MAX_RUN_FRAMES; from++) {
        sum -= counts[from - 1];
        if (from + width - 1 <= MAX_RUN_FRAMES) sum += counts[from + width - 1];
        if (sum > most) most = sum, low = from;
    }
    if (most == 0) return 0;
    int32_t first = low, last = low, middle = low, seen = 0;
    while (counts[first] == 0) first++;
    for (int32_t f = low; f < low + width && f <= MAX_RUN_FRAMES; f++)
        if (counts[f]) last = f;
    for (int32_t f = first; seen * 2 < most; f++) seen += counts[f], middle = f;
    const int32_t jitter = miner->options->jitter_frames;
    if (middle < last - jitter) middle = last - jitter;
    return middle > first + jitter ? first + jitter : middle;
}

/* How far the lengths at these places are from the candidate's, at most; what is longer at an end
 * is told apart. */
static int32_t spread_of(const miner_t *miner, const candidate_t *candidate)
{
    int32_t spread = 0;
    for (int32_t p = 0; p < candidate->num_places; p++)
        for (int32_t s = 0; s < candidate->num_runs; s++) {
            const int32_t run = miner->places[candidate->place + p] + s;
            const int32_t more = miner->runs[run].frames - candidate->frames[s];
            if (more <= miner->options->jitter_frames && abs(more) > spread) spread = abs(more);
        }
    return spread;
}

/* What it costs to tell one place by the candidate: a mention, which way it looks, each length's
 * difference, and what is longer at its ends. */
static double place_bits(const miner_t *miner, const candidate_t *candidate, int32_t run,
                         int32_t spread)
{
    double bits = log2((double)miner->num_runs / candidate->num_places);
    if (miner->options->facing_unknown && has_side(miner, run, candidate->num_runs)) bits += 1;
    for (int32_t s = 0; s < candidate->num_runs; s++) {
        const mine_run_t *here = &miner->runs[run + s];
        const int32_t more = here->frames - candidate->frames[s];
        bits += log2(2 * spread + 1 + is_end(candidate, s));
        if (more > miner->options->jitter_frames)
            bits += mine_cost_run(&miner->cost, here->pad, more);
    }
    return bits;
}

/* Only the places that are not spent and do not overlap, moved to the front. */
static void keep_free_places(const miner_t *miner, candidate_t *candidate)
{
    int32_t *places = miner->places + candidate->place, num_places = 0, end = -1;
    for (int32_t p = 0; p < candidate->num_places; p++) {
        bool is_free = places[p] >= end;
        for (int32_t s = 0; s < candidate->num_runs; s++)
            is_free = is_free && !miner->runs[places[p] + s].is_spent;
        if (!is_free) continue;
        end = places[p] + candidate->num_runs;
        places[num_places++] = places[p];
    }
    candidate->num_places = num_places;
}

/* What the candidate saves: each place as it is, less a mention of it, less the candidate once. */
static void evaluate(const miner_t *miner, candidate_t *candidate)
{
    keep_free_places(miner, candidate);
    candidate->bits = 0;
    if (candidate->num_places == 0) return;
    const int32_t *places = miner->places + candidate->place;
    const int32_t spread = spread_of(miner, candidate);
    double bits = -log2(MINE_MAX_STEPS) - log2(MINE_MAX_JITTER + 1);
    for (int32_t s = 0; s < candidate->num_runs; s++)
        bits -= mine_cost_run(&miner->cost, miner->runs[places[0] + s].pad, candidate->frames[s]);
    for (int32_t p = 0; p < candidate->num_places; p++) {
        for (int32_t s = 0; s < candidate->num_runs; s++) {
            const mine_run_t *here = &miner->runs[places[p] + s];
            bits += mine_cost_run(&miner->cost, here->pad, here->frames);
        }
        bits -= place_bits(miner, candidate, places[p], spread);
    }
    candidate->bits = bits;
}

static bool is_worth_it(const miner_t *miner, const candidate_t *candidate)
{
    return candidate->num_places >= miner->options->min_count &&
           candidate->bits >= miner->options->min_bits;
}

static bool grow(void **items, size_t *capacity, size_t num_items, size_t item_bytes)
{
    if (num_items <= *capacity) return true;
    size_t more = *capacity ? *capacity : 4096;
    while (more < num_items) more *= 2;
    void *moved = realloc(*items, more * item_bytes);
    if (!moved) return false;
    *items = moved;
    *capacity = more;
    return true;
}

/* Steps whose length is to be found, the inner ones first: the ends depend on them. */
static int32_t step_in_order(int32_t turn, int32_t num_runs)
{
    if (turn < num_runs - 2) return turn + 1;
    return turn == num_runs - 2 ? num_runs - 1 : 0;
}

/* Narrow places (the same pads) to those with the most usual lengths, which are moved to the front.
 * Returns how many they are. */
static int32_t narrow(const miner_t *miner, candidate_t *candidate, window_t *places,
                      int32_t num_places)
{
    for (int32_t turn = 0; turn < candidate->num_runs && num_places > 0; turn++) {
        const int32_t step = step_in_order(turn, candidate->num_runs);
        const int32_t frames = usual_frames(miner, places, num_places, step);
        int32_t num_kept = 0;
        if (frames == 0) return 0;
        candidate->frames[step] = (uint8_t)frames;
        for (int32_t p = 0; p < num_places; p++) {
            if (!fits(miner, candidate, places[p].run, step)) continue;
            const window_t kept = places[p];
            places[p] = places[num_kept];
            places[num_kept++] = kept;
        }
        num_places = num_kept;
    }
    return num_places;
}

static bool add_candidate(miner_t *miner, candidate_t *candidate, window_t *places,
                          int32_t num_places)
{
    if (!grow((void **)&miner->places, &miner->places_capacity,
              miner->num_places + (size_t)num_places, sizeof *miner->places) ||
        !grow((void **)&miner->candidates, &miner->candidates_capacity, miner->num_candidates + 1,
              sizeof *miner->candidates))
        return false;
    qsort(places, (size_t)num_places, sizeof *places, compare_windows); /* in their order again */
    candidate->place = (int32_t)miner->num_places;
    candidate->num_places = num_places;
    for (int32_t p = 0; p < num_places; p++)
        miner->places[miner->num_places + (size_t)p] = places[p].run;
    evaluate(miner, candidate);
    if (!is_worth_it(miner, candidate)) return true;
    miner->num_places += (size_t)num_places;
    miner->candidates[miner->num_candidates++] = *candidate;
    return true;
}

/* Places with the same pads: one candidate for each way to time them. */
static bool add_candidates(miner_t *miner, int32_t num_runs, window_t *places, int32_t num_places)
{
    for (int32_t t = 0; t < MAX_TIMINGS && num_places >= miner->options->min_count; t++) {
        candidate_t candidate = { .num_runs = num_runs };
        const int32_t num_same = narrow(miner, &candidate, places, num_places);
        if (num_same < miner->options->min_count) break;
        if (!add_candidate(miner, &candidate, places, num_same)) return false;
        places += num_same;
        num_places -= num_same;
    }
    return true;
}

static bool find_candidates(miner_t *miner)
{
    for (int32_t num_runs = 2; num_runs <= MINE_MAX_STEPS; num_runs++) {
        const int32_t num_windows = make_windows(miner, num_runs);
        for (int32_t from = 0, to; from < num_windows; from = to) {
            for (to = from + 1; to < num_windows; to++)
                if (miner->windows[to].digest != miner->windows[from].digest) break;
            if (!add_candidates(miner, num_runs, miner->windows + from, to - from)) return false;
        }
    }
    return true;
}

/* ---- taking the best ---- */

static bool is_better(const candidate_t *a, const candidate_t *b)
{
    if (a->bits != b->bits) return a->bits > b->bits;
    if (a->num_runs != b->num_runs) return a->num_runs > b->num_runs;
    return a->place < b->place;
}

static void sift_down(miner_t *miner, size_t at)
{
    candidate_t *heap = miner->candidates;
    for (;;) {
        size_t best = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
            if (child < miner->num_candidates && is_better(&heap[child], &heap[best])) best = child;
        if (best == at) return;
        const candidate_t swapped = heap[at];
        heap[at] = heap[best];
        heap[best] = swapped;
        at = best;
    }
}

static void drop_best(miner_t *miner)
{
    miner->candidates[0] = miner->candidates[--miner->num_candidates];
    sift_down(miner, 0);
}

/* The best of those that are left, with its runs spent. False: none is worth it. */
static bool take_best(miner_t *miner, candidate_t *best)
{
    while (miner->num_candidates > 0) {
        candidate_t *first = &miner->candidates[0];
        const double before = first->bits;
        evaluate(miner, first);
        if (!is_worth_it(miner, first)) {
            drop_best(miner);
        } else if (first->bits < before) {
            sift_down(miner, 0); /* others took some of its places */
        } else {
            *best = *first;
            drop_best(miner);
            for (int32_t p = 0; p < best->num_places; p++)
                for (int32_t s = 0; s < best->num_runs; s++)
                    miner->runs[miner->places[best->place + p] + s].is_spent = true;
            return true;
        }
    }
    return false;
}

/* ---- what comes out ---- */

/* False: these pads have no notation (left and right together, a button without a name). */
static bool make_macro(const miner_t *miner, const candidate_t *candidate, mine_macro_t *out)
{
    const int32_t *places = miner->places + candidate->place;
    const bool mirrored = looks_left(miner, places[0], candidate->num_runs);
    macro_step_t steps[MINE_MAX_STEPS];
    for (int32_t s = 0; s < candidate->num_runs; s++) {
        const uint16_t pad = miner->runs[places[0] + s].pad;
        steps[s].pad = mirrored ? macro_mirror(pad) : pad;
        steps[s].frames = candidate->frames[s];
    }
    *out = (mine_macro_t){ .count = candidate->num_places,
                           .num_variants = 1,
                           .bits_saved = candidate->bits };
    if (!macro_from_steps(&out->macro, steps, candidate->num_runs, miner->options->language, NULL))
        return false;
    mine_name(&out->macro, miner->options->language, out->name, out->family, sizeof out->name);
    for (int32_t p = 0; p < candidate->num_places; p++) {
        out->num_mirrored += looks_left(miner, places[p], candidate->num_runs);
        out->covered_frames += out->macro.num_frames;
    }
    return true;
}

/* Into one of the same name, which is a better one: it came first. */
static void add_macro(mine_t *mine, const mine_macro_t *macro)
{
    for (int32_t m = 0; macro->name[0] && m < mine->num_macros; m++) {
        mine_macro_t *known = &mine->macros[m];
        if (strcmp(known->name, macro->name) != 0) continue;
        known->count += macro->count;
        known->num_mirrored += macro->num_mirrored;
        known->covered_frames += macro->covered_frames;
        known->bits_saved += macro->bits_saved;
        known->num_variants++;
        return;
    }
    if (mine->num_macros < MINE_MAX_MACROS) mine->macros[mine->num_macros++] = *macro;
}

static int compare_macros(const void *a, const void *b)
{
    const mine_macro_t *first = a, *second = b;
    if (first->bits_saved != second->bits_saved)
        return first->bits_saved > second->bits_saved ? -1 : 1;
    return strcmp(first->macro.notation, second->macro.notation);
}

static void take_macros(miner_t *miner, mine_t *out)
{
    candidate_t best;
    for (size_t at = miner->num_candidates; at-- > 0;) sift_down(miner, at);
    while (take_best(miner, &best)) {
        mine_macro_t macro;
        if (make_macro(miner, &best, &macro)) add_macro(out, &macro);
    }
    qsort(out->macros, (size_t)out->num_macros, sizeof *out->macros, compare_macros);
    if (out->num_macros > miner->options->max_macros) out->num_macros = miner->options->max_macros;
}

static bool mine_runs(miner_t *miner, mine_t *out, char *why)
{
    out->num_runs = miner->num_runs;
    out->macros = malloc(MINE_MAX_MACROS * sizeof *out->macros);
    if (!out->macros || !mine_cost_create(&miner->cost, miner->runs, miner->num_runs) ||
        !find_candidates(miner))
        return refuse(why, "no memory to look for macros");
    for (int32_t r = 0; r < miner->num_runs; r++)
        out->bits += mine_cost_run(&miner->cost, miner->runs[r].pad, miner->runs[r].frames);
    take_macros(miner, out);
    return true;
}

void mine_options_defaults(mine_options_t *options, const macro_language_t *language)
{
    *options = (mine_options_t){ .language = language,
                                 .jitter_frames = 2,
                                 .min_count = 3,
                                 .min_bits = 24,
                                 .max_macros = 64,
                                 .facing_unknown = true };
}

static bool check_options(const mine_options_t *options, char *why)
{
    if (options->jitter_frames < 0 || options->jitter_frames > MINE_MAX_JITTER)
        return refuse(why, "jitter must be 0 to %d frames, found %d", MINE_MAX_JITTER,
                      options->jitter_frames);
    if (options->min_count < 2)
        return refuse(why, "a macro must be found at least 2 times, found %d", options->min_count);
    if (!(options->min_bits > 0)) return refuse(why, "a macro must save more than 0 bits");
    if (options->max_macros < 1 || options->max_macros > MINE_MAX_MACROS)
        return refuse(why, "1 to %d macros can be found, asked for %d", MINE_MAX_MACROS,
                      options->max_macros);
    return true;
}

bool mine_macros(mine_t *out, const mine_track_t *tracks, int32_t num_tracks,
                 const mine_options_t *options, why_t why)
{
    miner_t miner = { .options = options };
    *out = (mine_t){ 0 };
    const bool ok = check_options(options, why) && make_runs(&miner, tracks, num_tracks, why) &&
                    mine_runs(&miner, out, why);
    free(miner.runs);
    free(miner.windows);
    free(miner.places);
    free(miner.candidates);
    mine_cost_free(&miner.cost);
    if (!ok) mine_free(out);
    return ok;
}

void mine_free(mine_t *mine)
{
    free(mine->macros);
    *mine = (mine_t){ 0 };
}
