/* test_archive.c - games in archives: which of them is meant, by the names alone, and its bytes;
 * archives that were made to hurt. */
#define _GNU_SOURCE
#include "setup.h"

#include "../zip_file.h"

#include <dlfcn.h>
#include <sys/stat.h>

#include "archive.h"
#include "identity.h"
#include "why.h"

static const char game_text[] = "FAKE state=40";
#define GAME(name)                                                                                 \
    {                                                                                              \
        name, game_text, sizeof game_text - 1                                                      \
    }
#define TEXT(name)                                                                                 \
    {                                                                                              \
        name, "read me", 7                                                                         \
    }

static const char *zip_path(const char *name)
{
    return content_file(name, "", 0); /* made anew below */
}

static void test_what_is_in_a_zip(void **state)
{
    (void)state;
    static const struct {
        zip_entry_t entries[5];
        archive_kind_t kind;
        const char *says; /* the game, or a part of the refusal */
    } rows[] = {
        { { GAME("game.nes") }, ARCHIVE_ONE_GAME, "game.nes" },
        { { TEXT("read me.txt"), GAME("Folder/Sub/Game (USA).SFC"), TEXT("box.jpg") },
          ARCHIVE_ONE_GAME,
          "Folder/Sub/Game (USA).SFC" },
        { { GAME("__MACOSX/._game.nes"), { "x.nes/", NULL, 0 }, GAME("game.nes") },
          ARCHIVE_ONE_GAME,
          "game.nes" },
        { { GAME("a.nes"), TEXT("t.txt"), GAME("sub/b.gb") },
          ARCHIVE_REFUSED,
          "there are 2 games in it (a.nes, b.gb): unpack the one that you mean, or "
          "name it behind a #: " },
        { { GAME("cpu.01"), GAME("gfx.bin"), GAME("snd.bin") }, ARCHIVE_NO_GAME, "" },
        { { GAME("cpu.01"), GAME("gfx.bin") }, ARCHIVE_NO_GAME, "" },
        { { GAME("drive.bin") }, ARCHIVE_ONE_GAME, "drive.bin" },
        { { GAME("drive.bin"), GAME("drive.gen") }, ARCHIVE_ONE_GAME, "drive.gen" },
        { { TEXT("only.txt") }, ARCHIVE_NO_GAME, "" },
        { { GAME("../../../etc/up.nes") }, ARCHIVE_ONE_GAME, "../../../etc/up.nes" },
    };
    char path[4096];
    snprintf(path, sizeof path, "%s", zip_path("Pack #1.ZIP"));
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char game[ARCHIVE_PATH_BYTES] = "?", expected[5000] = "";
        why_t why = "";
        size_t num_entries = 0;
        while (num_entries < 5 && rows[r].entries[num_entries].name) num_entries++;
        zip_file_write(path, rows[r].entries, num_entries);
        const archive_kind_t kind = archive_look(path, game, why);
        if (kind != rows[r].kind) fail_msg("row %zu: kind %d, %s", r, (int)kind, why);
        if (kind == ARCHIVE_REFUSED) assert_sentence(why, rows[r].says);
        if (kind == ARCHIVE_ONE_GAME)
            snprintf(expected, sizeof expected, "%s#%s", path, rows[r].says);
        assert_string_equal(game, expected);
        if (kind != ARCHIVE_ONE_GAME) continue;

        uint8_t *bytes;
        size_t num_bytes;
        assert_int_equal(archive_path_length(game), strlen(path));
        if (!archive_read(game, &bytes, &num_bytes, why)) fail_msg("row %zu: %s", r, why);
        assert_int_equal(num_bytes, sizeof game_text - 1);
        assert_memory_equal(bytes, game_text, num_bytes);
        free(bytes);
    }
    assert_int_equal(archive_path_length(path), 0);
    /* A file may be called so itself. */
    char named[4200];
    snprintf(named, sizeof named, "%s#own name.nes", zip_path("named.zip"));
    const zip_entry_t entry = GAME("game.nes");
    zip_file_write(zip_path("named.zip"), &entry, 1);
    assert_int_equal(archive_path_length(named), strlen(zip_path("named.zip")));
    FILE *file = fopen(named, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(archive_path_length(named), 0);
}

