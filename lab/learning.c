/* learning.c - the loop of a session. */
#include "learning.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "drift.h"
#include "interrupt.h"
#include "moves.h"
#include "numbers.h"
#include "processors.h"
#include "voice.h"
#include "why.h"

typedef struct {
    const learning_t *of;
    double started_at, away_seconds; /* away: evaluating */
    double curve_period_s, next_curve_at, next_save_at;
    uint64_t next_evaluation, next_save, next_drift; /* decisions of all sessions */
    uint64_t saved_decisions;                        /* at the last save of this session */
    uint64_t logged_counts[PRESET_MAX_ACTIONS];      /* of moves, at the last line of them */
    bool log_failed, live_failed, events_failed;     /* told once */
} learning_session_t;

static double elapsed(const learning_session_t *s)
{
    return clock_now() - s->started_at - s->away_seconds;
}

/* Which share of the plan's decisions or frames is over; 0 if it limits neither. */
static double share_counted(const learning_plan_t *plan, const training_progress_t *p)
{
    double share = 0;
    if (plan->max_decisions > 0) share = (double)p->session_decisions / (double)plan->max_decisions;
    if (plan->max_frames > 0)
        share = fmax(share, (double)p->session_frames / (double)plan->max_frames);
    return share;
}

/* Seconds until the plan is done, by the pace so far; < 0 while nobody can know. */
static double time_left(const learning_session_t *s, const training_progress_t *p)
{
    const double seconds = elapsed(s), share = share_counted(s->of->plan, p);
    double left = INFINITY;
    if (s->of->plan->max_seconds > 0) left = s->of->plan->max_seconds - seconds;
    if (share > 0) left = fmin(left, fmax(0, 1 - share) * seconds / share);
    return isfinite(left) ? left : -1;
}

/* The next multiple of `period` above `decisions`; never, if period is 0. */
static uint64_t multiple_after(uint64_t decisions, uint64_t period)
{
    return period ? (decisions / period + 1) * period : UINT64_MAX;
}

/* What goes wrong beside learning is told and does not end it: the disk may have room again. */
static void tell(learning_session_t *s, const char *sentence)
{
    progress_clear(s->of->progress);
    say_failed("%s", sentence);
}

static void tell_once(learning_session_t *s, bool *was_told, const char *sentence)
{
    if (!*was_told) tell(s, sentence);
    *was_told = true;
}

static void log_point(learning_session_t *s, const training_progress_t *p)
{
    why_t why;
    s->next_curve_at = clock_now() + s->curve_period_s;
    if (!curve_add_training(s->of->curve, p, why)) tell_once(s, &s->log_failed, why);
    if (s->of->events && !events_add_training(s->of->events, p, why))
        tell_once(s, &s->events_failed, why);
}

static void log_line(learning_session_t *s, const char *line)
{
    why_t why;
    if (!runlog_add_line(&s->of->curve->log, line, why)) tell_once(s, &s->log_failed, why);
}

/* Of several starts: how many of each one's last rounds were won. */
static void log_starts(learning_session_t *s, const training_progress_t *p)
{
    const curriculum_t *curriculum = training_curriculum(s->of->training);
    if (!curriculum) return;
    char line[128 + PRESET_MAX_STARTS * 8];
    int32_t rounds;
    size_t length = (size_t)snprintf(line, sizeof line, "{\"kind\":\"starts\",\"decisions\":%llu",
                                     (unsigned long long)p->decisions);
    for (int32_t i = 0; i < curriculum->num_starts; i++)
        length += (size_t)snprintf(line + length, sizeof line - length, "%s%.4f",
                                   i ? "," : ",\"win_rates\":[",
                                   (double)curriculum_win_rate(curriculum, i, &rounds));
    snprintf(line + length, sizeof line - length, "]}\n");
    log_line(s, line);
}

static void show(learning_session_t *s, double left_seconds)
{
    why_t why;
    if (s->of->live && !live_show(s->of->live, s->of->training, LIVE_TRAINING, left_seconds, why))
        tell_once(s, &s->live_failed, why);
}

actor_pool_config_t learning_evaluation_actors(const actor_pool_config_t *training_actors)
{
    actor_pool_config_t actors = *training_actors;
    actors.actor.seed += 1000000;
    evaluation_vary(&actors, training_actors->actor.max_idle_frames);
    actors.actor.novelty = NAN;
    if (actors.actor.versus == OPPONENT_SELF) { /* the CPU, or in a start for two a masher */
        actors.actor.num_starts = 0;
        actors.actor.versus = preset_start_players(actors.actor.preset, actors.actor.start) > 1
                                  ? OPPONENT_MASHER
                                  : OPPONENT_NOBODY;
    }
    if (actors.transport) { /* rounds for the record are played here */
        actors.transport = NULL;
        actors.num_actors = processors_available();
    }
    return actors;
}

