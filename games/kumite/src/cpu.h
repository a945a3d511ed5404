/* cpu.h - the computer's player. */
#ifndef KUMITE_CPU_H
#define KUMITE_CPU_H
void cpu_round_start(void);
void cpu_think(
    void); /* every frame; sets dir[p], press_a[p], press_b[p] and cpu_slot[p] for fighter p */
void cpu_watch(
    void); /* every frame: what fighter q shows goes into the memory that makes the reaction late */
#endif
