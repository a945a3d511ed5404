/* pictures.c - see pictures.h. */
#include "pictures.h"

#include <assert.h>
#include <string.h>

#include <lz4.h>

static size_t bound(size_t picture_bytes)
{
    return (size_t)LZ4_compressBound((int)picture_bytes);
}

size_t pictures_min_bytes(size_t picture_bytes, size_t count)
{
    /* A group goes as a whole, the one being written cannot, and less than a picture is skipped
     * where the ring starts over. */
    return (count + 2 * PICTURES_GROUP + 1) * bound(picture_bytes);
}

void pictures_take(pictures_t *pictures, arena_t *arena, size_t picture_bytes, size_t num_bytes,
                   uint64_t max_count)
{
    assert(num_bytes >= pictures_min_bytes(picture_bytes, 1) && max_count >= 2 * PICTURES_GROUP);
    *pictures = (pictures_t){ .picture_bytes = picture_bytes,
                              .num_bytes = num_bytes,
                              .max_count = max_count };
    pictures->places = arena_take(arena, (size_t)max_count, sizeof *pictures->places);
    pictures->group_first = arena_take(arena, picture_bytes, 1);
    pictures->difference = arena_take(arena, picture_bytes, 1);
    pictures->packed = arena_take(arena, bound(picture_bytes), 1);
    pictures->ring = arena_take(arena, num_bytes, 1);
}

static picture_place_t *place_of(const pictures_t *pictures, uint64_t number)
{
    return &pictures->places[number % pictures->max_count];
}

static void exclusive_or(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t num_bytes)
{
    for (size_t i = 0; i < num_bytes; i++) out[i] = a[i] ^ b[i];
}

/* By address: a page left behind at the seam of two chunks would be made a large one of 2 MiB
 * again, by Linux's khugepaged, minutes later. */
enum { GIVE_BACK_BYTES = 1 << 21 };

static void give_back(pictures_t *pictures)
{
    const uint64_t oldest = place_of(pictures, pictures->first)->at;
    for (;;) {
        const size_t at = (size_t)(pictures->given_back % pictures->num_bytes);
        const size_t chunk =
            GIVE_BACK_BYTES - (size_t)((uintptr_t)(pictures->ring + at) % GIVE_BACK_BYTES);
        const size_t left = pictures->num_bytes - at, bytes = chunk < left ? chunk : left;
        if (oldest - pictures->given_back < bytes) return;
        /* In a full ring the newest pictures are there already. */
        if (pictures->end <= pictures->given_back + pictures->num_bytes)
            arena_give_back(pictures->ring + at, bytes);
        pictures->given_back += bytes;
    }
}

uint64_t pictures_push(pictures_t *pictures, const uint8_t *picture)
{
    const uint64_t number = pictures->next;
    const uint8_t *plain = picture;
    if (number % PICTURES_GROUP == 0) {
        memcpy(pictures->group_first, picture, pictures->picture_bytes);
    } else {
        exclusive_or(pictures->difference, picture, pictures->group_first, pictures->picture_bytes);
        plain = pictures->difference;
    }
    const int bytes =
        LZ4_compress_default((const char *)plain, (char *)pictures->packed,
                             (int)pictures->picture_bytes, (int)bound(pictures->picture_bytes));
    assert(bytes > 0);

    /* A picture does not wrap: the rest of the ring is skipped. */
    uint64_t at = pictures->end;
    const size_t left = pictures->num_bytes - (size_t)(at % pictures->num_bytes);
    if (left < (size_t)bytes) at += left;
    while (pictures->first < number &&
           (number - pictures->first >= pictures->max_count ||
            at + (uint64_t)bytes - place_of(pictures, pictures->first)->at > pictures->num_bytes))
        pictures->first += PICTURES_GROUP;
    memcpy(pictures->ring + at % pictures->num_bytes, pictures->packed, (size_t)bytes);
    *place_of(pictures, number) = (picture_place_t){ .at = at, .bytes = (uint32_t)bytes };
    pictures->end = at + (uint64_t)bytes;
    pictures->next = number + 1;
    give_back(pictures);
    return number;
}

