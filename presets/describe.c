/* describe.c - a preset in words: what it holds, and what it lacks. */
#include "model.h"
#include "sides.h"
#include "store.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define LONG_MACRO_FRAMES 180

static void say_name(text_t *text, const char *before, const char *name, const char *after)
{
    text_say(text, "%s", before);
    text_add_printable(text, name);
    text_say(text, "%s", after);
}

/* ---- description ---- */

static void describe_identity(text_t *text, const preset_t *preset)
{
    say_name(text, "", preset->game, "");
    text_say(text, " (%s), preset %.12s\n", preset->system, preset->hash);
    for (int32_t h = 0; h < preset->num_hashes; h++) {
        const hashes_t *hashes = &preset->hashes[h];
        text_say(text, "  dump %s%s%s", hashes->sha1[0] ? "SHA-1 " : "", hashes->sha1,
                 hashes->sha1[0] ? " " : "");
        text_say(text, "%s%s%s", hashes->crc32[0] ? "CRC32 " : "", hashes->crc32,
                 hashes->crc32[0] ? " " : "");
        text_say(text, "%s%s%s", hashes->md5[0] ? "MD5 " : "", hashes->md5,
                 hashes->md5[0] ? " " : "");
        say_name(text, "", hashes->label, "\n");
    }
    if (!preset->num_hashes) text_say(text, "  any dump of that name\n");
}

static void describe_actions(text_t *text, const preset_t *preset)
{
    text_say(text, "Actions: %d\n", (int)preset->num_actions);
    for (int32_t a = 0; a < preset->num_actions; a++) {
        const preset_action_t *action = &preset->actions[a];
        text_say(text, "  %3d  ", (int)a);
        text_add_printable(text, action->name);
        text_say(text, "  %s  %d frames%s\n", action->macro.notation, (int)action->macro.num_frames,
                 action->mirrors ? "" : ", never mirrored");
    }
}

static int32_t num_versus_terms(const preset_t *preset)
{
    int32_t count = 0;
    for (int32_t t = 0; t < preset->num_terms; t++) count += preset->terms[t].versus;
    return count;
}

static void describe_memory(text_t *text, const preset_t *preset)
{
    const int32_t num_versus = num_versus_terms(preset);
    text_say(text, "Variables: %d, system RAM at 0x%llX%s\n", (int)preset->num_variables,
             (unsigned long long)preset->ram_base, preset->word_swapped ? ", words swapped" : "");
    for (int32_t v = 0; v < preset->num_variables; v++) {
        say_name(text, "  ", preset->variables[v].name, "");
        text_say(text, " at 0x%llX\n",
                 (unsigned long long)(preset->variables[v].address + preset->odd_start[v]));
    }
    text_say(text, "Reward: %d terms", (int)(preset->num_terms - num_versus));
    if (num_versus) text_say(text, ", %d more between agents", (int)num_versus);
    text_say(text, "; end: %s; result: %s; facing: %s\n", preset->done >= 0 ? "yes" : "none",
             preset->won >= 0 || preset->lost >= 0 ? "yes" : "none",
             preset->left_when >= 0 ? "yes" : "none");
    if (preset_novelty(preset) > 0) text_say(text, "Novelty: weight %g\n", preset_novelty(preset));
}

static void describe_sides(text_t *text, const preset_t *preset)
{
    if (!preset_plays_port(preset, 1, NULL)) {
        text_say(text, "Agents: on port 1 only\n");
        return;
    }
    text_say(text, "Agents: on port 1 or 2%s\n",
             preset_mirrors_picture(preset, 1) ? ", which sees the screen's mirror image" : "");
    for (int32_t v = 0; v < preset->num_variables; v++) {
        const side_t *side = &preset->sides[v];
        const bool is_first = side->counterpart > v;
        if (is_first) say_name(text, "  ", preset->variables[v].name, " of one is ");
        if (is_first)
            say_name(text, "", preset->variables[side->counterpart].name, " of the other\n");
        if (side->swaps) say_name(text, "  ", preset->variables[v].name, "");
        if (side->swaps)
            text_say(text, ": %lld of one is %lld of the other\n", (long long)side->first,
                     (long long)side->second);
    }
}

static void describe_observe(text_t *text, const preset_t *preset)
{
    if (!preset->num_observed) {
        text_say(text, "Seen as numbers: nothing, only the picture\n");
        return;
    }
    text_say(text, "Seen as numbers: %d\n", (int)preset->num_observed);
    for (int32_t i = 0; i < preset_num_observed_items(preset); i++) {
        char words[PRESET_OBSERVED_BYTES];
        preset_observed_item(preset, i, words);
        say_name(text, "  ", words, "\n");
    }
}

