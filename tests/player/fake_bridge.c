/* fake_bridge.c - see fake_bridge.h. */
#include "fake_bridge.h"

#include <string.h>

#include "why.h"

fake_bridge_t fake;
static uint32_t picture[32 * 32];

void fake_bridge_reset(void)
{
    fake = (fake_bridge_t){ .state_bytes = FAKE_RAM_BYTES + 4 };
}

bridge_t *fake_bridge(void)
{
    return (bridge_t *)&fake;
}

void bridge_hold(bridge_t *bridge, uint32_t port, uint16_t buttons)
{
    (void)bridge;
    fake.held[port] = buttons;
    fake.is_held[port] = true;
}

void bridge_release(bridge_t *bridge, uint32_t port)
{
    (void)bridge;
    fake.held[port] = 0;
    fake.is_held[port] = false;
}

void bridge_run_frame(bridge_t *bridge, const bridge_observer_t *observer)
{
    (void)bridge;
    fake.pads[fake.num_frames++ % FAKE_MAX_FRAMES] = fake.held[0];
    if (fake.script) fake.script(fake.ram, fake.frame_idx, fake.held[0]);
    const uint32_t level = fake.frame_idx % 32 * 8;
    for (int i = 0; i < 32 * 32; i++) picture[i] = level << 16 | level << 8 | level;
    fake.frame_idx++;
    if (!observer) return;
    observer->on_frame(observer->user,
                       &(bridge_frame_t){ .pixels = fake.repeats_pictures ? NULL : picture,
                                          .width_px = 32,
                                          .height_px = 32,
                                          .pitch_bytes = 128,
                                          .format = BRIDGE_PIXEL_XRGB8888 });
    memset(picture, 0xa5, sizeof picture); /* as libretro says: pixels are gone now */
}

const uint8_t *bridge_address(bridge_t *bridge, uint64_t address, size_t num_bytes,
                              uint64_t ram_base)
{
    (void)bridge;
    if (address < ram_base || address - ram_base + num_bytes > FAKE_RAM_BYTES) return NULL;
    return fake.ram + (address - ram_base);
}

void bridge_need_picture(bridge_t *bridge, bool needed)
{
    (void)bridge, (void)needed;
}

bool bridge_spared_picture(const bridge_t *bridge)
{
    (void)bridge;
    return false;
}

bridge_core_t bridge_core(const bridge_t *bridge)
{
    (void)bridge;
    return (bridge_core_t){ .name = "Fake", .version = "1", .extensions = "fake" };
}

bool bridge_wants_shutdown(const bridge_t *bridge)
{
    (void)bridge;
    return false;
}

void bridge_reset(bridge_t *bridge)
{
    (void)bridge;
    memset(fake.ram, 0, sizeof fake.ram);
    fake.frame_idx = 0;
    fake.num_resets++;
}

size_t bridge_state_bytes(bridge_t *bridge)
{
    (void)bridge;
    return fake.num_frames < fake.first_state_frame ? 0 : fake.state_bytes;
}

bridge_status_t bridge_save(bridge_t *bridge, void *state, size_t num_bytes, why_t why)
{
    (void)bridge, (void)num_bytes, (void)why;
    memcpy(state, fake.ram, FAKE_RAM_BYTES);
    memcpy((uint8_t *)state + FAKE_RAM_BYTES, &fake.frame_idx, 4);
    return BRIDGE_OK;
}

bridge_status_t bridge_restore(bridge_t *bridge, const void *state, size_t num_bytes, why_t why)
{
    (void)bridge, (void)num_bytes, (void)why;
    memcpy(fake.ram, state, FAKE_RAM_BYTES);
    memcpy(&fake.frame_idx, (const uint8_t *)state + FAKE_RAM_BYTES, 4);
    return BRIDGE_OK;
}
