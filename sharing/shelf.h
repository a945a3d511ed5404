/* shelf.h - the agents of a game: one's own, and beside it those that others sent.
 *
 *     <home>/<system>-<sha1>/                  one's own agent (home.h)
 *     <home>/<system>-<sha1>/agents/<name>/    another's: preset.json, agent.safetensors,
 * recordings/, and package.json, the manifest that it came with
 *
 * A package goes onto the shelf whole or not at all, after everything in it was read as it will be
 * read to play: the preset, the weights (finite, nothing but the policy's, of this Kata's
 * pictures), the actions that both name, the recordings. One's own agent is never touched.
 *
 * May include: package.h, preset.h, policy.h, home.h, note.h, player.h, recording.h, files.
 */
#ifndef SHARING_SHELF_H
#define SHARING_SHELF_H

#include <stdbool.h>

#include "home.h"
#include "package.h"
#include "preset.h"
#include "why.h"

#define SHELF_OWN "own"
#define SHELF_FILE_SUFFIX ".kata"
enum { SHELF_MAX_AGENTS = 256, SHELF_MAX_FILES = 256 };

/* Of a game folder: one's own agent's folder is itself. False: no such name, or too long a path. */
bool shelf_dir(char dir[HOME_PATH_BYTES], const char *game_dir, const char *name, why_t why);

/* The agents of a game, over all homes, one's own first, then by name. package: the manifest that
 * it came with, its parts without bytes; NULL: one's own, or it cannot be read. False from `visit`
 * ends it. */
typedef struct {
    const char *name, *dir;
    bool is_own;
    const package_t *package;
} shelf_agent_t;
typedef bool shelf_visit_t(void *context, const shelf_agent_t *agent);
void shelf_list(const char *save_dir, const char *system, const char *sha1, shelf_visit_t *visit,
                void *context);

/* Whose agent plays: of this name; NULL: one's own, else the one that came last. *name_out
 * (PACKAGE_NAME_BYTES) is what it is called. False: `why` says what there is instead. */
bool shelf_find(char dir[HOME_PATH_BYTES], char *name_out, const char *save_dir, const char *system,
                const char *sha1, const char *name, why_t why);
/* The one that came last of those that others sent. */
bool shelf_find_sent(char dir[HOME_PATH_BYTES], char *name_out, const char *save_dir,
                     const char *system, const char *sha1);

/* Check everything in it but the weights; *preset (may be NULL) is the caller's. source: for
 * messages. */
bool shelf_check(const package_t *package, const char *source, preset_t **preset, why_t why);

/* Put a package with an agent there, as `name`, checked whole. dir: where it is now. False: nothing
 * was changed. */
bool shelf_store(const package_t *package, const char *source, const char *home, const char *name,
                 bool replace, char dir[HOME_PATH_BYTES], why_t why);

/* Store the packages of this game that lie as *.kata in the save directory's homes and are not
 * there yet. tell: a sentence for each that was stored or refused. */
typedef void shelf_tell_t(void *context, bool is_stored, const char *sentence);
void shelf_collect(const char *save_dir, const char *system, const char *sha1, shelf_tell_t *tell,
                   void *context);

/* The same of the packages inside this program (box.h), stored where `kata train` writes: for a
 * game that has no agent yet. KATA_BOX=off in the environment leaves them where they are. True: one
 * is on the shelf now. */
bool shelf_collect_box(const char *system, const char *sha1, shelf_tell_t *tell, void *context);

#endif
