/* sound.h - effects on pulse 1 and noise, tune on pulse 2 and triangle. */
#ifndef KUMITE_SOUND_H
#define KUMITE_SOUND_H
#include "state.h"
enum { TUNE_NONE, TUNE_TITLE, TUNE_FIGHT };
void sfx(u8 number);
void tune(u8 number);
void sound_update(void);
#endif