bool learning_evaluate(const learning_t *learning, evaluation_t *evaluation, why_t why)
{
    actor_pool_config_t actors = learning_evaluation_actors(&learning->config->actors);
    if (learning->plan->eval_seed > 0) actors.actor.seed = learning->plan->eval_seed;
    const evaluation_request_t request = { .policy =
                                               agent_policy(training_agent(learning->training)),
                                           .who = EVALUATION_AGENT,
                                           .actors = &actors,
                                           .episodes = learning->plan->eval_episodes,
                                           .epsilon = learning->plan->eval_epsilon,
                                           .progress = learning->progress };
    why_t cause;
    if (learning->live)
        (void)live_show(learning->live, learning->training, LIVE_EVALUATING, -1, cause);
    if (evaluation_run(evaluation, &request, cause)) return true;
    return refuse(why, "evaluating: %s", cause);
}

bool learning_record(const learning_t *learning, const char *before,
                     const evaluation_result_t *result, why_t why)
{
    training_progress_t p;
    training_get_progress(learning->training, &p);
    if (before) {
        evaluation_say(before, result);
        evaluation_say_starts(result, &learning->config->actors.actor);
    }
    if (learning->events && !events_add_evaluation(learning->events, &p, result, why)) return false;
    return curve_add_evaluation(learning->curve, &p, result, why);
}

static void save_on_the_way(learning_session_t *s, const training_progress_t *p)
{
    why_t cause;
    if (!training_save(s->of->training, cause)) tell(s, cause);
    s->saved_decisions = p->decisions;
    s->next_save_at = clock_now() + s->of->plan->save_every_seconds;
    s->next_save = multiple_after(p->decisions, s->of->plan->save_every_decisions);
}

static bool evaluate_on_the_way(learning_session_t *s, char *why)
{
    const double began = clock_now();
    training_progress_t p;
    training_get_progress(s->of->training, &p);
    s->next_evaluation = multiple_after(p.decisions, s->of->plan->eval_every_decisions);
    /* Where saves go by decisions, no evaluation shall be of an agent that a kill would undo. */
    if (s->of->plan->save_every_decisions > 0 && p.decisions > s->saved_decisions)
        save_on_the_way(s, &p);
    evaluation_t evaluation;
    const bool ok = learning_evaluate(s->of, &evaluation, why);
    s->away_seconds += clock_now() - began;
    if (!ok || evaluation.interrupted) return ok;
    why_t cause;
    char before[64], number[NUMBERS_BYTES];
    snprintf(before, sizeof before, "After %s decisions:", numbers_grouped(number, p.decisions));
    if (!learning_record(s->of, before, &evaluation.result, cause)) tell(s, cause);
    return true;
}

/* How the similarity moved, for `kata similarity show` and reports. */
static void log_drift(learning_session_t *s, const training_progress_t *p)
{
    char line[DRIFT_LINE_BYTES];
    const agent_t *agent = training_agent(s->of->training);
    const agent_similarity_mode_t mode = agent_config(agent)->similarity_mode;
    if (mode == AGENT_SIMILARITY_META) {
        if (drift_line(line, agent))
            log_line(s, line);
        else
            tell(s, "no memory for how the similarity moved");
    }
    drift_record_t now;
    why_t why;
    if (s->of->events && mode != AGENT_SIMILARITY_OFF && drift_now(&now, agent) &&
        !(events_add(s->of->events, "similarity/mean", p->decisions, now.mean, why) &&
          events_add(s->of->events, "similarity/sd", p->decisions, now.sd, why) &&
          events_add(s->of->events, "similarity/mean_change", p->decisions, now.mean_change, why)))
        tell_once(s, &s->events_failed, why);
}

/* What is logged more rarely the longer a training gets. */
static void log_state(learning_session_t *s, const training_progress_t *p)
{
    char line[MOVES_LINE_BYTES];
    s->next_drift = drift_next(p->decisions);
    log_drift(s, p);
    if (moves_line(line, p->decisions, training_action_counts(s->of->training), s->logged_counts,
                   preset_num_actions(s->of->config->actors.actor.preset)))
        log_line(s, line);
}

