/* sys/ioctl.h - the size of a console: ../../windows_files.c. */
#ifndef FILES_WINDOWS_SYS_IOCTL_H
#define FILES_WINDOWS_SYS_IOCTL_H

#define TIOCGWINSZ 0x5413

struct winsize {
    unsigned short ws_row, ws_col;
};

int windows_ioctl(int fd, int what, struct winsize *size);

#define ioctl windows_ioctl

#endif
