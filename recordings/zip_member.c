/* zip_member.c - see zip_member.h. */
#include "zip_member.h"

#include <stdlib.h>

uint8_t *zip_member_read(zip_t *zip, zip_uint64_t index, size_t num_bytes)
{
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    uint8_t *bytes = malloc(num_bytes + 1);
    zip_int64_t got = file && bytes ? zip_fread(file, bytes, num_bytes) : -1;
    /* The end must be asked for: there libzip compares the checksum. */
    char more;
    if (got >= 0 && zip_fread(file, &more, 1) != 0) got = -1;
    if (file) zip_fclose(file);
    if (got < 0 || (size_t)got != num_bytes) {
        free(bytes);
        return NULL;
    }
    bytes[num_bytes] = '\0';
    return bytes;
}
