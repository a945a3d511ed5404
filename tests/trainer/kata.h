/* kata.h - runs $KATA_BUILD/kata as a person would, and looks at what it says and leaves behind. */
#ifndef TESTS_TRAINER_KATA_H
#define TESTS_TRAINER_KATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct {
    int status; /* exit status, or 128 + the signal that ended it */
    char out[65536], err[65536];
} kata_run_t;

typedef struct {
    pid_t pid;
    char out_path[300], err_path[300];
} kata_job_t;

/* A folder for this test program, KATA_HOME in it; the environment otherwise that of run.sh. */
int kata_setup(void **state);
int kata_teardown(void **state);
const char *kata_dir(void);

/* Paths. What they return lasts. */
const char *kata_program(void);
const char *kata_rom(void);                   /* Kumite */
const char *kata_fake_core(const char *name); /* "plain": tests/fake_core */
const char *kata_path(const char *name);      /* in kata_dir() */

/* Arguments end with NULL. */
void kata_run(kata_run_t *run, const char *const *arguments);
/* The same with files limited to so many bytes (0: unlimited). */
void kata_run_limited(kata_run_t *run, const char *const *arguments, size_t largest_file);
/* Standard input of what is started from now on; NULL: nothing. */
void kata_input(const char *path);
/* What is started from now on instead of kata_program(), "mpirun", "-n", ...; ends with NULL, and
 * is borrowed. NULL: kata again. */
void kata_program_is(const char *const *words);
/* Start, look at it, end it. */
void kata_start(kata_job_t *job, const char *const *arguments);
void kata_peek(const kata_job_t *job, kata_run_t *run); /* what it has written so far */
bool kata_ends_within(const kata_job_t *job, int32_t seconds);
/* Waits; what has not ended after some minutes is killed and fails the test with its words. */
void kata_end(kata_job_t *job, kata_run_t *run);

/* Fail with the program's own words when it did something else. */
void kata_expect(const kata_run_t *run, int status);
void kata_expect_out(const kata_run_t *run, const char *words);
void kata_expect_err(const kata_run_t *run, const char *words);

void kata_write_file(const char *path, const void *bytes, size_t num_bytes);
/* The whole file, freed by the caller; fails the test if there is none. */
uint8_t *kata_read_file(const char *path, size_t *num_bytes);
/* Both can be read, and have the same bytes. */
bool kata_same_files(const char *a, const char *b);
/* An agent.safetensors of version 1, which has no sums: what is changed in it is loaded. */
void kata_without_sums(uint8_t *bytes);
bool kata_exists(const char *path);
/* Whether a file of `dir` begins with `prefix`; *name (256 bytes) is the first one. */
bool kata_finds(const char *dir, const char *prefix, char name[256]);

#endif
