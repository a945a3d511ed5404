/* preset_files.c - see preset_files.h. */
#include "preset_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

const char *put(const char *name, const char *text)
{
    const char *path = kata_path(name);
    kata_write_file(path, text, strlen(text));
    return path;
}

void make_folder(const char *name)
{
    assert_int_equal(mkdir(kata_path(name), 0777), 0);
}

const char *unknown_game(void)
{
    size_t num_bytes;
    uint8_t *rom = kata_read_file(kata_rom(), &num_bytes);
    rom[num_bytes - 1] ^= 1;
    kata_write_file(kata_path("Strange Game.nes"), rom, num_bytes);
    free(rom);
    return kata_path("Strange Game.nes");
}

void expect_text(const char *path, const char *text)
{
    size_t num_bytes;
    char *found = (char *)kata_read_file(path, &num_bytes);
    assert_string_equal(found, text);
    free(found);
}

void expect_refused(const kata_run_t *run, int status, const char *says)
{
    kata_expect(run, status);
    kata_expect_err(run, says);
    assert_memory_equal(run->err, "kata: ", 6);
    assert_int_equal(strcspn(run->err, "\n"), strlen(run->err) - 1);
    assert_string_equal(run->out, "");
}

void expect_no_temporaries(void)
{
    char name[256];
    assert_false(kata_finds(kata_dir(), "saved.json.", name));
    assert_false(kata_finds(kata_dir(), ".saved.json", name));
}
