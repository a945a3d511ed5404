/* ablation_train_windows.c - see ablation_train.h: each run needs a process of its own, forked from
 * this one, and Windows has no fork(). */
#include "ablation_train.h"

#include "why.h"

bool ablation_train(const ablation_plan_t *plan, ablation_outcome_t *outcome, why_t why)
{
    *outcome = (ablation_outcome_t){ 0 };
    return refuse(
        why,
        "%.300s: a comparison cannot be trained on Windows: its %d runs need processes that are "
        "forked from this one; `kata train --dir` trains one run at a time",
        plan->dir, ablation_num_runs(plan->ablation));
}
