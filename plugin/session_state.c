/* session_state.c - savestates: the inner core's bytes, then the player's trailer. */
#include <string.h>

#include "mind_finder.h"
#include "netplay.h"
#include "session_parts.h"
#include "why.h"

static size_t reserved_bytes(session_t *session, const host_t *host)
{
    const bool is_netplay = session_is_for_netplay(session, host);
    return session->player || session->trailer_bytes || is_netplay ? player_state_bytes() : 0;
}

/* kata_libretro.info promises all that a core can; here it is held to what the inner core promises.
 * A state for run-ahead may be loaded by a second instance, for which the frontend makes no context
 * of the graphics card. */
static bool may_have_states(const session_t *session, const host_t *host)
{
    if (!session->bridge || session->inner_states == CATALOG_STATES_NONE) return false;
    const host_state_use_t use = host_state_use(host);
    if (use == HOST_STATE_KEPT) return true;
    /* Frames that are undone are nothing to learn from. */
    if (use == HOST_STATE_RUN_AHEAD &&
        (session->learning.learner || bridge_draws_on_card(session->bridge)))
        return false;
    return session->inner_states == CATALOG_STATES_DETERMINISTIC;
}

size_t session_state_bytes(session_t *session, const host_t *host)
{
    if (!may_have_states(session, host)) return 0;
    const size_t inner_bytes = bridge_state_bytes(session->bridge);
    return inner_bytes > 0 ? inner_bytes + reserved_bytes(session, host) : 0;
}

/* The inner core is given what is left of the room that the frontend asked for: a core whose size
 * depends on what the state is for (bridge.h, bridge_save) is asked nothing again. */
bool session_save(session_t *session, const host_t *host, void *state, size_t num_bytes)
{
    const size_t trailer = reserved_bytes(session, host);
    if (num_bytes <= trailer || !may_have_states(session, host)) return false;
    const size_t inner_bytes = num_bytes - trailer;
    if (bridge_save(session->bridge, state, inner_bytes, NULL) != BRIDGE_OK) return false;
    uint8_t *rest = (uint8_t *)state + inner_bytes;
    if (session->player)
        player_save(session->player, inner_bytes, rest);
    else
        memset(rest, 0, trailer);
    record_saved(&session->record, state, inner_bytes);
    return true;
}

/* Where no trailer stands at the end (a state of the core alone, of another version, a damaged one)
 * the core gets everything, and if it does not take that, as much as it asks for now. How many
 * bytes it took; 0: none. */
static size_t restore_inner(session_t *session, const uint8_t *state, size_t num_bytes)
{
    const size_t ours = player_state_inner_bytes(state, num_bytes);
    const size_t inner_bytes = ours ? ours : num_bytes;
    if (bridge_restore(session->bridge, state, inner_bytes, NULL) == BRIDGE_OK) return inner_bytes;
    const size_t wanted = bridge_state_bytes(session->bridge);
    if (ours || wanted >= num_bytes) return 0;
    return bridge_restore(session->bridge, state, wanted, NULL) == BRIDGE_OK ? wanted : 0;
}

/* A state came over the network. */
static bool agree(session_t *session, host_t *host, const void *state, size_t num_bytes)
{
    why_t why;
    const player_mind_t *ours = session->player ? &session->mind : NULL;
    const netplay_verdict_t verdict = netplay_judge(ours, state, num_bytes, why);
    if (why[0]) host_say(host, RETRO_LOG_ERROR, EXPLAIN_MS, why);
    if (verdict == NETPLAY_NO_AGENT) {                       /* until the game is loaded again */
        player_wish(session->player, &(holder_wish_t){ 0 }); /* lets go of the pads */
        player_destroy(session->player);
        session->player = NULL;
        session_switch_screen(session, host);
    }
    return verdict != NETPLAY_DIFFERS;
}

/* The second of two instances goes on as the first would: with its weights. */
static void follow_mind(session_t *session, const void *state, size_t num_bytes)
{
    player_mind_t theirs;
    if (!session->finder || !player_state_mind(state, num_bytes, &theirs) ||
        theirs.weights == session->mind.weights || theirs.preset != session->mind.preset ||
        !mind_finder_take(session->finder, &theirs, session->game.policy, &session->game.strength))
        return;
    session->mind = theirs;
    player_set_mind(session->player, &theirs);
}

bool session_restore(session_t *session, host_t *host, const void *state, size_t num_bytes)
{
    if (!session->bridge) return false;
    if (session_is_for_netplay(session, host) && !agree(session, host, state, num_bytes))
        return false;
    const size_t inner_bytes = restore_inner(session, state, num_bytes);
    if (inner_bytes == 0) return false;
    record_restored(&session->record, state, inner_bytes);
    if (!session->player) return true;

    follow_mind(session, state, num_bytes);
    player_restore(session->player, state, num_bytes);
    frame_learning_jumped(&session->learning, true);
    screen_jumped(&session->screen);
    auto_strength_jumped(&session->auto_strength);
    session->learning.is_between_rounds = false; /* a round replays with the weights of now */
    /* A person goes on by the options of today. Over the network both sides go on by the state's,
     * whatever each has set, or they would drift apart. */
    if (!host_is_netplay(host)) {
        const holder_wish_t wish = session_wish(session);
        player_wish(session->player, &wish);
    }
    session_admit_agent(session, host);
    return true;
}
