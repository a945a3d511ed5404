/* page_game.c - see page_game.h. */
#include "page_game.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "html.h"
#include "retropad.h"

enum { SHOWN_STEPS = 40, LONG_FRAMES = 15 };

/* ---- a move as arrows ---- */

static const char *arrow_of(uint16_t pad)
{
    const int x = ((pad & MACRO_RIGHT) != 0) - ((pad & MACRO_LEFT) != 0);
    const int y = ((pad & MACRO_UP) != 0) - ((pad & MACRO_DOWN) != 0);
    static const char *const arrows[3][3] = { { "&#8601;", "&#8595;", "&#8600;" },
                                              { "&#8592;", "", "&#8594;" },
                                              { "&#8598;", "&#8593;", "&#8599;" } };
    return arrows[y + 1][x + 1];
}

static void write_buttons(FILE *out, uint16_t pad, const macro_language_t *language)
{
    pad &= (uint16_t) ~(MACRO_UP | MACRO_DOWN | MACRO_LEFT | MACRO_RIGHT);
    for (int32_t b = 0; b < language->num_buttons && pad; b++) {
        const uint16_t bits = language->buttons[b].pad;
        if (!bits || (pad & bits) != bits) continue;
        fputs(" <b>", out);
        html_text(out, language->buttons[b].name);
        fputs("</b>", out);
        pad &= (uint16_t)~bits;
    }
    for (unsigned id = 0; id < 16; id++) { /* what the preset has no name for */
        if (!(pad >> id & 1)) continue;
        fputs(" <b>", out);
        html_text(out, retropad_name((int32_t)id));
        fputs("</b>", out);
    }
}

static void write_keys(FILE *out, const macro_t *macro, const macro_language_t *language)
{
    for (int32_t s = 0; s < macro->num_steps && s < SHOWN_STEPS; s++) {
        const macro_step_t *step = &macro->steps[s];
        if (!step->pad && step->frames < LONG_FRAMES) {
            fputs(macro->num_steps == 1 ? "&#183; " : "", out);
            continue;
        }
        fputs(step->pad ? arrow_of(step->pad) : "&#183;", out);
        write_buttons(out, step->pad, language);
        if (step->frames >= LONG_FRAMES) fprintf(out, " <small>%d</small>", (int)step->frames);
        fputc(' ', out);
    }
    if (macro->num_steps > SHOWN_STEPS) fputs("&#8230;", out);
}

static void write_actions(FILE *out, const preset_t *preset, bool macros)
{
    fputs("<div class=\"wide\"><table><tr><th>name</th><th>pad</th><th>notation</th>"
          "<th>frames</th></tr>\n",
          out);
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        const preset_action_t *action = preset_action(preset, a);
        if (action->is_macro != macros) continue;
        fputs("<tr><td>", out);
        html_text(out, action->name);
        fputs("</td><td class=\"keys\">", out);
        write_keys(out, &action->macro, preset_language(preset));
        fputs("</td><td><code>", out);
        html_text(out, action->macro.notation);
        fprintf(out, "</code></td><td>%d</td></tr>\n",
                (int)(macros ? action->macro.num_frames : preset_frame_skip(preset)));
    }
    fputs("</table></div>\n", out);
}

static int32_t count_actions(const preset_t *preset, bool macros)
{
    int32_t count = 0;
    for (int32_t a = 0; a < preset_num_actions(preset); a++)
        count += preset_action(preset, a)->is_macro == macros;
    return count;
}

/* ---- what is known ---- */

/* A section of the file, as it is written there. */
static void write_section(FILE *out, const cJSON *file, const char *key, const char *title)
{
    const cJSON *section = cJSON_GetObjectItemCaseSensitive(file, key);
    char *text = section ? cJSON_PrintUnformatted(section) : NULL;
    fprintf(out, "<tr><td>%s</td><td>", title);
    fputs(text ? "<code>" : "not known", out);
    if (text) html_text(out, text);
    fputs(text ? "</code></td></tr>\n" : "</td></tr>\n", out);
    cJSON_free(text);
}

static void write_variables(FILE *out, const preset_t *preset)
{
    fputs("<tr><td>memory</td><td>", out);
    for (int32_t v = 0; v < preset_num_variables(preset); v++) {
        const preset_variable_t *variable = preset_variable(preset, v);
        fputs(v ? ", " : "", out);
        html_text(out, variable->name);
        fprintf(out, " <code>0x%04" PRIX64 "</code>", variable->address);
    }
    fputs(preset_num_variables(preset) ? "</td></tr>\n" : "nothing</td></tr>\n", out);
}

static void write_starts(FILE *out, const preset_t *preset)
{
    fputs("<tr><td>starts</td><td>", out);
    for (int32_t s = 0; s < preset_num_starts(preset); s++) {
        fputs(s ? "<br>" : "", out);
        html_text(out, preset_start_name(preset, s));
        fputs(preset_start_players(preset, s) > 1 ? ", for two: <code>" : ": <code>", out);
        for (int32_t step = 0; step < preset_num_boot_steps(preset, s); step++) {
            fputs(step ? " &#8226; " : "", out);
            html_text(out, preset_boot_step(preset, s, step)->text);
        }
        fputs("</code>", out);
    }
    fputs(preset_num_starts(preset) ? "</td></tr>\n" : "from power-on</td></tr>\n", out);
}

static void write_known(FILE *out, const preset_t *preset, const cJSON *file)
{
    fputs("<h3>What is known</h3><div class=\"wide\"><table>\n", out);
    write_section(out, file, "reward", "reward");
    write_section(out, file, "done", "end");
    write_section(out, file, "result", "who won");
    write_section(out, file, "facing", "facing");
    write_section(out, file, "sides", "port 2");
    write_variables(out, preset);
    write_starts(out, preset);
    fputs("</table></div>\n", out);
}