bool pictures_has(const pictures_t *pictures, uint64_t number)
{
    return number >= pictures->first && number < pictures->next;
}

static void unpack(const pictures_t *pictures, uint64_t number, uint8_t *out)
{
    const picture_place_t *place = place_of(pictures, number);
    const int bytes =
        LZ4_decompress_safe((const char *)pictures->ring + place->at % pictures->num_bytes,
                            (char *)out, (int)place->bytes, (int)pictures->picture_bytes);
    assert((size_t)bytes == pictures->picture_bytes);
    (void)bytes;
}

void pictures_reader_take(pictures_reader_t *reader, arena_t *arena, size_t picture_bytes)
{
    *reader = (pictures_reader_t){ .first = arena_take(arena, picture_bytes, 1) };
}

void pictures_reader_begin(pictures_reader_t *reader)
{
    reader->of = NULL;
}

void pictures_read(const pictures_t *pictures, pictures_reader_t *reader, uint64_t number,
                   uint8_t *picture)
{
    assert(pictures_has(pictures, number));
    const uint64_t group = number - number % PICTURES_GROUP;
    if (reader->of != pictures || reader->group != group) {
        unpack(pictures, group, reader->first);
        reader->of = pictures;
        reader->group = group;
    }
    if (number == group) {
        memcpy(picture, reader->first, pictures->picture_bytes);
        return;
    }
    unpack(pictures, number, picture);
    exclusive_or(picture, picture, reader->first, pictures->picture_bytes);
}

int32_t pictures_num_new(const uint8_t *before, const uint8_t *now, int32_t count,
                         size_t picture_bytes)
{
    int32_t num_new = 0;
    for (; num_new < count; num_new++)
        if (memcmp(before + (size_t)num_new * picture_bytes, now,
                   (size_t)(count - num_new) * picture_bytes) == 0)
            break;
    return num_new;
}

size_t pictures_used_bytes(const pictures_t *pictures)
{
    if (pictures->first == pictures->next) return 0;
    return (size_t)(pictures->end - place_of(pictures, pictures->first)->at);
}

/* ---- as a file keeps them -------------------------------------------------------------------- */

bool pictures_begin(pictures_t *pictures, uint64_t first, uint64_t next)
{
    if (first % PICTURES_GROUP != 0 || first > next || next - first > pictures->max_count ||
        next > (uint64_t)1 << 60 || (first == next && next % PICTURES_GROUP != 0))
        return false;
    pictures->first = first;
    pictures->next = next;
    pictures->end = pictures->given_back = 0;
    pictures->num_begun++;
    return true;
}

bool pictures_expect(pictures_t *pictures, uint64_t number, uint32_t bytes)
{
    if (bytes < 1 || bytes > bound(pictures->picture_bytes) ||
        pictures->end + bytes > pictures->num_bytes)
        return false;
    *place_of(pictures, number) = (picture_place_t){ .at = pictures->end, .bytes = bytes };
    pictures->end += bytes;
    return true;
}

uint8_t *pictures_packed(const pictures_t *pictures, uint64_t number, size_t *num_bytes)
{
    const picture_place_t *place = place_of(pictures, number);
    *num_bytes = place->bytes;
    return pictures->ring + place->at % pictures->num_bytes;
}

bool pictures_are_sound(pictures_t *pictures)
{
    for (uint64_t n = pictures->first; n < pictures->next; n++) {
        size_t bytes;
        const uint8_t *packed = pictures_packed(pictures, n, &bytes);
        const int got = LZ4_decompress_safe((const char *)packed, (char *)pictures->difference,
                                            (int)bytes, (int)pictures->picture_bytes);
        if (got < 0 || (size_t)got != pictures->picture_bytes) return false;
    }
    /* The next picture is written as its difference from the first of its group. */
    const uint64_t begun = pictures->next % PICTURES_GROUP;
    if (begun > 0) unpack(pictures, pictures->next - begun, pictures->group_first);
    return true;
}

void pictures_forget(pictures_t *pictures)
{
    pictures->first = pictures->next = pictures->end = pictures->given_back = 0;
    pictures->num_begun++;
}