static void describe_rest(text_t *text, const preset_t *preset)
{
    text_say(text, "Starts: %d\n", (int)preset->num_starts);
    for (int32_t s = 0; s < preset->num_starts; s++) {
        say_name(text, "  ", preset->starts[s].name, "");
        text_say(text, ", %d steps%s%s\n", (int)preset->starts[s].num_steps,
                 preset_start_players(preset, s) > 1 ? ", for two" : "",
                 s == preset->default_start ? ", default" : "");
    }
    text_say(text, "Fight: %s; ways to it: %d\n",
             preset->fight >= 0 ? "said when" : "not said, so always on", (int)preset->num_ways);
    if (preset->similarity)
        text_say(text, "Similarity: %d rows, from %lld decisions, %d seeds\n",
                 (int)preset->similarity->num_rows, (long long)preset->similarity->decisions,
                 (int)preset->similarity->seeds);
    else
        text_say(text, "Similarity: none yet\n");
    const preset_outcomes_t *outcomes = preset->outcomes;
    if (outcomes && outcomes->decisions > 0)
        text_say(text, "Outcomes: %d rows, by an inverse model of %d decisions\n",
                 (int)outcomes->table.num_rows, (int)outcomes->decisions);
    else if (outcomes)
        text_say(text, "Outcomes: %d rows, probed from %d states\n", (int)outcomes->table.num_rows,
                 (int)outcomes->states);
    const preset_provenance_t *p = &preset->provenance;
    say_name(text, "Author: ", p->author[0] ? p->author : "not said", "");
    say_name(text, "; licence: ", p->licence[0] ? p->licence : "not said", "\n");
    if (p->verified[0]) say_name(text, "Verified: ", p->verified, "\n");
    for (int32_t i = 0; i < p->num_sources; i++) say_name(text, "Source: ", p->sources[i], "\n");
    for (int32_t i = 0; i < p->num_checks; i++) {
        say_name(text, "Tried by ", p->checks[i].by, "");
        say_name(text, " on ", p->checks[i].dump, "");
        say_name(text, ": ", p->checks[i].tried, "\n");
    }
    for (int32_t w = 0; w < preset->num_warnings; w++)
        say_name(text, "Warning: ", preset->warnings[w], "\n");
}

char *preset_describe(const preset_t *preset)
{
    text_t text = { 0 };
    describe_identity(&text, preset);
    text_say(&text, "Pad: %d ports, %d buttons, %d classes; a step is %d frames\n",
             (int)preset->num_ports, (int)preset->language.num_buttons,
             (int)preset->language.num_classes, (int)preset->frame_skip);
    describe_actions(&text, preset);
    describe_memory(&text, preset);
    describe_sides(&text, preset);
    describe_observe(&text, preset);
    describe_rest(&text, preset);
    return text_take(&text, NULL);
}

/* ---- advice ---- */

static void advise_on_actions(text_t *text, const preset_t *preset)
{
    for (int32_t a = 0; a < preset->num_actions; a++) {
        const preset_action_t *action = &preset->actions[a];
        for (int32_t b = 0; b < a; b++) {
            if (preset->actions[b].mirrors != action->mirrors ||
                !macro_same_steps(&preset->actions[b].macro, &action->macro))
                continue;
            say_name(text, "actions: \"", action->name, "\" is the same as ");
            say_name(text, "\"", preset->actions[b].name, "\"\n");
            break;
        }
        if (action->macro.num_frames > LONG_MACRO_FRAMES) {
            say_name(text, "actions: \"", action->name, "\"");
            text_say(text, " lasts %d frames: nothing is decided meanwhile\n",
                     (int)action->macro.num_frames);
        }
    }
}

static void mark(bool used[PRESET_MAX_VARIABLES], const measure_t *measure)
{
    if (measure->variable >= 0) used[measure->variable] = true;
    if (measure->other >= 0) used[measure->other] = true;
}

/* A reward's part for a result of the operator that never comes. */
static void advise_on_term(text_t *text, const preset_t *preset, const reward_term_t *term)
{
    const measure_t *m = &term->measure;
    const char *place = term->versus ? "reward.versus" : "reward";
    const bool is_value = m->op == OP_NONE || m->op == OP_SIGN; /* else 0 or 1 */
    if (m->variable < 0) {
        if (m->other >= 0) return; /* it depends */
        const double now = model_measure(preset, 0, m, NULL, NULL);
        if (term->penalty != 0 && now >= 0 && is_value)
            text_say(text,
                     "%s.time: penalty never counts, as time is 1 each frame; write \"reward\": "
                     "%g to take %g a frame\n",
                     place, -term->penalty, term->penalty);
        else if (term->penalty != 0 && now >= 0)
            text_say(text, "%s.time: penalty never counts, as its op gives 0 or 1\n", place);
        if (term->reward != 0 && now <= 0)
            text_say(text,
                     "%s.time: reward never counts, as time is 1 each frame and its op makes 0 of "
                     "it\n",
                     place);
        return;
    }
    const value_type_t *type = &preset->types[m->variable];
    const bool is_unsigned = type->format != TYPE_SIGNED && type->width_bytes < 8;
    if (term->penalty == 0 || (is_value && (m->delta || !is_unsigned))) return;
    text_say(text, "%s: ", place);
    say_name(text, "penalty of \"", preset->variables[m->variable].name, "\" never counts, ");
    text_say(text, is_value
                       ? "as its value is never below 0; measurement delta would be its change\n"
                       : "as its op gives 0 or 1, never less\n");
}

