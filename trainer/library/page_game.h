/* page_game.h - one game on the page of the library. */
#ifndef TRAINER_PAGE_GAME_H
#define TRAINER_PAGE_GAME_H

#include <stdio.h>

#include "preset.h"

/* An <article>: moves with arrows, what is known, who tried it on which dump. file: its place in
 * the library, "nes/Galaga.kata.json", by which it is linked to. All text of the preset is written
 * as text. A stream that cannot be written keeps its error. */
void page_game(FILE *out, const preset_t *preset, const char *file);

/* library_page.html, in which the games stand where PAGE_GAMES does. */
#define PAGE_GAMES "<!--GAMES-->"
extern const unsigned char library_page_html[];
extern const size_t library_page_html_bytes;

#endif
