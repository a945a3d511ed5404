/* sound.c */
#include "sound.h"
void sfx(u8 number) { (void)number; }
void tune(u8 number) { (void)number; }
void sound_update(void) {}
