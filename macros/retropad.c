/* retropad.c - the names of libretro's joypad buttons. */
#include "retropad.h"

#include <string.h>

static const struct {
    const char *name, *label;
} buttons[RETROPAD_NUM_BUTTONS] = {
    { "b", "B" },   { "y", "Y" },       { "select", "SELECT" }, { "start", "START" },
    { "up", "up" }, { "down", "down" }, { "left", "left" },     { "right", "right" },
    { "a", "A" },   { "x", "X" },       { "l", "L" },           { "r", "R" },
    { "l2", "L2" }, { "r2", "R2" },     { "l3", "L3" },         { "r3", "R3" },
};

const char *retropad_name(int32_t id)
{
    return buttons[id].name;
}

const char *retropad_label(int32_t id)
{
    return buttons[id].label;
}

int32_t retropad_find_label(const char *label, size_t length)
{
    for (int32_t id = 0; id < RETROPAD_NUM_BUTTONS; id++)
        if (strlen(buttons[id].label) == length && memcmp(buttons[id].label, label, length) == 0)
            return id;
    return -1;
}

bool retropad_is_direction(int32_t id)
{
    return id >= 4 && id <= 7;
}
