/* card_pictures.c - see card_pictures.h. */
#include "card_pictures.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card_queue.h"

/* Of the card's memory, for pictures: half of its own; an eighth of what is the processor's,
 * too, and holds the replay memory already. */
enum { OWN_SHARE = 2, COMMON_SHARE = 8 };

/* ---- memory ---------------------------------------------------------------------------------- */

static void plan(card_pictures_t *p, const learner_t *l, const card_info_t *info,
                 uint64_t most_bytes)
{
    const replay_t *replay = &l->replay;
    const bool is_own = info->is_gpu && !info->is_integrated;
    p->picture_bytes = replay->obs_bytes / (size_t)replay->stack;
    p->num_streams = replay->num_streams;
    p->wanted_per_stream = (size_t)replay->streams[0].pictures.max_count;
    p->most_bytes =
        most_bytes ? most_bytes : info->memory_bytes / (is_own ? OWN_SHARE : COMMON_SHARE);
    const uint64_t bytes = p->picture_bytes, streams = (uint64_t)p->num_streams;
    uint64_t in_one = info->most_at_once_bytes > 0 ? info->most_at_once_bytes / bytes : INT_MAX;
    if (in_one > INT_MAX / 2) in_one = INT_MAX / 2;
    uint64_t count = p->most_bytes / bytes;
    if (count > 2 * in_one) count = 2 * in_one;
    if (count > streams * p->wanted_per_stream) count = streams * p->wanted_per_stream;
    p->per_stream = (int)(count / streams);
    const int num_places = p->per_stream * p->num_streams;
    p->num_first = num_places < (int)in_one ? num_places : (int)in_one;
}

static void release(card_t *card)
{
    for (int i = 0; i < 2; i++) {
        if (card->pictures.kept[i]) (void)card->api.ReleaseMemObject(card->pictures.kept[i]);
        card->pictures.kept[i] = NULL;
    }
}

static void take_places(card_t *card)
{
    card_pictures_t *p = &card->pictures;
    const int num_places = p->per_stream * p->num_streams;
    const uint64_t before = card->counts.memory_bytes;
    const size_t bytes[2] = { (size_t)p->num_first * p->picture_bytes,
                              (size_t)(num_places - p->num_first) * p->picture_bytes };
    bool ok = true;
    for (int i = 0; i < 2 && ok; i++)
        ok = bytes[i] == 0 || card_take_buffer(card, &p->kept[i], bytes[i],
                                               "the replay memory's pictures", p->refusal);
    if (ok) return;
    release(card);
    card->counts.memory_bytes = before;
    p->per_stream = p->num_first = 0;
}

static bool bind_places(card_t *card, char *why)
{
    const card_pictures_t *p = &card->pictures;
    char code[OPENCL_ERROR_BYTES];
    for (uint32_t i = 0; i < 2; i++) {
        const opencl_handle_t *buffer = p->kept[i]   ? &p->kept[i]
                                        : p->kept[0] ? &p->kept[0]
                                                     : &card->pixels;
        const int32_t error = card->api.SetKernelArg(card->kernels[CARD_GATHER_PICTURES], 4 + i,
                                                     sizeof *buffer, buffer);
        if (error != OPENCL_SUCCESS)
            return refuse(why, "%s: the pictures' kernel does not take their memory: %s",
                          card->info.name, opencl_error(error, code));
    }
    return true;
}

bool card_pictures_open(card_t *card, const learner_t *l, uint64_t most_bytes, char *why)
{
    card_pictures_t *p = &card->pictures;
    const size_t count = p->most_arriving =
        2 * (size_t)l->config.batch_size * (size_t)l->replay.stack;
    plan(p, l, &card->info, most_bytes);
    take_places(card);
    if (!bind_places(card, why)) return false;
    p->places = calloc((size_t)p->per_stream * (size_t)p->num_streams + 1, sizeof *p->places);
    p->begun = calloc((size_t)p->num_streams, sizeof *p->begun);
    p->arrivals = malloc(2 * count * p->picture_bytes);
    p->tables = malloc(2 * count * PICTURE_NUMBERS * sizeof *p->tables);
    p->arriving = malloc(count * sizeof *p->arriving);
    if (p->places && p->begun && p->arrivals && p->tables && p->arriving) return true;
    return refuse(why, "no memory for the pictures that go to the card");
}

