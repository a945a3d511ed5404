/* preset_similarity.c - the sections "similarity" and "outcomes": numbers of pairs of actions that
 * their notation identifies.
 *
 * "upper": one list per row but the last, of the numbers right of the diagonal. That is half the
 * file of a full matrix, and it cannot be asymmetric. */
#include "model.h"
#include "why.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_rows(preset_table_t *table, reader_t *reader, const cJSON *object)
{
    const cJSON *rows;
    if (!reader_list(reader, object, "rows", FIELD_REQUIRED, 1, PRESET_MAX_ACTIONS, &rows))
        return false;
    const size_t mark = reader_enter(reader, "rows");
    const size_t num_rows = (size_t)cJSON_GetArraySize(rows);
    table->notations = calloc(num_rows, sizeof *table->notations);
    table->matrix = calloc(num_rows * num_rows, sizeof *table->matrix);
    if (!table->notations || !table->matrix)
        return reader_refuse(reader, "no memory for %zu rows", num_rows);
    for (const cJSON *row = rows->child; row; row = row->next) {
        char *notation = table->notations[table->num_rows];
        const size_t inner = reader_enter_item(reader, table->num_rows);
        if (!reader_is_text(reader, row, notation, sizeof table->notations[0])) return false;
        for (int32_t r = 0; r < table->num_rows; r++)
            if (strcmp(table->notations[r], notation) == 0)
                return reader_refuse(reader, "a row must be listed once, found \"%.80s\" again",
                                     notation);
        table->num_rows++;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

static bool read_upper_row(preset_table_t *table, reader_t *reader, const cJSON *list, int32_t row)
{
    float *matrix = (float *)(uintptr_t)table->matrix;
    const int32_t num_rows = table->num_rows, wanted = num_rows - 1 - row;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) != wanted)
        return reader_refuse(reader, "must be a list of %d numbers, for %d rows", (int)wanted,
                             (int)num_rows);
    int32_t column = row + 1;
    for (const cJSON *value = list->child; value; value = value->next, column++) {
        const double s = cJSON_IsNumber(value) ? value->valuedouble : -1;
        if (s < 0 || s > 1) return reader_refuse_value(reader, value, "must be numbers, 0 to 1");
        matrix[row * num_rows + column] = (float)s;
        matrix[column * num_rows + row] = (float)s;
    }
    return true;
}

static bool read_upper(preset_table_t *table, reader_t *reader, const cJSON *object)
{
    const cJSON *upper;
    const int32_t wanted = table->num_rows - 1;
    if (!reader_list(reader, object, "upper", FIELD_REQUIRED, wanted, wanted, &upper)) return false;
    const size_t mark = reader_enter(reader, "upper");
    int32_t row = 0;
    for (const cJSON *list = upper->child; list; list = list->next) {
        const size_t inner = reader_enter_item(reader, row);
        if (!read_upper_row(table, reader, list, row++)) return false;
        reader_leave(reader, inner);
    }
    reader_leave(reader, mark);
    return true;
}

/* Rows in their canonical notation; of those that are no move of this game it is warned. */
static void settle_rows(const preset_t *preset, preset_table_t *table, reader_t *reader)
{
    for (int32_t r = 0; r < table->num_rows; r++) {
        why_t why;
        macro_t macro;
        if (macro_parse(&macro, table->notations[r], &preset->language, why))
            memcpy(table->notations[r], macro.notation, sizeof macro.notation);
        else
            reader_warn(reader, "rows[%d]: no move of this game: %s", (int)r, why);
    }
}

