/* scenes.h - the two screens: 256x240 colour numbers 0 to 3, and a palette for each 16x16 square.
 */
#ifndef SCENES_H
#define SCENES_H
#include "canvas.h"
void scene_arena(canvas_t *c, unsigned char attr[15][16]);
void scene_title(canvas_t *c, unsigned char attr[15][16]);
#endif