static bool has_start_for_two(const preset_t *preset)
{
    for (int32_t s = 0; s < preset->num_starts; s++)
        if (preset_start_players(preset, s) > 1) return true;
    return false;
}

static void mark_observed(bool *seen, const preset_t *preset)
{
    for (int32_t i = 0; i < preset->num_observed_items; i++) {
        const observed_t *observed = &preset->observed[i];
        if (observed->variable >= 0) seen[observed->variable] = true;
        if (observed->from >= 0) seen[observed->from] = true;
    }
}

static void advise_on_variables(text_t *text, const preset_t *preset)
{
    bool used[PRESET_MAX_VARIABLES] = { false };
    for (int32_t n = 0; n < preset->num_nodes; n++)
        if (preset->nodes[n].kind == NODE_MEASURE) mark(used, &preset->nodes[n].measure);
    for (int32_t t = 0; t < preset->num_terms; t++) mark(used, &preset->terms[t].measure);
    mark_observed(used, preset);
    for (int32_t v = 0; v < preset->num_variables; v++) /* port 2 reads it in the other's place */
        if (used[v]) used[preset->sides[v].counterpart] = true;
    for (int32_t v = 0; v < preset->num_variables; v++)
        if (!used[v])
            say_name(text, "variables: nothing reads \"", preset->variables[v].name, "\"\n");
    for (int32_t t = 0; t < preset->num_terms; t++)
        if (preset->terms[t].reward == 0 && preset->terms[t].penalty == 0)
            text_say(text, "reward: term %d is always 0\n", (int)t + 1);
        else
            advise_on_term(text, preset, &preset->terms[t]);
    if (num_versus_terms(preset) > 0 && !has_start_for_two(preset))
        text_say(text, "reward.versus: never counts, as no start is for two\n");
}

/* What is seen of one fighter and not of the other. */
static void advise_on_observe(text_t *text, const preset_t *preset)
{
    bool seen[PRESET_MAX_VARIABLES] = { false };
    mark_observed(seen, preset);
    for (int32_t v = 0; v < preset->num_variables; v++) {
        const int32_t other = preset->sides[v].counterpart;
        if (!seen[v] || seen[other]) continue;
        say_name(text, "observe: \"", preset->variables[v].name, "\" is seen, but not ");
        say_name(text, "\"", preset->variables[other].name, "\", the other side's\n");
    }
}

/* Two fighters, and what an agent on port 2 would be told of them. */
static void advise_on_sides(text_t *text, const preset_t *preset)
{
    why_t why;
    if (preset->num_ports < 2) return;
    if (!preset->has_sides) {
        for (int32_t a = 0; a < preset->num_variables; a++)
            for (int32_t b = 0; b < preset->num_variables; b++) {
                if (!sides_are_a_pair(preset->variables[a].name, preset->variables[b].name))
                    continue;
                if (!preset_plays_port(preset, 1, why)) text_say(text, "sides: %s\n", why);
                return;
            }
        return;
    }
    if (preset_has_reward(preset) && !sides_reward_differs(preset))
        text_say(text, "sides: the reward reads nothing that they exchange: both ports get the "
                       "same\n");
    if ((preset->won >= 0 || preset->lost >= 0) && !sides_condition_differs(preset, preset->won) &&
        !sides_condition_differs(preset, preset->lost))
        text_say(text, "sides: result.won and result.lost read nothing that they exchange: both "
                       "ports win together\n");
    if (preset->left_when < 0)
        text_say(text, "facing: none, so neither port's moves turn with its fighter\n");
}

char *preset_advice(const preset_t *preset)
{
    text_t text = { 0 };
    if (!preset_has_reward(preset))
        text_say(&text, preset_novelty(preset) > 0
                            ? "reward: none, so all that is learned is to see what is new\n"
                            : "reward: none, so nothing can be learned from it\n");
    if (preset->done < 0 && !preset->max_steps)
        text_say(&text, "done: none, and no timing.max_steps: an episode would never end\n");
    if (preset->done >= 0 && preset->won < 0 && preset->lost < 0)
        text_say(&text, "result: none, so no win rate can be said\n");
    if (!preset->num_starts) text_say(&text, "starts: none, so an episode begins at power-on\n");
    if (preset->fight < 0)
        text_say(&text, "fight: none, so in a frontend the agent presses buttons in menus, too\n");
    if (!preset->num_hashes)
        text_say(&text, "hashes: none, so any game of that name and system matches\n");
    if (!preset->provenance.author[0] || !preset->provenance.licence[0])
        text_say(&text, "provenance: author and licence should be said before it is passed on\n");
    advise_on_actions(&text, preset);
    advise_on_variables(&text, preset);
    advise_on_sides(&text, preset);
    advise_on_observe(&text, preset);
    return text_take(&text, NULL);
}
