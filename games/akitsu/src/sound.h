/* sound.h - one voice and one of noise. */
#ifndef AKITSU_SOUND_H
#define AKITSU_SOUND_H

enum { SOUND_NONE, SOUND_SHOT, SOUND_SPECIAL, SOUND_DASH, SOUND_BREAK, SOUND_HURT, SOUND_BEAM };

void sound_init(void);
/* Once a frame: a new sound, or what sounds goes on. */
void sound_step(unsigned char wish);

#endif
