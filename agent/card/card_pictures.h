/* card_pictures.h - the replay memory's pictures, kept on the card: each is uploaded when a batch
 * first has it, and a batch is then a table of places. For the .c files of this folder.
 *
 * A picture's place follows from its number: number % per_stream of its stream's places. Where all
 * that the replay memory holds have one of their own, none meets another; where the card has fewer,
 * a picture is replaced by one of the same place that a batch has, and uploaded again when it is
 * drawn again. Of two in one batch the second goes without a place. With no places at all each
 * batch is uploaded. What the first layer reads, and so all that is computed, is the same.
 */
#ifndef AGENT_CARD_PICTURES_H
#define AGENT_CARD_PICTURES_H

#include "card_layout.h"
#include "opencl_api.h"
#include "why.h"

struct card;

typedef struct {
    uint64_t number; /* of the picture that lies there, + 1; 0: none */
    uint64_t batch;  /* the last batch that it was in */
    int from;        /* PICTURE_FROM of that batch */
} card_kept_t;

typedef struct {
    opencl_handle_t kept[2]; /* NULL: there is none, one is enough */
    size_t picture_bytes;
    size_t wanted_per_stream;               /* pictures that the replay memory can hold */
    uint64_t most_bytes;                    /* of the card's memory, for them */
    int num_streams, per_stream, num_first; /* places of a stream; in kept[0] */
    card_kept_t *places;                    /* (num_streams, per_stream) */
    uint64_t *begun;            /* (num_streams), pictures.num_begun that the places are of */
    uint64_t batch;             /* counts them, from 1 on */
    bool is_fetched;            /* a batch was, and no update was asked for */
    size_t most_arriving;       /* 2B stack */
    int turn;                   /* one half of the next two may be on its way */
    uint8_t *arrivals;          /* (2, 2B stack, picture_bytes) */
    int *tables;                /* (2, 2B stack, PICTURE_NUMBERS) */
    replay_picture_t *arriving; /* (2B stack) */
    int num_arriving;           /* of the last batch */
    why_t refusal;              /* of the driver, that there is no memory; "": none */
} card_pictures_t;

/* Takes memory on the card, as much as there is for pictures but no more than the replay memory can
 * hold; a driver that refuses it is no failure. most_bytes: see card.h. False: no memory for what
 * is uploaded. */
bool card_pictures_open(struct card *card, const learner_t *l, uint64_t most_bytes, char *why);
/* device.h's fetch() of a batch whose rows lie in this slot. */
void card_pictures_fetch(struct card *card, learner_t *l, const card_slot_t *slot);
void card_pictures_free(struct card *card);

#endif
