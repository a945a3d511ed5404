/* search_view.c - see search_view.h. */
#include "search_view.h"

#include <string.h>

#include "json_line.h"
#include "picture.h"
#include "why.h"

enum { SCREEN_COLUMNS = 64 };

void search_view_list(FILE *out, const search_candidate_t *found, size_t num_found)
{
    for (size_t c = 0; c < num_found; c++) {
        fprintf(out, "  0x%04llX  %-3s  %lld", (unsigned long long)found[c].address,
                search_types[found[c].type], (long long)found[c].value);
        if (found[c].was != found[c].value) fprintf(out, "  (was %lld)", (long long)found[c].was);
        fputc('\n', out);
    }
    fflush(out);
}

void search_view_json(const memory_search_t *search, const search_candidate_t *found,
                      size_t num_found, size_t num_all, uint64_t frames)
{
    cJSON *object = cJSON_CreateObject();
    json_line_add_number(object, "left", 0, (double)num_all);
    json_line_add_number(object, "steps", 0, search_steps(search));
    json_line_add_number(object, "frame", 0, (double)frames);
    cJSON *list = cJSON_AddArrayToObject(object, "candidates");
    for (size_t c = 0; c < num_found; c++) {
        char address[24];
        cJSON *item = cJSON_CreateObject();
        snprintf(address, sizeof address, "0x%04llX", (unsigned long long)found[c].address);
        cJSON_AddStringToObject(item, "address", address);
        cJSON_AddStringToObject(item, "type", search_types[found[c].type]);
        json_line_add_number(item, "value", 0, (double)found[c].value);
        json_line_add_number(item, "was", 0, (double)found[c].was);
        cJSON_AddItemToArray(list, item);
    }
    json_line_print(object);
}

void search_view_variable(FILE *out, const char *name, const search_candidate_t *found)
{
    cJSON *quoted = cJSON_CreateString(name);
    char *text = cJSON_PrintUnformatted(quoted);
    if (text)
        fprintf(out, "%s: {\"address\": \"0x%04llX\", \"type\": \"%s\"}\n", text,
                (unsigned long long)found->address, search_types[found->type]);
    fflush(out);
    cJSON_free(text);
    cJSON_Delete(quoted);
}

/* ---- the picture ---- */

typedef struct {
    const uint8_t *rgb;
    int32_t width_px, height_px;
    int32_t num_rows; /* the picture is cut into so many rows of SCREEN_COLUMNS boxes */
} boxes_t;

/* Mean colour of a box; a box covers at least one pixel. */
static void box_colour(const boxes_t *boxes, int32_t row, int32_t column, uint32_t colour[3])
{
    const int32_t top = row * boxes->height_px / boxes->num_rows;
    const int32_t left = column * boxes->width_px / SCREEN_COLUMNS;
    int32_t bottom = (row + 1) * boxes->height_px / boxes->num_rows;
    int32_t right = (column + 1) * boxes->width_px / SCREEN_COLUMNS;
    if (bottom <= top) bottom = top + 1;
    if (right <= left) right = left + 1;
    memset(colour, 0, 3 * sizeof *colour);
    for (int32_t y = top; y < bottom; y++)
        for (int32_t x = left; x < right; x++)
            for (int32_t c = 0; c < 3; c++)
                colour[c] += boxes->rgb[3 * (y * boxes->width_px + x) + c];
    for (int32_t c = 0; c < 3; c++) colour[c] /= (uint32_t)((bottom - top) * (right - left));
}

static uint32_t luma(const uint32_t colour[3])
{
    return (77 * colour[0] + 150 * colour[1] + 29 * colour[2]) / 256;
}

void search_view_screen(FILE *out, const uint8_t *rgb, int32_t width_px, int32_t height_px,
                        bool in_colour)
{
    static const char shades[] = " .:-=+*#%@";
    boxes_t boxes = { .rgb = rgb, .width_px = width_px, .height_px = height_px };
    /* A letter is about twice as high as wide: two boxes a letter, one above the other. */
    const int32_t num_lines = (SCREEN_COLUMNS * height_px / width_px + 1) / 2;
    boxes.num_rows = 2 * (num_lines > 0 ? num_lines < 200 ? num_lines : 200 : 1);
    for (int32_t row = 0; row < boxes.num_rows; row += 2) {
        for (int32_t column = 0; column < SCREEN_COLUMNS; column++) {
            uint32_t upper[3], lower[3];
            box_colour(&boxes, row, column, upper);
            box_colour(&boxes, row + 1, column, lower);
            if (in_colour)
                fprintf(out, "\x1b[38;2;%u;%u;%um\x1b[48;2;%u;%u;%um\xe2\x96\x80", upper[0],
                        upper[1], upper[2], lower[0], lower[1], lower[2]);
            else
                fputc(shades[(luma(upper) + luma(lower)) * (sizeof shades - 1) / 512], out);
        }
        fputs(in_colour ? "\x1b[0m\n" : "\n", out);
    }
    fflush(out);
}

bool search_view_save(const char *path, const uint8_t *rgb, int32_t width_px, int32_t height_px,
                      char *why)
{
    picture_t *picture = picture_create(width_px, height_px, 0);
    if (!picture) {
        refuse(why, "no memory for a picture");
        return false;
    }
    memcpy(picture->rgb, rgb, 3 * (size_t)width_px * (size_t)height_px);
    const bool ok = picture_save(picture, path, why);
    picture_destroy(picture);
    return ok;
}
