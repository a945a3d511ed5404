/* pages.h - the files of a folder, and what a report's page must say and be. */
#ifndef TESTS_TRAINER_PAGES_H
#define TESTS_TRAINER_PAGES_H

#include <stdint.h>

/* One of the last eight paths asked for. */
char *pages_path(const char *dir, const char *name);
/* The whole file, freed by the caller; fails the test if there is none. */
char *pages_text(const char *dir, const char *name);
void pages_write(const char *dir, const char *name, const char *text);

int32_t pages_count(const char *text, const char *word);
void pages_expect(const char *text, const char *words);
/* Every element that is opened is closed; nothing runs and nothing is fetched. */
void pages_expect_well_formed(const char *page);

/* A headless Chromium; NULL: none is installed. */
const char *pages_browser(void);
/* The page's elements after its scripts have run, freed by the caller; *console: what it said,
 * likewise. page: an absolute path, perhaps with "#words" behind it. */
char *pages_browse(const char *page, int width, char **console);

#endif
