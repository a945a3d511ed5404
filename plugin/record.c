/* record.c - see record.h. */
#include "record.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "threads.h"
#include "why.h"

enum { SECOND_INSTANCE = 1 << 3, SAY_MS = 8000, MAX_SAME_SECOND = 100 };

/* The thread that saves meanwhile. It looks once a second whether it was handed something: waking
 * it would be a frame's work. */
struct record_saver {
    pthread_t thread;
    sem_t end;
    recorder_t *copy; /* the thread's while is_handed, the frames' else */
    atomic_bool is_handed;
    record_t record;             /* what it is of; its recorder is `copy` */
    char path[FILES_PATH_BYTES]; /* "" until something was saved */
};

void record_load(record_t *record, const host_t *host, const loaded_game_t *game,
                 const offer_t *offer, double fps)
{
    const identity_t *id = &game->identity;
    recording_t *hints = &record->hints;
    const char *save_dir = NULL;
    char home[HOME_PATH_BYTES];
    *record = (record_t){ .file = getenv("KATA_RECORD") };
    if (record->file && (!*record->file || host_is_copy(host))) record->file = NULL;
    if (record->file && access(record->file, F_OK) == 0) { /* another game's of this evening */
        char text[HOST_TEXT_BYTES];
        snprintf(text, sizeof text, "nothing is recorded: %.600s is there already", record->file);
        host_say(host, RETRO_LOG_WARN, SAY_MS, text);
        record->file = NULL;
    }
    hints->fps = fps >= 1 && fps <= 1000 ? fps : 0;
    snprintf(hints->game, sizeof hints->game, "%.120s",
             game->preset ? preset_game(game->preset) : offer->name);
    snprintf(hints->system, sizeof hints->system, "%.15s", id->system);
    snprintf(hints->sha1, sizeof hints->sha1, "%s", id->sha1);
    snprintf(hints->md5, sizeof hints->md5, "%s", id->md5);
    snprintf(hints->crc32, sizeof hints->crc32, "%s", id->crc32);

    if (!host_environment(host, RETRO_ENVIRONMENT_GET_SAVE_DIRECTORY, &save_dir)) save_dir = NULL;
    const bool is_known = id->sha1[0] != '\0';
    if (is_known && home_find_agent(record->dir, save_dir, id->system, id->sha1)) return;
    if (!home_for_writing(home, NULL) ||
        (is_known && !home_game_dir(record->dir, home, id->system, id->sha1, NULL)))
        record->dir[0] = '\0';
    else if (!is_known)
        memcpy(record->dir, home, sizeof record->dir);
}

/* Where it is saved. False: the path is too long. */
static bool folder_of(const record_t *record, char dir[FILES_PATH_BYTES])
{
    if (!record->file)
        return snprintf(dir, FILES_PATH_BYTES, "%s/recordings", record->dir) < FILES_PATH_BYTES;
    const char *name = files_name(record->file);
    const int length = (int)(name - record->file);
    return length == 0
               ? snprintf(dir, FILES_PATH_BYTES, ".") > 0
               : snprintf(dir, FILES_PATH_BYTES, "%.*s", length, record->file) < FILES_PATH_BYTES;
}

/* The file that was named, else <dir>/recordings/20260131-235959.kata-recording, or -2 ... of the
 * same second. */
static bool find_name(const record_t *record, char path[FILES_PATH_BYTES])
{
    char stamp[32];
    struct tm parts;
    const time_t now = time(NULL);
    if (record->file)
        return snprintf(path, FILES_PATH_BYTES, "%s", record->file) < FILES_PATH_BYTES;
    if (!localtime_r(&now, &parts)) return false;
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &parts);
    for (int32_t n = 1; n <= MAX_SAME_SECOND; n++) {
        char number[16] = "";
        if (n > 1) snprintf(number, sizeof number, "-%d", n);
        const int length = snprintf(path, FILES_PATH_BYTES, "%s/recordings/%s%s.kata-recording",
                                    record->dir, stamp, number);
        if (length >= FILES_PATH_BYTES) return false;
        if (access(path, F_OK) != 0) return true;
    }
    return false;
}

/* path: where it was saved before, or "" and then where it was saved now. */
static bool save(const record_t *record, char path[FILES_PATH_BYTES], why_t why)
{
    recording_t recording;
    char dir[FILES_PATH_BYTES];
    if (!folder_of(record, dir) || (!path[0] && !find_name(record, path))) {
        refuse(why, "no name for it below %.300s", record->dir);
        return false;
    }
    if (!files_make_dirs(dir, why) || !recorder_take(record->recorder, &recording, why))
        return false;
    recording_t whole = record->hints;
    whole.num_ports = recording.num_ports;
    whole.num_frames = recording.num_frames;
    whole.num_segments = recording.num_segments;
    whole.pads = recording.pads;
    whole.segments = recording.segments;
    const bool ok = recording_save(&whole, path, why);
    recording_free(&recording);
    return ok;
}

static void *keep(void *context)
{
    record_saver_t *saver = context;
    for (;;) {
        struct timespec next;
        clock_gettime(CLOCK_REALTIME, &next);
        next.tv_sec++;
        if (sem_timedwait(&saver->end, &next) == 0) return NULL;
        if (!atomic_load(&saver->is_handed)) continue;
        char path[FILES_PATH_BYTES];
        why_t why;
        memcpy(path, saver->path, sizeof path);
        /* What cannot be saved is said at the end, when it is lost. */
        if (recorder_num_held(saver->copy) > 0 && save(&saver->record, path, why))
            memcpy(saver->path, path, sizeof path);
        atomic_store(&saver->is_handed, false);
    }
}

