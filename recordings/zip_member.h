/* zip_member.h - one file out of a zip, for the readers here and of packages (sharing/). */
#ifndef RECORDINGS_ZIP_MEMBER_H
#define RECORDINGS_ZIP_MEMBER_H

#include <stddef.h>
#include <stdint.h>

#include <zip.h>

/* The member's num_bytes unpacked bytes, as zip_stat_index() tells them, in memory that the caller
 * frees, with a NUL behind them. NULL: it is damaged, longer or shorter, packed in a way that
 * libzip does not know, or there is no memory. */
uint8_t *zip_member_read(zip_t *zip, zip_uint64_t index, size_t num_bytes);

#endif
