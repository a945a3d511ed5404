/* pictures.h - the last pictures of one stream, each once, compressed without loss.
 *
 * A ring of bytes. Consecutive pictures of a game differ little, so a picture is stored as its
 * difference (exclusive or) from the first of its group of PICTURES_GROUP, compressed by LZ4; the
 * first itself is compressed as it is. Kumite's 84 x 84 grays: 7,056 bytes raw, 2,237 each alone,
 * 661 in groups of 16 (60,000 pictures of random play).
 *
 * Pictures are numbered 0, 1, 2, ... as they come. When there is no room for the next one, the
 * oldest group goes as a whole, since its other pictures cannot be read without their first.
 *
 * Memory is the caller's, from an arena; nothing is allocated later. A ring larger than what lives
 * in it goes on through all of its memory: behind the oldest picture it gives that back, a chunk at
 * a time: one system call each 2 MiB of pictures. Between two pushes any number
 * of threads may read, each with a reader of its own.
 */
#ifndef AGENT_PICTURES_H
#define AGENT_PICTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

enum { PICTURES_GROUP = 16 };

typedef struct {
    uint64_t at;    /* byte position since the beginning; the ring's is at % num_bytes */
    uint32_t bytes; /* compressed */
} picture_place_t;

typedef struct {
    size_t picture_bytes;
    size_t num_bytes;        /* of the ring */
    uint64_t max_count;      /* pictures at once */
    uint64_t first, next;    /* numbers [first, next) can be read; first is a group's first */
    uint64_t num_begun;      /* how often its numbers began anew: others then have the same */
    uint64_t end;            /* byte position behind the newest */
    uint64_t given_back;     /* byte position: what was before is the system's, or in use again */
    uint8_t *ring;           /* (num_bytes) */
    picture_place_t *places; /* (max_count): picture n is at n % max_count */
    uint8_t *group_first;    /* (picture_bytes): the first of the group being written */
    uint8_t *packed;         /* LZ4's bound of picture_bytes */
    uint8_t *difference;     /* (picture_bytes) */
} pictures_t;

/* Who reads keeps the first picture of the group read last: neighbours need it, too. */
typedef struct {
    uint8_t *first;       /* (picture_bytes) */
    const pictures_t *of; /* NULL: holds none */
    uint64_t group;
} pictures_reader_t;

/* The least num_bytes with which the newest `count` pictures are always there, however badly they
 * compress. */
size_t pictures_min_bytes(size_t picture_bytes, size_t count);
/* num_bytes: of the ring, at least pictures_min_bytes(picture_bytes, 1). max_count: at least
 * 2 * PICTURES_GROUP. Memory comes zeroed and is not
 * touched beforehand. */
void pictures_take(pictures_t *pictures, arena_t *arena, size_t picture_bytes, size_t num_bytes,
                   uint64_t max_count);

/* Store a picture. Returns its number; `first` may have moved. */
uint64_t pictures_push(pictures_t *pictures, const uint8_t *picture);
/* True while picture `number` can be read. */
bool pictures_has(const pictures_t *pictures, uint64_t number);
void pictures_reader_take(pictures_reader_t *reader, arena_t *arena, size_t picture_bytes);
/* To be called before the first read that follows a push or anything else that changes pictures. */
void pictures_reader_begin(pictures_reader_t *reader);
/* Copy it out: (picture_bytes). pictures_has(number) must hold. */
void pictures_read(const pictures_t *pictures, pictures_reader_t *reader, uint64_t number,
                   uint8_t *picture);
/* Of two stacks of `count` pictures, the newest last: how many of the second are new after the
 * first, the least that the others allow; count: they have none in common. */
int32_t pictures_num_new(const uint8_t *before, const uint8_t *now, int32_t count,
                         size_t picture_bytes);
/* Bytes that the pictures in the ring take. */
size_t pictures_used_bytes(const pictures_t *pictures);

/* ---- for replay_file.c: pictures come back as they were packed ---- */

/* Nothing but pictures [first, next) from now on, each to be told by pictures_expect() in order,
 * then written to pictures_packed(), then all checked by pictures_are_sound(). Any false: the
 * numbers cannot be, the pictures do not fit, or are none; then only pictures_forget() may follow.
 */
bool pictures_begin(pictures_t *pictures, uint64_t first, uint64_t next);
bool pictures_expect(pictures_t *pictures, uint64_t number, uint32_t bytes);
/* Where picture `number` lies: (*num_bytes). */
uint8_t *pictures_packed(const pictures_t *pictures, uint64_t number, size_t *num_bytes);
bool pictures_are_sound(pictures_t *pictures);
void pictures_forget(pictures_t *pictures);

#endif
