/* posix.h - what the rooms use of POSIX and mingw-w64 lacks or does otherwise, over Win32.
 *
 * Included before each source file of a build for Windows (-include, dist/platforms.mk), and never
 * by name. It gives the POSIX names to functions of ../: so no call of fopen(), stat() or getenv()
 * in any room can be forgotten. A function has the errors and the return values of POSIX; what it
 * does not do stands beside it.
 *
 * Paths are UTF-8 here and UTF-16 at Win32, with '/' or '\\' between folders, and longer than 260
 * characters where they are absolute. Files are opened so that others may rename and delete them,
 * without inheritance and without translation of line ends.
 */
#ifndef FILES_WINDOWS_POSIX_H
#define FILES_WINDOWS_POSIX_H

#define WIN32_LEAN_AND_MEAN
#define _POSIX_THREAD_SAFE_FUNCTIONS 1 /* localtime_r */
#define __USE_MINGW_ANSI_STDIO 1       /* %zu, %lld: C99's printf */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* ---- files: windows_files.c
 * ---------------------------------------------------------------------- */

#define O_CLOEXEC 0x10000000  /* always */
#define O_NONBLOCK 0x20000000 /* nothing: named pipes have other names here */

#define O_DIRECTORY 0x40000000 /* is refused: a folder needs no sync here */
/* Names cannot be exchanged. */
#define AT_FDCWD (-100)
#define RENAME_EXCHANGE 2
#define renameat2(from_dir, from, to_dir, to, flags) ((void)(from), (void)(to), errno = EINVAL, -1)
#define syncfs(fd) 0

int windows_open(const char *path, int flags, ...);
FILE *windows_fopen(const char *path, const char *mode); /* "e" is always on */
FILE *windows_fdopen(int fd, const char *mode);
int windows_fsync(int fd);
ssize_t windows_pread(int fd, void *bytes, size_t num_bytes,
                      int64_t offset); /* moves the position */
int windows_unlink(const char *path);
/* Replaces what is there, and is on the disk when it returns. A file that somebody has open for a
 * moment (a reader, a virus scanner) is tried for again, for 2 seconds. */
int windows_rename(const char *from, const char *to);
int windows_access(const char *path, int mode);
char *windows_realpath(const char *path, char *resolved); /* resolved must be NULL; slashes: '/' */
int windows_isatty(int fd);                               /* a console that understands "\033[K" */
/* The text is there after fclose() alone. */
FILE *windows_open_memstream(char **text, size_t *num_bytes);
int windows_fclose(FILE *stream);
int windows_mkostemps(char *path, int suffix, int flags);

struct windows_stat {
    uint64_t st_dev, st_ino; /* the volume and the file's number in it */
    uint32_t st_mode;        /* S_IFREG, S_IFDIR, S_IFLNK (lstat) or S_IFCHR, and 0666 or 0444 */
    int64_t st_size;
    struct timespec st_mtim;
};
int windows_stat(const char *path, struct windows_stat *status);
int windows_lstat(const char *path, struct windows_stat *status);
int windows_fstat(int fd, struct windows_stat *status);
#ifndef S_IFLNK
#define S_IFLNK 0xA000
#endif
#define S_ISLNK(mode) (((mode)&0xF000) == S_IFLNK)

/* ---- folders: windows_folders.c
 * ------------------------------------------------------------------ */

typedef struct windows_dir windows_dir_t;
struct windows_dirent {
    char d_name[1024]; /* UTF-8 */
};
windows_dir_t *windows_opendir(const char *path);
struct windows_dirent *windows_readdir(windows_dir_t *dir);
int windows_closedir(windows_dir_t *dir);
int windows_scandir(const char *path, struct windows_dirent ***names,
                    int (*is_wanted)(const struct windows_dirent *),
                    int (*order)(const struct windows_dirent **, const struct windows_dirent **));
int windows_alphasort(const struct windows_dirent **a, const struct windows_dirent **b);
int windows_mkdir(const char *path, unsigned mode); /* mode is not looked at */
int windows_rmdir(const char *path);
char *windows_mkdtemp(char *path);
int windows_chmod(const char *path, unsigned mode); /* only whether it may be written */

/* ---- the rest: windows_system.c
 * ------------------------------------------------------------------ */

/* UTF-8, with '/' where the value has '\\'; kept until the program ends. HOME is USERPROFILE,
 * XDG_DATA_HOME LOCALAPPDATA, XDG_CONFIG_HOME APPDATA and TMPDIR TEMP where they are not set. */
char *windows_getenv(const char *name);
int windows_setenv(const char *name, const char *value, int overwrites);
int windows_nanosleep(const struct timespec *time, struct timespec *left); /* left is not written */
char *windows_strndup(const char *text, size_t most);
void *windows_memmem(const void *in, size_t in_bytes, const void *what, size_t what_bytes);
typedef char *locale_t; /* a name of setlocale()'s: c_locale.h */
int windows_fcntl(int fd, int what,
                  ...); /* F_DUPFD_CLOEXEC alone; the number asked for is not looked at */
#define F_DUPFD_CLOEXEC 1030
long windows_sysconf(int what); /* these two alone */
#define _SC_PAGESIZE 30
#define _SC_NPROCESSORS_ONLN 84
ssize_t windows_readlink(const char *path, char *target,
                         size_t num_bytes); /* of /proc/self/exe alone */
#define getloadavg(loads, count) ((void)(loads), -1)
/* A write that fails is an error here, never a signal. */
#define SIGPIPE 13
#define SIGXFSZ 25
void (*windows_signal(int number, void (*handler)(int)))(int);
/* Threads are all who share memory here, so is_shared is not looked at. */
int windows_sem_init(sem_t *semaphore, int is_shared, unsigned value);
int windows_sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until);
int windows_gethostname(char *name, size_t num_bytes);
/* Is there such a process? signal must be 0. */
int windows_kill(int pid, int signal);

/* Runs it, waits, and ends with its exit code. No word may have a '"' in it, as no path here has.
 */
int windows_execl(const char *program, const char *name, ...);

/* The program's: windows_main.c calls it with words in UTF-8. */
int windows_program(int argc, char **argv);

#define open windows_open
#define fopen windows_fopen
#define fdopen windows_fdopen
#define fclose windows_fclose
#define fsync windows_fsync
#define pread windows_pread
#define unlink windows_unlink
#define rename windows_rename
#define access windows_access
#define realpath windows_realpath
#define isatty windows_isatty
#define open_memstream windows_open_memstream
#define mkostemps windows_mkostemps
#define stat windows_stat
#define lstat windows_lstat
#define fstat windows_fstat
#define st_mtime st_mtim.tv_sec
#define DIR windows_dir_t
#define dirent windows_dirent
#define opendir windows_opendir
#define readdir windows_readdir
#define closedir windows_closedir
#define scandir windows_scandir
#define alphasort windows_alphasort
#define mkdir windows_mkdir
#define rmdir windows_rmdir
#define mkdtemp windows_mkdtemp
#define chmod windows_chmod
#define getenv windows_getenv
#define setenv windows_setenv
#define nanosleep windows_nanosleep
#define strndup windows_strndup
#define memmem windows_memmem
#define sem_init windows_sem_init
#define sem_clockwait windows_sem_clockwait
#define gethostname windows_gethostname
#define kill windows_kill
#define readlink windows_readlink
#define execl windows_execl
#define signal windows_signal
/* Names of <io.h> that rooms have given to functions of their own. */
#define tell windows_tell_of_ours
#define read windows_read_of_ours
#define fcntl windows_fcntl
#define sysconf windows_sysconf
#define main windows_program

#endif
