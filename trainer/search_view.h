/* search_view.h - what `kata search` shows: candidates, a variable, the picture of the game. */
#ifndef TRAINER_SEARCH_VIEW_H
#define TRAINER_SEARCH_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "memory_search.h"
#include "why.h"

#define SEARCH_VIEW_MAX 1000 /* candidates in one list */

/* A line each: address, type, value, and what it was at the step before where that differs. */
void search_view_list(FILE *out, const search_candidate_t *found, size_t num_found);
/* The same as one JSON object on voice_out(): num_found of `num_all` are shown. */
void search_view_json(const memory_search_t *search, const search_candidate_t *found,
                      size_t num_found, size_t num_all, uint64_t frames);
/* As in a preset's "variables": "health": {"address": "0x0310", "type": "|u1"} */
void search_view_variable(FILE *out, const char *name, const search_candidate_t *found);

/* A picture in letters, 64 columns wide; in_colour: two pixels a letter, in 24-bit colours. */
void search_view_screen(FILE *out, const uint8_t *rgb, int32_t width_px, int32_t height_px,
                        bool in_colour);
/* As PNG. why: a why_t. */
bool search_view_save(const char *path, const uint8_t *rgb, int32_t width_px, int32_t height_px,
                      char *why);

#endif
