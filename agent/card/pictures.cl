/* pictures.cl - a batch's pictures to where the first layer reads them, from those that are kept on
 * the card and those that have just arrived, moved by some pixels with their edge repeated. What
 * has arrived and is to be kept is copied to its place, unmoved; nothing of this launch reads it
 * there. */

global uchar *card_kept(const pictures_args_t *p, global uchar *first, global uchar *second,
                        int place)
{
    const size_t bytes = (size_t)(p->height * p->width);
    return place < p->num_first ? first + (size_t)place * bytes
                                : second + (size_t)(place - p->num_first) * bytes;
}

/* Ids: pixel, picture. */
kernel void gather_pictures(global float *pool, global uchar *pixels, global const int *tables,
                            const pictures_args_t p, global uchar *first, global uchar *second)
{
    const int pixel = get_global_id(0), picture = get_global_id(1), size = p.height * p.width;
    if (pixel >= size) return;
    global const int *row = tables + p.table + picture * PICTURE_NUMBERS;
    const int from = row[PICTURE_FROM], keep = row[PICTURE_KEEP];
    global const uchar *source = from >= 0 ? card_kept(&p, first, second, from)
                                           : pixels + p.arrivals + (-1 - from) * size;
    const int y = clamp(pixel / p.width - row[PICTURE_DOWN], 0, p.height - 1);
    const int x = clamp(pixel % p.width - row[PICTURE_RIGHT], 0, p.width - 1);
    pixels[p.to + picture * size + pixel] = source[y * p.width + x];
    if (keep >= 0) card_kept(&p, first, second, keep)[pixel] = source[pixel];
}