static void test_what_is_no_sound_archive(void **state)
{
    (void)state;
    char path[4096], game[ARCHIVE_PATH_BYTES], inner[4200];
    why_t why = "";
    assert_int_equal(archive_look(content_file("game.nes", "NES", 3), game, why), ARCHIVE_NONE);
    assert_int_equal(archive_look("/nowhere/at all.zip", game, why), ARCHIVE_NONE);
    assert_int_equal(archive_look(content_file("empty.zip", "", 0), game, why), ARCHIVE_NONE);
    assert_int_equal(archive_look(content_file("text.zip", "no zip", 6), game, why),
                     ARCHIVE_REFUSED);
    assert_sentence(why, "text.zip: is no sound zip archive: ");

    /* Names that are not in it, nothing behind the name, a wrong checksum, a folder. */
    uint8_t *bytes = (uint8_t *)path;
    size_t num_bytes;
    snprintf(path, sizeof path, "%s", zip_path("odd.zip"));
    const zip_entry_t entries[] = { GAME("game.nes"), { "none.nes", "", 0 }, { "dir/", NULL, 0 } };
    zip_file_write(path, entries, 3);
    static const struct {
        const char *name, *says;
    } rows[] = { { "#other.nes", "other.nes: is not in the archive" },
                 { "#none.nes", "none.nes: is empty" },
                 { "#dir/", "dir/: is empty" } };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        snprintf(inner, sizeof inner, "%s%s", path, rows[r].name);
        assert_false(archive_read(inner, &bytes, &num_bytes, why));
        assert_null(bytes);
        assert_sentence(why, rows[r].says);
    }
    assert_false(archive_read(path, &bytes, &num_bytes, why));
    assert_sentence(why, "no file in an archive");
    assert_false(archive_read("/nowhere.zip#x.nes", &bytes, &num_bytes, why));
    assert_sentence(why, "no file in an archive");

    uint8_t whole[4096];
    FILE *file = fopen(path, "r+b");
    const size_t size = fread(whole, 1, sizeof whole, file);
    uint8_t *text = memmem(whole, size, game_text, sizeof game_text - 1); /* short: stored */
    assert_non_null(text);
    assert_int_equal(fseek(file, text - whole, SEEK_SET), 0);
    fputc('!', file);
    fclose(file);
    snprintf(inner, sizeof inner, "%s#game.nes", path);
    assert_false(archive_read(inner, &bytes, &num_bytes, why));
    assert_sentence(why, "game.nes: cannot be unpacked: the archive is damaged");

    /* Cut at every length: refused or none, never anything else. */
    for (size_t kept = 1; kept < size; kept += 7) {
        const archive_kind_t kind = archive_look(content_file("cut.zip", whole, kept), game, why);
        assert_int_equal(kind, ARCHIVE_REFUSED);
    }
}

/* A gigabyte of zeros in a few kilobytes: refused by its size, before it is unpacked. */
static void test_a_zip_bomb_is_refused(void **state)
{
    (void)state;
    char path[4096], game[ARCHIVE_PATH_BYTES];
    snprintf(path, sizeof path, "%s", zip_path("bomb.zip"));
    const zip_entry_t entry = GAME("bomb.nes");
    zip_file_write(path, &entry, 1);
    uint8_t whole[512];
    FILE *file = fopen(path, "r+b");
    const size_t size = fread(whole, 1, sizeof whole, file);
    uint8_t *central = memmem(whole, size, "PK\1\2", 4);
    assert_non_null(central);
    const uint8_t gigabyte[4] = { 0, 0, 0, 0x40 };
    memcpy(central + 24, gigabyte, 4); /* uncompressed size, in both headers */
    memcpy(whole + 22, gigabyte, 4);
    rewind(file);
    fwrite(whole, 1, size, file);
    fclose(file);
    why_t why = "";
    uint8_t *bytes;
    size_t num_bytes;
    assert_int_equal(archive_look(path, game, why), ARCHIVE_ONE_GAME);
    assert_false(archive_read(game, &bytes, &num_bytes, why));
    assert_sentence(why,
                    "a game in an archive must have at most 268435456 bytes, found 1073741824");
}

/* The core gets the game's bytes, and is told where they are from. */
static void test_a_core_is_given_the_game_inside(void **state)
{
    (void)state;
    char path[4096], game[4200];
    why_t why = "";
    snprintf(path, sizeof path, "%s", zip_path("pack.zip"));
    const zip_entry_t entries[] = { GAME("sub/Game.fake"), TEXT("t.txt") };
    zip_file_write(path, entries, 2);
    snprintf(game, sizeof game, "%s#sub/Game.fake", path);
    bridge_t *bridge = open_variant("plain", NULL);
    if (bridge_load(bridge, game, NULL, 0, why) != BRIDGE_OK) fail_msg("%s", why);
    const fake_report_t *report = report_of(bridge);
    assert_true(report->had_data && report->had_ext);
    assert_int_equal(report->num_bytes, sizeof game_text - 1);
    assert_string_equal(report->ext_name, "Game");
    assert_string_equal(report->ext_archive_file, "sub/Game.fake");
    bridge_close(bridge);

    bridge = open_variant("full_path", NULL);
    assert_int_equal(bridge_load(bridge, game, NULL, 0, why), BRIDGE_NO_CONTENT);
    assert_sentence(why, "the core reads its games from files by itself: unpack it first");
    bridge_close(bridge);
}

/* ---- .7z, written by the library that reads it ---- */