void card_pictures_free(card_t *card)
{
    card_pictures_t *p = &card->pictures;
    release(card);
    free(p->places);
    free(p->begun);
    free(p->arrivals);
    free(p->tables);
    free(p->arriving);
}

static unsigned long long mb(uint64_t bytes)
{
    return (unsigned long long)((bytes + (1 << 20) - 1) >> 20);
}

void card_say_pictures(const device_t *device, why_t said)
{
    const card_pictures_t *p = &((const card_t *)device->self)->pictures;
    const uint64_t each = (uint64_t)p->num_streams * p->picture_bytes;
    const unsigned long long wanted = mb(each * p->wanted_per_stream);
    if (p->refusal[0])
        snprintf(said, sizeof(why_t), "Pictures go to the card with each batch: %.800s.",
                 p->refusal);
    else if (p->per_stream == 0)
        snprintf(said, sizeof(why_t),
                 "Pictures go to the card with each batch: there are %llu MB for the %llu MB that "
                 "the replay memory can hold.",
                 mb(p->most_bytes), wanted);
    else if ((size_t)p->per_stream < p->wanted_per_stream)
        snprintf(said, sizeof(why_t),
                 "Pictures: %llu MB on the card, of the %llu MB that the replay memory can hold; "
                 "the others go there with the batches that have them.",
                 mb(each * (uint64_t)p->per_stream), wanted);
    else
        snprintf(said, sizeof(why_t),
                 "Pictures: %llu MB on the card, all that the replay memory can hold.", wanted);
}

/* ---- a batch --------------------------------------------------------------------------------- */

/* Numbers that began anew are other pictures'. */
static void forget_others(card_pictures_t *p, const replay_t *replay)
{
    for (int32_t s = 0; s < p->num_streams; s++) {
        if (p->begun[s] == replay->streams[s].pictures.num_begun) continue;
        p->begun[s] = replay->streams[s].pictures.num_begun;
        memset(p->places + (size_t)s * (size_t)p->per_stream, 0,
               (size_t)p->per_stream * sizeof *p->places);
    }
}

/* A picture that the card lacks. */
static int arrive(card_pictures_t *p, int32_t stream, uint64_t number)
{
    const int i = p->num_arriving++;
    uint8_t *to = p->arrivals + ((size_t)p->turn * p->most_arriving + (size_t)i) * p->picture_bytes;
    p->arriving[i] = (replay_picture_t){ stream, number, to };
    return -1 - i;
}

/* PICTURE_FROM and PICTURE_KEEP of one of the batch. */
static void find(card_pictures_t *p, int32_t stream, uint64_t number, int *row)
{
    row[PICTURE_KEEP] = -1;
    if (p->per_stream == 0) {
        row[PICTURE_FROM] = arrive(p, stream, number);
        return;
    }
    const int at = stream * p->per_stream + (int)(number % (uint64_t)p->per_stream);
    card_kept_t *place = &p->places[at];
    const bool is_there = place->number == number + 1;
    if (place->batch == p->batch) {
        row[PICTURE_FROM] = is_there ? place->from : arrive(p, stream, number);
        return;
    }
    if (!is_there) row[PICTURE_KEEP] = at;
    row[PICTURE_FROM] = is_there ? at : arrive(p, stream, number);
    *place = (card_kept_t){ .number = number + 1, .batch = p->batch, .from = row[PICTURE_FROM] };
}