/* ---- who tried it ---- */

static void write_tried(FILE *out, const preset_t *preset)
{
    const preset_provenance_t *p = preset_provenance(preset);
    fputs("<h3>Who tried it, on which dump</h3>\n<ul>", out);
    for (int32_t c = 0; c < p->num_checks; c++) {
        fputs("<li>", out);
        html_text(out, p->checks[c].by);
        fputs(", on <code>", out);
        html_text(out, p->checks[c].dump);
        fputs("</code>: ", out);
        html_text(out, p->checks[c].tried);
        fputs("</li>\n", out);
    }
    if (p->num_checks == 0) fputs("<li>Nobody has said so yet.</li>\n", out);
    if (p->verified[0]) {
        fputs("<li>", out);
        html_text(out, p->verified);
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

static void write_dumps(FILE *out, const cJSON *file)
{
    static const char *const keys[] = { "name", "sha1", "crc32", "md5" };
    const cJSON *hashes = cJSON_GetObjectItemCaseSensitive(file, "hashes");
    fputs("<h3>Dumps it is for</h3>\n<ul>", out);
    for (const cJSON *dump = hashes ? hashes->child : NULL; dump; dump = dump->next) {
        fputs("<li>", out);
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            const cJSON *value = cJSON_GetObjectItemCaseSensitive(dump, keys[k]);
            if (!cJSON_IsString(value)) continue;
            fputs(k ? "<code>" : "", out);
            html_text(out, value->valuestring);
            fputs(k ? "</code> " : " ", out);
        }
        fputs("</li>\n", out);
    }
    if (!hashes || !hashes->child) fputs("<li>any that is called so</li>\n", out);
    fputs("</ul>\n", out);
}

static void write_sources(FILE *out, const preset_t *preset)
{
    const preset_provenance_t *p = preset_provenance(preset);
    fputs("<h3>Where it comes from</h3>\n<ul><li>", out);
    html_text(out, p->author[0] ? p->author : "nobody named");
    fputs(", ", out);
    html_text(out, p->licence[0] ? p->licence : "no licence said");
    fputs("</li>\n", out);
    for (int32_t s = 0; s < p->num_sources; s++) {
        fputs("<li>", out);
        html_text(out, p->sources[s]);
        fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
}

/* ---- the whole ---- */

static void write_words(FILE *out, const preset_t *preset, const char *file, const cJSON *json)
{
    html_text(out, preset_game(preset));
    fputc(' ', out);
    html_text(out, file);
    for (int32_t a = 0; a < preset_num_actions(preset); a++) {
        if (!preset_action(preset, a)->is_macro) continue;
        fputc(' ', out);
        html_text(out, preset_action(preset, a)->name);
        fputc(' ', out);
        html_text(out, preset_action(preset, a)->macro.notation);
    }
    static const char *const lists[] = { "aliases", "hashes" };
    for (size_t l = 0; l < 2; l++) {
        const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, lists[l]);
        for (const cJSON *item = list ? list->child : NULL; item; item = item->next)
            for (const cJSON *text = item->child ? item->child : item; text;
                 text = item->child ? text->next : NULL)
                if (cJSON_IsString(text)) fputc(' ', out), html_text(out, text->valuestring);
    }
}

static void write_tags(FILE *out, const preset_t *preset, int32_t num_macros)
{
    const preset_provenance_t *p = preset_provenance(preset);
    fprintf(out, "<p class=\"tags\"><span>%s</span>", preset_system(preset));
    fprintf(out,
            p->num_checks ? "<span class=\"good\">tried by %d</span>"
                          : "<span>not tried on the game</span>",
            (int)p->num_checks);
    fprintf(out, "<span>%d moves</span><span>%d starts</span>", (int)num_macros,
            (int)preset_num_starts(preset));
    if (!preset_has_reward(preset)) fputs("<span>no reward</span>", out);
    if (preset_plays_port(preset, 1, NULL)) fputs("<span>both pads</span>", out);
    if (preset_similarity(preset)) fputs("<span>similarity learned</span>", out);
    fputs("</p>\n", out);
}

void page_game(FILE *out, const preset_t *preset, const char *file)
{
    cJSON *json =
        cJSON_Parse(preset_text(preset, NULL)); /* it was parsed before: strict, bounded */
    const int32_t num_macros = count_actions(preset, true);
    fputs("<article id=\"", out);
    const size_t length = strlen(file), ending = strlen(".kata.json");
    char id[512];
    snprintf(id, sizeof id, "%.*s", (int)(length > ending ? length - ending : length), file);
    html_text(out, id);
    fputs("\" data-words=\"", out);
    write_words(out, preset, file, json);
    fputs("\"><h2>", out);
    html_text(out, preset_game(preset));
    fputs("</h2>\n", out);
    write_tags(out, preset, num_macros);
    if (num_macros) {
        fprintf(out, "<details><summary>%d moves</summary>\n", (int)num_macros);
        write_actions(out, preset, true);
        fputs("</details>\n", out);
    }
    fputs("<details><summary>What is known, and who tried it</summary>\n", out);
    write_known(out, preset, json);
    write_tried(out, preset);
    write_dumps(out, json);
    write_sources(out, preset);
    fprintf(out, "<h3>%d pads of one step</h3>\n", (int)count_actions(preset, false));
    write_actions(out, preset, false);
    fputs("</details></article>\n", out);
    cJSON_Delete(json);
}
