/* recording_convert.c - `kata recording convert FILE --out FILE`: any recording as Kata's own text.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "commands.h"
#include "recording.h"
#include "why.h"

typedef struct {
    const char *out;
    bool replace;
} recording_convert_values_t;

static const option_t rows[] = {
    { "out", OPTION_TEXT, offsetof(recording_convert_values_t, out), "FILE", 0, 0,
      "save it there [print it]" },
    { "replace", OPTION_FLAG, offsetof(recording_convert_values_t, replace), NULL, 0, 0,
      "with --out: even if the file is there" },
};
static const option_group_t groups[] = { { "Options", rows, 2, 0 } };

static int save(const recording_t *recording, const recording_convert_values_t *v)
{
    struct stat status;
    why_t why;
    if (!v->replace && lstat(v->out, &status) == 0)
        return say_failed("%.300s is there already; --replace to lose what is in it", v->out);
    signal(SIGXFSZ, SIG_IGN); /* as preset_file_save() */
    if (!recording_save(recording, v->out, why)) return say_failed("%s", why);
    printf("saved %s\n", v->out);
    return EXIT_OK;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)num_arguments;
    const recording_convert_values_t *v = values;
    recording_t recording;
    why_t why;
    if (v->replace && !v->out) return say_usage("recording convert: --replace needs --out FILE");
    if (!recording_read(&recording, arguments[0], why)) return say_failed("%s", why);
    int status = EXIT_OK;
    if (v->out)
        status = save(&recording, v);
    else
        recording_print(&recording, stdout);
    if (status == EXIT_OK && recording.note[0])
        fprintf(stderr, "kata: left out: %s\n", recording.note);
    recording_free(&recording);
    return status;
}

const command_t command_recording_convert = {
    .name = "recording convert",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "any recording of pads as Kata's own text",
    .about =
        "Kata's own recordings are text: how long which pads were held. They can be read in a\n"
        "diff and edited by hand; recordings/FORMAT.md specifies them.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Look into a movie:\n"
                "    kata recording convert run.bk2 | less\n"
                "  Keep it:\n"
                "    kata recording convert run.fm2 --out run.kata-recording\n",
    .values_bytes = sizeof(recording_convert_values_t),
    .run = run,
};