static void fill_row(card_pictures_t *p, const learner_t *l, int32_t slot, learner_shift_t shift,
                     int *row)
{
    const replay_t *replay = &l->replay;
    const uint64_t *numbers = replay_pictures(replay, slot);
    for (int32_t c = 0; c < replay->stack; c++, row += PICTURE_NUMBERS) {
        row[PICTURE_RIGHT] = shift.right_px;
        row[PICTURE_DOWN] = shift.down_px;
        if (c > 0 && numbers[c] == numbers[c - 1]) {
            row[PICTURE_FROM] = row[PICTURE_FROM - PICTURE_NUMBERS];
            row[PICTURE_KEEP] = -1;
        } else {
            find(p, slot / replay->slots_per_stream, numbers[c], row);
        }
    }
}

static void fill_table(card_pictures_t *p, const learner_t *l, int *table)
{
    const int32_t B = l->config.batch_size;
    const size_t each = (size_t)l->replay.stack * PICTURE_NUMBERS;
    const learner_batch_t *batch = l->batch;
    for (int32_t b = 0; b < B; b++)
        fill_row(p, l, batch->samples[b].slot, batch->shifts[b], table + (size_t)b * each);
    for (int32_t b = 0; b < B; b++) {
        const replay_sample_t *sample = &batch->samples[b];
        int *row = table + (size_t)(B + b) * each;
        if (sample->next_slot != sample->slot) {
            fill_row(p, l, sample->next_slot, batch->shifts[B + b], row);
            continue;
        }
        memcpy(row, table + (size_t)b * each, each * sizeof *row);
        for (int32_t c = 0; c < l->replay.stack; c++) row[c * PICTURE_NUMBERS + PICTURE_KEEP] = -1;
    }
}

static void launch(card_t *card, const learner_t *l, const card_slot_t *slot)
{
    const card_layout_t *at = &card->layout;
    const size_t count = card->pictures.most_arriving, pixels = card->pictures.picture_bytes;
    const pictures_args_t args = { .height = l->config.obs_height_px,
                                   .width = l->config.obs_width_px,
                                   .to = slot->pixels,
                                   .arrivals = at->arrivals,
                                   .table = at->pictures,
                                   .num_first = card->pictures.num_first };
    card_launch(card, CARD_GATHER_PICTURES, &args, sizeof args,
                (size_t[3]){ (pixels + CARD_LANES - 1) / CARD_LANES * CARD_LANES, count, 1 },
                (size_t[3]){ CARD_LANES, 1, 1 });
    card->counts.picture_bytes += 2.0 * (double)(count * pixels);
}

void card_pictures_fetch(card_t *card, learner_t *l, const card_slot_t *slot)
{
    card_pictures_t *p = &card->pictures;
    const size_t count = p->most_arriving, table_ints = count * PICTURE_NUMBERS;
    if (p->is_fetched) card_wait_for_all(card);
    p->is_fetched = true;
    p->turn = !p->turn;
    const uint8_t *arrivals = p->arrivals + (size_t)p->turn * count * p->picture_bytes;
    int *table = p->tables + (size_t)p->turn * table_ints;
    p->batch++;
    p->num_arriving = 0;
    forget_others(p, &l->replay);
    fill_table(p, l, table);
    replay_unpack_pictures(&l->replay, p->arriving, p->num_arriving, &l->pool);
    card_write(card, card->pixels, (size_t)card->layout.arrivals, arrivals,
               (size_t)p->num_arriving * p->picture_bytes, false);
    card_write(card, card->tables, (size_t)card->layout.pictures * sizeof(int), table,
               table_ints * sizeof(int), false);
    launch(card, l, slot);
}

bool card_peek_pictures(const device_t *device, const learner_t *l, uint8_t *pixels)
{
    card_t *card = device->self;
    const card_slot_t *slot = &card->layout.slots[l->batch - l->batches];
    return card->api.EnqueueReadBuffer(card->queue, card->pixels, true, (size_t)slot->pixels,
                                       2 * (size_t)l->config.batch_size * l->net.obs_bytes, pixels,
                                       0, NULL, NULL) == OPENCL_SUCCESS;
}
