/* state.c - the inner core's savestate, and what Kata adds behind it.
 *
 * The inner core's part comes first and is what the core alone would have written; its length is
 * what the frontend asked for, less the trailer, which is found from the end (bridge.h,
 * bridge_save). Without a player at load there is no trailer.
 */
#include "session.h"

#include <string.h>

size_t session_state_bytes(session_t *session)
{
    const size_t inner_bytes = session->bridge ? bridge_state_bytes(session->bridge) : 0;
    return inner_bytes > 0 ? inner_bytes + session->trailer_bytes : 0;
}

bool session_save(session_t *session, void *state, size_t num_bytes)
{
    if (!session->bridge || num_bytes <= session->trailer_bytes) return false;
    const size_t inner_bytes = num_bytes - session->trailer_bytes;
    if (bridge_save(session->bridge, state, inner_bytes, NULL) != BRIDGE_OK) return false;

    uint8_t *behind = (uint8_t *)state + inner_bytes;
    memset(behind, 0, session->trailer_bytes);
    if (session->player && session->trailer_bytes == trailer_bytes(session->player))
        trailer_write(&session->trailer, session->player, behind);
    record_saved(&session->record, state, inner_bytes);
    return true;
}

static bool has_trailer(const session_t *session, const uint8_t *state, size_t num_bytes)
{
    const size_t behind = session->trailer_bytes;
    return behind > 0 && num_bytes > behind && trailer_begins(state + num_bytes - behind);
}

/* Where no trailer stands at the end (a state of the core alone, of another agent's, a damaged one)
 * the core gets everything, and if it does not take that, as much as it asks for now. How many
 * bytes it took; 0: none. */
static size_t restore_inner(session_t *session, const uint8_t *state, size_t num_bytes)
{
    const bool is_ours = has_trailer(session, state, num_bytes);
    const size_t inner_bytes = is_ours ? num_bytes - session->trailer_bytes : num_bytes;
    if (bridge_restore(session->bridge, state, inner_bytes, NULL) == BRIDGE_OK) return inner_bytes;
    const size_t wanted = is_ours ? 0 : bridge_state_bytes(session->bridge);
    if (wanted == 0 || wanted >= num_bytes) return 0;
    return bridge_restore(session->bridge, state, wanted, NULL) == BRIDGE_OK ? wanted : 0;
}

bool session_restore(session_t *session, const void *state, size_t num_bytes)
{
    if (!session->bridge) return false;
    const size_t inner_bytes = restore_inner(session, state, num_bytes);
    if (inner_bytes == 0) return false;
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
