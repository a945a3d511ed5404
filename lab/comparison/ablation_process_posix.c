/* ablation_process_posix.c - see ablation_process.h. */
#include "ablation_process.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "voice.h"

int32_t ablation_process_run(void)
{
    return -1;
}

ablation_board_t *ablation_boards_open(int32_t num_runs)
{
    void *boards = mmap(NULL, (size_t)num_runs * sizeof(ablation_board_t), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return boards == MAP_FAILED ? NULL : boards;
}

void ablation_boards_close(ablation_board_t *boards, int32_t num_runs)
{
    if (boards) munmap(boards, (size_t)num_runs * sizeof *boards);
}

bool ablation_process_start(ablation_process_t *process, int32_t run,
                            int (*body)(const void *context, int32_t run), const void *context,
                            why_t why)
{
    const pid_t parent = getpid();
    fflush(NULL);
    const pid_t pid = fork();
    if (pid < 0) return refuse(why, "no process could be started");
    if (pid == 0) {
        setpgid(0, 0); /* Ctrl-C is the parent's to pass on, once */
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent) _exit(EXIT_FAILED);
        const int status = body(context, run);
        fflush(NULL);
        _exit(status);
    }
    *process = pid;
    return true;
}

void ablation_process_stop(ablation_process_t process)
{
    kill((pid_t)process, SIGTERM);
}

bool ablation_process_has_ended(ablation_process_t process, int *status, char reason[96])
{
    int how;
    if (waitpid((pid_t)process, &how, WNOHANG) != (pid_t)process) return false;
    reason[0] = '\0';
    if (WIFSIGNALED(how))
        snprintf(reason, 96, "signal %d (%s)", WTERMSIG(how), strsignal(WTERMSIG(how)));
    *status = WIFEXITED(how) ? WEXITSTATUS(how) : EXIT_FAILED;
    return true;
}
