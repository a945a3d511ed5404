/* voice.c - two streams of our own; descriptors 1 and 2 are left to the cores. */
#include "voice.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "why.h"

static FILE *own_out, *own_err; /* NULL: not split */

FILE *voice_out(void)
{
    return own_out ? own_out : stdout;
}

FILE *voice_err(void)
{
    return own_err ? own_err : stderr;
}

static FILE *copy_of(int descriptor)
{
    const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 10);
    FILE *stream = copy >= 0 ? fdopen(copy, "w") : NULL;
    if (!stream && copy >= 0) close(copy);
    return stream;
}

bool voice_split(const char *log_path, why_t why)
{
    const char *path = log_path ? log_path : "/dev/null";
    const int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log < 0) {
        const int cause = errno;
        refuse(why, "%.300s: cannot be written: %s", path, strerror(cause));
        return false;
    }
    fflush(stdout);
    fflush(stderr);
    if (!own_out) own_out = copy_of(STDOUT_FILENO);
    if (!own_err) own_err = copy_of(STDERR_FILENO);
    if (own_out) dup2(log, STDOUT_FILENO);
#ifndef __SANITIZE_ADDRESS__ /* its reports go to descriptor 2 and must be seen */
    if (own_err) dup2(log, STDERR_FILENO);
#endif
    close(log);
    return true;
}

bool voice_to(const char *path, why_t why)
{
    FILE *stream = fopen(path, "ae");
    if (!stream) {
        const int cause = errno;
        refuse(why, "%.300s: cannot be written: %s", path, strerror(cause));
        return false;
    }
    setvbuf(stream, NULL, _IOLBF, 0);
    if (own_err && own_err != own_out) fclose(own_err);
    if (own_out) fclose(own_out);
    own_out = own_err = stream;
    return true;
}

void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(voice_out(), format, args);
    va_end(args);
    fflush(voice_out());
}

static void print_sentence(const char *format, va_list args)
{
    fflush(voice_out());
    fputs("kata: ", voice_err());
    vfprintf(voice_err(), format, args);
    fputc('\n', voice_err());
    fflush(voice_err());
}

int say_failed(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_sentence(format, args);
    va_end(args);
    return EXIT_FAILED;
}

int say_usage(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_sentence(format, args);
    va_end(args);
    return EXIT_USAGE;
}
