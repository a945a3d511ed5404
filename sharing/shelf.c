/* shelf.c - looking for agents, and which of them plays. */
#include "shelf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "home.h"
#include "package_parts.h"
#include "shelf_parts.h"
#include "why.h"

bool shelf_dir(char dir[HOME_PATH_BYTES], const char *game_dir, const char *name, why_t why)
{
    const bool is_own = strcmp(name, SHELF_OWN) == 0;
    if (!is_own && !package_name_is_valid(name))
        return refuse(why, "an agent's name is 1 to %d of a-z 0-9 - _, found \"%.60s\"",
                      PACKAGE_NAME_BYTES - 1, name);
    const int length = is_own ? snprintf(dir, HOME_PATH_BYTES, "%s", game_dir)
                              : snprintf(dir, HOME_PATH_BYTES, "%s/agents/%s", game_dir, name);
    return length < HOME_PATH_BYTES || refuse(why, "%.200s...: too long a path", game_dir);
}

static bool holds_agent(const char *dir)
{
    char path[HOME_PATH_BYTES];
    return home_join(path, dir, PACKAGE_AGENT, NULL) && access(path, R_OK) == 0;
}

/* ---- names of a folder, in the order of their bytes ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int32_t shelf_names(const char *dir, bool (*wanted)(const char *name), char **names, int32_t most)
{
    int32_t count = 0;
    DIR *folder = opendir(dir);
    for (struct dirent *entry; folder && count < most && (entry = readdir(folder));) {
        if (!wanted(entry->d_name)) continue;
        names[count] = strdup(entry->d_name);
        if (names[count]) count++;
    }
    if (folder) closedir(folder);
    qsort(names, (size_t)count, sizeof *names, by_text);
    return count;
}

/* ---- listing ---- */

typedef struct {
    const char *system, *sha1;
    bool wants_own, stopped;
    char (*seen)[PACKAGE_NAME_BYTES]; /* (SHELF_MAX_AGENTS): an earlier home's goes first */
    int32_t num_seen;
    shelf_visit_t *visit;
    void *context;
} shelf_tour_t;

static bool show(shelf_tour_t *tour, const char *name, const char *dir)
{
    if (!holds_agent(dir) || tour->num_seen == SHELF_MAX_AGENTS) return true;
    for (int32_t i = 0; i < tour->num_seen; i++)
        if (strcmp(tour->seen[i], name) == 0) return true;
    snprintf(tour->seen[tour->num_seen++], PACKAGE_NAME_BYTES, "%s", name);
    const bool is_own = strcmp(name, SHELF_OWN) == 0;
    package_t *package = is_own ? NULL : calloc(1, sizeof *package);
    char path[HOME_PATH_BYTES];
    uint8_t *bytes = NULL;
    size_t num_bytes;
    const bool is_read = package && home_join(path, dir, SHELF_MANIFEST, NULL) &&
                         files_read(path, PACKAGE_MANIFEST_BYTES, &bytes, &num_bytes, NULL) &&
                         package_manifest_read(package, (char *)bytes, num_bytes, path, NULL);
    const shelf_agent_t agent = { name, dir, is_own, is_read ? package : NULL };
    tour->stopped = !tour->visit(tour->context, &agent);
    free(bytes);
    free(package); /* its parts have no bytes */
    return !tour->stopped;
}

static bool show_home(void *context, const char *home)
{
    shelf_tour_t *tour = context;
    char game_dir[HOME_PATH_BYTES], dir[HOME_PATH_BYTES];
    char *names[SHELF_MAX_AGENTS];
    if (!home_game_dir(game_dir, home, tour->system, tour->sha1, NULL)) return true;
    if (tour->wants_own) return show(tour, SHELF_OWN, game_dir);
    if (!home_join(dir, game_dir, "agents", NULL)) return true;
    const int32_t count = shelf_names(dir, package_name_is_valid, names, SHELF_MAX_AGENTS);
    for (int32_t i = 0; i < count; i++) {
        if (!tour->stopped && shelf_dir(dir, game_dir, names[i], NULL)) show(tour, names[i], dir);
        free(names[i]);
    }
    return !tour->stopped;
}

void shelf_list(const char *save_dir, const char *system, const char *sha1, shelf_visit_t *visit,
                void *context)
{
    shelf_tour_t tour = {
        .system = system, .sha1 = sha1, .visit = visit, .context = context, .wants_own = true
    };
    tour.seen = calloc(SHELF_MAX_AGENTS, sizeof *tour.seen);
    if (!tour.seen) return;
    bool goes_on = home_visit(save_dir, show_home, &tour);
    tour.wants_own = false;
    if (goes_on) home_visit(save_dir, show_home, &tour);
    free(tour.seen);
}

/* ---- choosing ---- */

typedef struct {
    const char *name; /* NULL: the one that came last */
    bool found;
    struct timespec came;
    char *dir, *name_out;
    char known[256]; /* names, for a refusal */
} shelf_search_t;

static void keep(shelf_search_t *search, const shelf_agent_t *agent)
{
    search->found = true;
    snprintf(search->dir, HOME_PATH_BYTES, "%s", agent->dir);
    snprintf(search->name_out, PACKAGE_NAME_BYTES, "%s", agent->name);
}

static bool is_later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static bool look_at(void *context, const shelf_agent_t *agent)
{
    shelf_search_t *search = context;
    const size_t length = strlen(search->known);
    snprintf(search->known + length, sizeof search->known - length, "%s%s", length ? ", " : "",
             agent->name);
    if (search->name) {
        if (strcmp(search->name, agent->name) != 0) return true;
        keep(search, agent);
        return false;
    }
    struct stat status;
    if (agent->is_own || stat(agent->dir, &status) != 0) return true;
    if (search->found && !is_later(&status.st_mtim, &search->came)) return true;
    search->came = status.st_mtim;
    keep(search, agent);
    return true;
}

bool shelf_find_sent(char dir[HOME_PATH_BYTES], char *name_out, const char *save_dir,
                     const char *system, const char *sha1)
{
    shelf_search_t search = { .dir = dir, .name_out = name_out };
    shelf_list(save_dir, system, sha1, look_at, &search);
    return search.found;
}

bool shelf_find(char dir[HOME_PATH_BYTES], char *name_out, const char *save_dir, const char *system,
                const char *sha1, const char *name, why_t why)
{
    shelf_search_t search = { .name = name ? name : SHELF_OWN, .dir = dir, .name_out = name_out };
    shelf_list(save_dir, system, sha1, look_at, &search);
    if (search.found) return true;
    if (!name && shelf_find_sent(dir, name_out, save_dir, system, sha1)) return true;
    dir[0] = name_out[0] = '\0';
    if (!search.known[0]) return refuse(why, "this game has no agent");
    return refuse(why, "this game has no agent \"%.60s\"; it has %.300s", search.name,
                  search.known);
}