static bool write_7z(const char *path, const zip_entry_t *entries, size_t num_entries)
{
    void *const library = dlopen("libarchive.so.13", RTLD_NOW);
    if (!library) return false;
    void *(*la_write_new)(void), *(*la_entry_new)(void);
    int (*la_write_set_format_7zip)(void *), (*la_write_open_filename)(void *, const char *);
    int (*la_write_header)(void *, void *), (*la_write_free)(void *);
    void (*la_entry_set_pathname)(void *, const char *), (*la_entry_set_size)(void *, int64_t);
    void (*la_entry_set_filetype)(void *, unsigned), (*la_entry_free)(void *);
    void (*la_entry_set_perm)(void *, mode_t);
    ptrdiff_t (*la_write_data)(void *, const void *, size_t);
    *(void **)&la_write_new = dlsym(library, "archive_write_new");
    *(void **)&la_entry_new = dlsym(library, "archive_entry_new");
    *(void **)&la_write_set_format_7zip = dlsym(library, "archive_write_set_format_7zip");
    *(void **)&la_write_open_filename = dlsym(library, "archive_write_open_filename");
    *(void **)&la_write_header = dlsym(library, "archive_write_header");
    *(void **)&la_write_free = dlsym(library, "archive_write_free");
    *(void **)&la_entry_set_pathname = dlsym(library, "archive_entry_set_pathname");
    *(void **)&la_entry_set_size = dlsym(library, "archive_entry_set_size");
    *(void **)&la_entry_set_filetype = dlsym(library, "archive_entry_set_filetype");
    *(void **)&la_entry_set_perm = dlsym(library, "archive_entry_set_perm");
    *(void **)&la_entry_free = dlsym(library, "archive_entry_free");
    *(void **)&la_write_data = dlsym(library, "archive_write_data");
    void *const archive = la_write_new();
    assert_int_equal(la_write_set_format_7zip(archive), 0);
    assert_int_equal(la_write_open_filename(archive, path), 0);
    for (size_t i = 0; i < num_entries; i++) {
        void *const entry = la_entry_new();
        la_entry_set_pathname(entry, entries[i].name);
        la_entry_set_size(entry, (int64_t)entries[i].num_bytes);
        la_entry_set_filetype(entry, S_IFREG);
        la_entry_set_perm(entry, 0644);
        assert_int_equal(la_write_header(archive, entry), 0);
        la_write_data(archive, entries[i].bytes, entries[i].num_bytes);
        la_entry_free(entry);
    }
    assert_int_equal(la_write_free(archive), 0);
    dlclose(library);
    return true;
}

static void test_a_7z_is_read_as_a_zip_is(void **state)
{
    (void)state;
    char path[4096], game[ARCHIVE_PATH_BYTES], expected[4200];
    why_t why = "";
    snprintf(path, sizeof path, "%s", content_file("pack.7z", "x", 1));
    const zip_entry_t entries[] = { TEXT("read me.txt"), GAME("sub/Game.nes"), GAME("b.gb") };
    if (!write_7z(path, entries, 2)) {
        printf("skipped: libarchive.so.13 is not installed\n");
        skip();
    }
    if (archive_look(path, game, why) != ARCHIVE_ONE_GAME) fail_msg("%s", why);
    snprintf(expected, sizeof expected, "%s#sub/Game.nes", path);
    assert_string_equal(game, expected);
    uint8_t *bytes;
    size_t num_bytes;
    if (!archive_read(game, &bytes, &num_bytes, why)) fail_msg("%s", why);
    assert_int_equal(num_bytes, sizeof game_text - 1);
    assert_memory_equal(bytes, game_text, num_bytes);
    free(bytes);
    snprintf(expected, sizeof expected, "%s#other.nes", path);
    assert_false(archive_read(expected, &bytes, &num_bytes, why));
    assert_sentence(why, "other.nes: is not in the archive");

    assert_true(write_7z(path, entries, 3));
    assert_int_equal(archive_look(path, game, why), ARCHIVE_REFUSED);
    assert_sentence(why, "there are 2 games in it (Game.nes, b.gb)");
    assert_true(write_7z(path, entries, 1));
    assert_int_equal(archive_look(path, game, why), ARCHIVE_NO_GAME);
    const zip_entry_t bell = GAME("bell\a.nes"); /* no name for a terminal */
    assert_true(write_7z(path, &bell, 1));
    assert_int_equal(archive_look(path, game, why), ARCHIVE_NO_GAME);
    assert_int_equal(archive_look(content_file("text.7z", "no 7z", 5), game, why), ARCHIVE_REFUSED);
    assert_sentence(why, "text.7z: is no sound 7z archive: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_in_a_zip),
        cmocka_unit_test(test_what_is_no_sound_archive),
        cmocka_unit_test(test_a_zip_bomb_is_refused),
        cmocka_unit_test(test_a_core_is_given_the_game_inside),
        cmocka_unit_test(test_a_7z_is_read_as_a_zip_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
