/* state.c - the inner core's savestate, and what Kata adds behind it.
 *
 * The inner core's part comes first and is what the core alone would have written, so that a state
 * can be cut down to it; the trailer's place is fixed. Without a player there is no trailer.
 */
#include "session.h"

#include <string.h>

bool session_save(session_t *session, void *state, size_t num_bytes)
{
    const size_t inner_bytes = session->inner_state_bytes;
    if (!session->bridge || inner_bytes == 0 || num_bytes < inner_bytes) return false;
    if (bridge_save(session->bridge, state, inner_bytes, NULL) != BRIDGE_OK) return false;

    uint8_t *behind = (uint8_t *)state + inner_bytes;
    memset(behind, 0, num_bytes - inner_bytes);
    if (session->player && num_bytes - inner_bytes >= trailer_bytes(session->player))
        trailer_write(&session->trailer, session->player, behind);
    record_saved(&session->record, state, inner_bytes);
    return true;
}

bool session_restore(session_t *session, const void *state, size_t num_bytes)
{
    if (!session->bridge || session->inner_state_bytes == 0) return false;
    const size_t inner_bytes =
        num_bytes < session->inner_state_bytes ? num_bytes : session->inner_state_bytes;
    if (bridge_restore(session->bridge, state, inner_bytes, NULL) != BRIDGE_OK) return false;
    record_restored(&session->record, state, inner_bytes);
    if (!session->player) return true;

    const uint8_t *behind = (const uint8_t *)state + inner_bytes;
    session_release_pads(session);
    if (!trailer_read(&session->trailer, session->player, session->game.preset, behind,
                      num_bytes - inner_bytes)) {
        player_forget(session->player);
        session->trailer.takeover.frames_left = 0;
        session->trailer.start = (start_t){ 0 };
    }
    session_settle(session);
    return true;
}