static void free_saver(record_saver_t *saver)
{
    if (!saver) return;
    recorder_free(saver->copy);
    free(saver);
}

/* NULL: no memory or no thread; then all is saved at the end only. */
static record_saver_t *start_saver(const record_t *record)
{
    record_saver_t *saver = calloc(1, sizeof *saver);
    if (!saver || !(saver->copy = recorder_create()) || sem_init(&saver->end, 0, 0) != 0) {
        free_saver(saver);
        return NULL;
    }
    saver->record = *record;
    saver->record.recorder = saver->copy;
    if (threads_start(&saver->thread, keep, saver)) return saver;
    sem_destroy(&saver->end);
    free_saver(saver);
    return NULL;
}

/* path: where it has saved, or "". */
static void stop_saver(record_saver_t *saver, char path[FILES_PATH_BYTES])
{
    path[0] = '\0';
    if (!saver) return;
    sem_post(&saver->end);
    pthread_join(saver->thread, NULL);
    sem_destroy(&saver->end);
    memcpy(path, saver->path, FILES_PATH_BYTES);
    free_saver(saver);
}

/* Now and then, if the saver is not still saving: a copy of what is new. */
static void hand_over(record_t *record)
{
    record_saver_t *saver = record->saver;
    if (!saver || ++record->frames_since < RECORD_KEEP_FRAMES || atomic_load(&saver->is_handed))
        return;
    recorder_copy(record->recorder, saver->copy);
    record->frames_since = 0;
    atomic_store(&saver->is_handed, true);
}

/* Tried, for permissions do not tell of full disks or of a file where a folder is needed. */
static bool can_write(const record_t *record, why_t why)
{
    char dir[FILES_PATH_BYTES], path[FILES_PATH_BYTES];
    files_writer_t trial;
    if (!folder_of(record, dir) ||
        snprintf(path, sizeof path, "%.4000s/trial", dir) >= (int)sizeof path)
        return refuse(why, "the folder's path is too long");
    if (!files_make_dirs(dir, why)) return false;
    if (!files_replace_open(&trial, path, why)) return false;
    files_replace_abort(&trial);
    return true;
}

void record_switch(record_t *record, const host_t *host, bool is_on)
{
    is_on = is_on || record->file;
    if (is_on == record->is_on) return;
    record->is_on = is_on;
    if (!is_on) return;
    why_t why, text;
    const bool has_place = record->file || record->dir[0];
    if (has_place && !can_write(record, why)) {
        snprintf(text, sizeof text, "nothing is recorded: %.600s", why);
        host_say(host, RETRO_LOG_WARN, SAY_MS, text);
        record->is_on = false;
        record->file = NULL; /* it is said once */
        return;
    }
    if (!has_place)
        host_say(host, RETRO_LOG_WARN, SAY_MS, "nothing is recorded: there is no folder for it");
    else if (record->recorder)
        recorder_cut(record->recorder);
    else if (!(record->recorder = recorder_create()))
        host_say(host, RETRO_LOG_WARN, SAY_MS, "nothing is recorded: no memory");
    if (!has_place || !record->recorder) record->is_on = false;
    if (record->is_on && !record->saver) record->saver = start_saver(record);
}

static bool is_second_instance(const host_t *host)
{
    int enabled = 0;
    return host_environment(host, RETRO_ENVIRONMENT_GET_AUDIO_VIDEO_ENABLE, &enabled) &&
           (enabled & SECOND_INSTANCE);
}

void record_frame(record_t *record, const host_t *host, bool with_mask, uint32_t ours,
                  const bridge_t *bridge)
{
    if (!record->is_on || record->is_full || record->is_second) return;
    if (is_second_instance(host)) {
        record->is_second = true;
        return;
    }
    uint16_t pads[RECORDING_MAX_PORTS];
    for (unsigned port = 0; port < RECORDING_MAX_PORTS; port++) {
        const bool is_whole = record->file != NULL; /* what the game got, by whoever */
        pads[port] = 0;
        if (is_whole ? !bridge_held(bridge, port, &pads[port]) : !(ours >> port & 1))
            pads[port] = host_pad(host, port, with_mask);
    }
    if (recorder_frame(record->recorder, pads)) {
        hand_over(record);
        return;
    }
    record->is_full = true;
    host_say(host, RETRO_LOG_WARN, SAY_MS,
             "the recording is full; it is saved when the game is closed");
}

void record_cut(record_t *record)
{
    if (record->recorder) recorder_cut(record->recorder);
}

void record_saved(record_t *record, const void *state, size_t num_bytes)
{
    if (record->is_on) recorder_saved(record->recorder, state, num_bytes);
}

void record_restored(record_t *record, const void *state, size_t num_bytes)
{
    if (record->recorder) recorder_restored(record->recorder, state, num_bytes);
}

void record_unload(record_t *record, const host_t *host)
{
    char path[FILES_PATH_BYTES], text[HOST_TEXT_BYTES];
    why_t why;
    stop_saver(record->saver, path);
    if (record->recorder && !record->is_second && recorder_num_held(record->recorder) > 0) {
        if (save(record, path, why)) {
            snprintf(text, sizeof text, "recorded: %.600s", path);
            host_log(host, RETRO_LOG_INFO, text);
        } else {
            snprintf(text, sizeof text, "the recording is lost: %.500s", why);
            host_say(host, RETRO_LOG_ERROR, SAY_MS, text);
        }
    }
    recorder_free(record->recorder);
    *record = (record_t){ 0 };
}