bool model_read_similarity(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *object;
    if (!reader_object(reader, file, "similarity", FIELD_OPTIONAL, &object)) return false;
    if (!object) return true;
    const size_t mark = reader_enter(reader, "similarity");
    preset_similarity_t *similarity = preset->similarity = calloc(1, sizeof *similarity);
    if (!similarity) return reader_refuse(reader, "no memory");
    const int64_t many = (int64_t)JSON_EXACT_INT;
    preset_table_t table = { 0 };
    const bool ok = read_rows(&table, reader, object) && read_upper(&table, reader, object);
    similarity->num_rows = table.num_rows;
    similarity->notations = table.notations;
    similarity->matrix = table.matrix;
    if (!ok ||
        !reader_int(reader, object, "decisions", FIELD_OPTIONAL, 0, many, &similarity->decisions) ||
        !reader_int(reader, object, "updates", FIELD_OPTIONAL, 0, many, &similarity->updates) ||
        !reader_int32(reader, object, "seeds", FIELD_OPTIONAL, 0, 1000000, &similarity->seeds) ||
        !reader_int(reader, object, "seed", FIELD_OPTIONAL, 0, many, &similarity->seed) ||
        !reader_text(reader, object, "from", FIELD_OPTIONAL, similarity->from,
                     sizeof similarity->from) ||
        !reader_text(reader, object, "version", FIELD_OPTIONAL, similarity->version,
                     sizeof similarity->version))
        return false;
    similarity->has_seed = cJSON_GetObjectItemCaseSensitive(object, "seed") != NULL;
    reader_warn_unknown(reader, object, "rows upper decisions updates seeds seed from version");
    settle_rows(preset, &table, reader);
    reader_leave(reader, mark);
    return true;
}

bool model_read_outcomes(preset_t *preset, reader_t *reader, const cJSON *file)
{
    const cJSON *object;
    if (!reader_object(reader, file, "outcomes", FIELD_OPTIONAL, &object)) return false;
    if (!object) return true;
    const size_t mark = reader_enter(reader, "outcomes");
    preset_outcomes_t *outcomes = preset->outcomes = calloc(1, sizeof *outcomes);
    if (!outcomes) return reader_refuse(reader, "no memory");
    if (!read_rows(&outcomes->table, reader, object) ||
        !read_upper(&outcomes->table, reader, object) ||
        !reader_int32(reader, object, "decisions", FIELD_OPTIONAL, 1, 1000000,
                      &outcomes->decisions))
        return false;
    const field_need_t need = outcomes->decisions > 0 ? FIELD_OPTIONAL : FIELD_REQUIRED;
    if (!reader_int32(reader, object, "states", need, 1, 1000000, &outcomes->states) ||
        !reader_int32(reader, object, "horizon_frames", need, 1, 1000000,
                      &outcomes->horizon_frames) ||
        !reader_int(reader, object, "seed", FIELD_OPTIONAL, 0, (int64_t)JSON_EXACT_INT,
                    &outcomes->seed) ||
        !reader_text(reader, object, "start", FIELD_OPTIONAL, outcomes->start,
                     sizeof outcomes->start))
        return false;
    reader_warn_unknown(reader, object, "rows upper states horizon_frames decisions seed start");
    settle_rows(preset, &outcomes->table, reader);
    reader_leave(reader, mark);
    return true;
}

void model_free_table(preset_table_t *table)
{
    free(table->notations);
    free((float *)(uintptr_t)table->matrix);
}

const preset_outcomes_t *preset_outcomes(const preset_t *preset)
{
    return preset->outcomes;
}

const preset_similarity_t *preset_similarity(const preset_t *preset)
{
    return preset->similarity;
}

int32_t preset_similarity_row(const preset_t *preset, int32_t action)
{
    return preset_similarity_find(preset, &preset->actions[action].macro);
}

int32_t preset_similarity_find(const preset_t *preset, const macro_t *wanted)
{
    const preset_similarity_t *similarity = preset->similarity;
    if (!similarity) return -1;
    const preset_table_t table = { similarity->num_rows, similarity->notations,
                                   similarity->matrix };
    return preset_table_find(preset, &table, wanted);
}

int32_t preset_table_find(const preset_t *preset, const preset_table_t *table,
                          const macro_t *wanted)
{
    for (int32_t r = 0; r < table->num_rows; r++)
        if (strcmp(table->notations[r], wanted->notation) == 0) return r;
    for (int32_t r = 0; r < table->num_rows; r++) {
        macro_t macro;
        if (macro_parse(&macro, table->notations[r], &preset->language, NULL) &&
            macro_same_steps(&macro, wanted))
            return r;
    }
    return -1;
}

double similarity_rounded(double value)
{
    return round(value * SIMILARITY_DIGITS) / SIMILARITY_DIGITS;
}
