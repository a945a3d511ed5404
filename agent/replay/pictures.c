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
                              .max_count = max_count,
                              .read_group = UINT64_MAX };
    pictures->places = arena_take(arena, (size_t)max_count, sizeof *pictures->places);
    pictures->group_first = arena_take(arena, picture_bytes, 1);
    pictures->read_first = arena_take(arena, picture_bytes, 1);
    pictures->difference = arena_take(arena, picture_bytes, 1);
    pictures->packed = arena_take(arena, bound(picture_bytes), 1);
    pictures->ring = arena_take(arena, num_bytes, 1);
}

static picture_place_t *place_of(const pictures_t *pictures, uint64_t number)
{
    return &pictures->places[number % pictures->max_count];
}

static void forget_a_group(pictures_t *pictures)
{
    if (pictures->read_group == pictures->first) pictures->read_group = UINT64_MAX;
    pictures->first += PICTURES_GROUP;
}

static void exclusive_or(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t num_bytes)
{
    for (size_t i = 0; i < num_bytes; i++) out[i] = a[i] ^ b[i];
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
        forget_a_group(pictures);
    memcpy(pictures->ring + at % pictures->num_bytes, pictures->packed, (size_t)bytes);
    *place_of(pictures, number) = (picture_place_t){ .at = at, .bytes = (uint32_t)bytes };
    pictures->end = at + (uint64_t)bytes;
    pictures->next = number + 1;
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

void pictures_read(pictures_t *pictures, uint64_t number, uint8_t *picture)
{
    assert(pictures_has(pictures, number));
    const uint64_t group = number - number % PICTURES_GROUP;
    if (pictures->read_group != group) {
        unpack(pictures, group, pictures->read_first);
        pictures->read_group = group;
    }
    if (number == group) {
        memcpy(picture, pictures->read_first, pictures->picture_bytes);
        return;
    }
    unpack(pictures, number, picture);
    exclusive_or(picture, picture, pictures->read_first, pictures->picture_bytes);
}

size_t pictures_used_bytes(const pictures_t *pictures)
{
    if (pictures->first == pictures->next) return 0;
    return (size_t)(pictures->end - place_of(pictures, pictures->first)->at);
}
