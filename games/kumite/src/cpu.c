#include "cpu.h"
#include "fight.h"
void cpu_round_start(void) {}
void cpu_watch(void) {}
static u8 hold, want;
void cpu_think(void)
{
    press_a[p] = press_b[p] = 0;
    if (hold) {
        --hold;
        dir[p] = want;
        return;
    }
    hold = 8 + (rng_get() & 15);
    want = 6;
    if (distance < 45) {
        if (rng_get() & 1) press_a[p] = 1; else press_b[p] = 1;
        want = rng_get() & 1 ? 2 : 5;
    }
    dir[p] = want;
}