/* Between two rounds. False: an evaluation failed. */
static bool housekeeping(learning_session_t *s, char *why)
{
    training_progress_t p;
    training_get_progress(s->of->training, &p);
    const char *news = training_news(s->of->training);
    if (news && !interrupt_asked()) tell(s, news);
    const double left = time_left(s, &p);
    progress_show(s->of->progress, &p, left);
    show(s, left);
    const double now = clock_now();
    if (now >= s->next_curve_at) {
        log_point(s, &p);
        log_starts(s, &p);
    }
    if (p.decisions >= s->next_drift) log_state(s, &p);
    if (now >= s->next_save_at || p.decisions >= s->next_save) save_on_the_way(s, &p);
    if (s->of->plan->watch) s->of->plan->watch(s->of->plan->context, &p);
    return p.decisions < s->next_evaluation || evaluate_on_the_way(s, why);
}

/* An evaluation that was due when the session before was ended is made up for first. */
static uint64_t first_evaluation(const learning_session_t *s, uint64_t decisions)
{
    const uint64_t period = s->of->plan->eval_every_decisions;
    bool is_missing = period > 0 && decisions > 0 && decisions % period == 0;
    for (int32_t i = 0; i < s->of->curve->num_points; i++)
        if (s->of->curve->points[i].is_evaluation &&
            s->of->curve->points[i].decisions == (double)decisions)
            is_missing = false;
    return is_missing ? decisions : multiple_after(decisions, period);
}

/* What is due before the first round. */
static bool begin(learning_session_t *s, char *why)
{
    training_progress_t p;
    training_get_progress(s->of->training, &p);
    s->saved_decisions = p.decisions;
    s->next_save = multiple_after(p.decisions, s->of->plan->save_every_decisions);
    s->next_drift = drift_next(p.decisions);
    s->next_evaluation = first_evaluation(s, p.decisions);
    if (p.decisions == 0) log_state(s, &p);
    return p.decisions < s->next_evaluation || evaluate_on_the_way(s, why);
}

/* How much of the session is over, in [0, 1]. What is repeatable does not look at a clock. */
static double share_done(const learning_session_t *s)
{
    const learning_plan_t *plan = s->of->plan;
    double done = 0;
    if (plan->max_seconds > 0 && !s->of->config->repeatable) done = elapsed(s) / plan->max_seconds;
    training_progress_t p;
    training_get_progress(s->of->training, &p);
    return fmin(fmax(done, share_counted(plan, &p)), 1);
}

static void cool_down(const learning_session_t *s)
{
    const double cooldown = s->of->plan->cooldown;
    const double left = cooldown > 0 ? fmin((1 - share_done(s)) / cooldown, 1) : 1;
    agent_scale_learning_rate(training_agent(s->of->training),
                              LEARNING_LEAST_RATE + (1 - LEARNING_LEAST_RATE) * left);
}

static bool is_done(const learning_session_t *s)
{
    if (s->of->plan->max_seconds > 0 && elapsed(s) >= s->of->plan->max_seconds) return true;
    training_progress_t p;
    training_get_progress(s->of->training, &p);
    return share_counted(s->of->plan, &p) >= 1;
}

learning_end_t learning_run(const learning_t *learning, double *seconds, why_t why)
{
    training_t *training = learning->training;
    const learning_plan_t *plan = learning->plan;
    learning_session_t s = { .of = learning, .started_at = clock_now() };
    /* About a hundred and fifty points a session, never more than one a second. */
    s.curve_period_s = plan->max_seconds > 0 ? fmax(1, fmin(30, plan->max_seconds / 150)) : 5;
    s.next_curve_at = s.started_at + s.curve_period_s;
    s.next_save_at = s.started_at + plan->save_every_seconds;

    why_t cause;
    learning_end_t end = begin(&s, why) ? LEARNING_DONE : LEARNING_FAILED;
    while (end == LEARNING_DONE && !is_done(&s)) {
        cool_down(&s);
        if (interrupt_asked()) {
            end = LEARNING_INTERRUPTED;
        } else if (!training_turn(training, cause)) {
            refuse(why, "%s", cause);
            end = training_diverged(training) ? LEARNING_DIVERGED : LEARNING_FAILED;
        } else if (!housekeeping(&s, why)) {
            end = LEARNING_FAILED;
        }
    }
    *seconds = elapsed(&s);
    progress_clear(learning->progress);
    if (end == LEARNING_DIVERGED) return end; /* what was saved before is better than this */

    training_progress_t p;
    training_get_progress(training, &p);
    log_point(&s, &p);
    log_state(&s, &p);
    if (!training_save_all(training, cause)) {
        if (end == LEARNING_FAILED) {
            say_failed("%s", cause);
            return end;
        }
        refuse(why, "%s", cause);
        return LEARNING_FAILED;
    }
    return end;
}
