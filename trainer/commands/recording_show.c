/* recording_show.c - `kata recording show FILE...`: what somebody recorded, and with what. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json_line.h"
#include "macro.h"
#include "numbers.h"
#include "recording.h"
#include "voice.h"
#include "why.h"

typedef struct {
    bool json;
} recording_show_values_t;

static const option_t rows[] = {
    { "json", OPTION_FLAG, offsetof(recording_show_values_t, json), NULL, 0, 0,
      "one JSON object a file" },
};
static const option_group_t groups[] = { { "Options", rows, 1, 0 } };

typedef struct {
    int32_t held_frames; /* in which something is held */
    int32_t changes;
    uint16_t buttons; /* that were ever held */
} port_t;

static port_t look_at(const recording_t *recording, int32_t port)
{
    const uint16_t *pads = recording_pads(recording, port);
    port_t seen = { 0 };
    for (int32_t f = 0; f < recording->num_frames; f++) {
        seen.held_frames += pads[f] != 0;
        seen.changes += f > 0 && pads[f] != pads[f - 1];
        seen.buttons |= pads[f];
    }
    return seen;
}

static void print_hint(const char *what, const char *text)
{
    if (text[0]) say("  %-9s %s\n", what, text);
}

static void print_length(const recording_t *recording)
{
    char frames[NUMBERS_BYTES];
    numbers_grouped(frames, (uint64_t)recording->num_frames);
    say("  %-9s %s frames", "length", frames);
    if (recording->fps > 0) {
        const double seconds = recording->num_frames / recording->fps;
        say(", %d:%04.1f at %.4g a second", (int)(seconds / 60), seconds - 60 * (int)(seconds / 60),
            recording->fps);
    }
    if (recording->num_segments > 1) say(", in %d segments", recording->num_segments);
    say("\n");
}

static void print_text(const recording_t *recording, const char *path)
{
    macro_language_t language;
    macro_language_defaults(&language);
    say("%s: %s\n", path, recording_kind_name(recording->kind));
    print_hint("game", recording->game);
    print_hint("system", recording->system);
    print_hint("SHA-1", recording->sha1);
    print_hint("MD5", recording->md5);
    print_hint("CRC32", recording->crc32);
    print_length(recording);
    if (recording->facing == RECORDING_FACING_RIGHT) print_hint("facing", "right is forward");
    for (int32_t p = 0; p < recording->num_ports; p++) {
        const port_t seen = look_at(recording, p);
        char buttons[256];
        macro_print_pad(buttons, sizeof buttons, seen.buttons, &language);
        say("  port %d    held in %.1f %% of the frames, %d changes: %s\n", p + 1,
            100.0 * seen.held_frames / recording->num_frames, seen.changes, buttons);
    }
    print_hint("left out", recording->note);
}

static void add_hint(cJSON *object, const char *key, const char *text)
{
    if (text[0]) cJSON_AddStringToObject(object, key, text);
}

static void print_json(const recording_t *recording, const char *path)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", path);
    cJSON_AddStringToObject(object, "kind", recording_kind_name(recording->kind));
    add_hint(object, "game", recording->game);
    add_hint(object, "system", recording->system);
    add_hint(object, "sha1", recording->sha1);
    add_hint(object, "md5", recording->md5);
    add_hint(object, "crc32", recording->crc32);
    json_line_add_number(object, "frames", 0, recording->num_frames);
    if (recording->fps > 0) json_line_add_number(object, "fps", 4, recording->fps);
    json_line_add_number(object, "segments", 0, recording->num_segments);
    cJSON_AddBoolToObject(object, "faces_right", recording->facing == RECORDING_FACING_RIGHT);
    cJSON *ports = cJSON_AddArrayToObject(object, "ports");
    for (int32_t p = 0; p < recording->num_ports; p++) {
        const port_t seen = look_at(recording, p);
        cJSON *port = cJSON_CreateObject();
        json_line_add_number(port, "held_frames", 0, seen.held_frames);
        json_line_add_number(port, "changes", 0, seen.changes);
        json_line_add_number(port, "buttons", 0, seen.buttons);
        cJSON_AddItemToArray(ports, port);
    }
    add_hint(object, "left_out", recording->note);
    json_line_print(object);
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    const recording_show_values_t *v = values;
    int status = EXIT_OK;
    for (int32_t a = 0; a < num_arguments; a++) {
        recording_t recording;
        why_t why;
        if (!recording_read(&recording, arguments[a], why)) {
            status = say_failed("%s", why);
            continue;
        }
        if (v->json)
            print_json(&recording, arguments[a]);
        else
            print_text(&recording, arguments[a]);
        recording_free(&recording);
    }
    return status;
}

const command_t command_recording_show = {
    .name = "recording show",
    .arguments = "FILE...",
    .min_arguments = 1,
    .max_arguments = COMMAND_ANY_NUMBER,
    .summary = "what is in a recording of pads",
    .about =
        "FILE is a recording of Kata's (option kata_record in RetroArch), an .fm2 of FCEUX, a\n"
        ".bk2 of BizHawk, a replay of RetroArch, or a training mode's JSON; its contents tell\n"
        "which. Shows the game, the length, and what each pad held.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  What did I record?\n"
                "    kata recording show run.kata-recording\n"
                "  The games of many movies:\n"
                "    kata recording show --json *.bk2 | jq -r .game\n",
    .values_bytes = sizeof(recording_show_values_t),
    .run = run,
};
