/* install.c - `kata install`: Kata's core and its .info where the RetroArchs of this user look. */
#include <stdio.h>

#include "catalog.h"
#include "commands.h"
#include "retroarch_install.h"
#include "why.h"

typedef struct {
    bool check, remove;
} install_values_t;

static const option_t rows[] = {
    { "check", OPTION_FLAG, offsetof(install_values_t, check), NULL, 0, 0,
      "change nothing; say what would not work, and why" },
    { "remove", OPTION_FLAG, offsetof(install_values_t, remove), NULL, 0, 0,
      "take both files out again" },
};
static const option_group_t groups[] = { { "Options", rows, 2, 0 } };

static void print_file(const char *path, retroarch_presence_t found, const char *without)
{
    static const char *const words[] = { "is there", "is of another build", "is missing" };
    printf("  %s %s%s%s\n", path, words[found], found == RETROARCH_MISSING ? ": " : "",
           found == RETROARCH_MISSING ? without : "");
}

static bool check_one(const retroarch_folders_t *folders, const retroarch_presences_t *found)
{
    printf("%s, as %s says:\n", retroarch_kind_name(folders->kind), folders->config);
    print_file(found->core_path, found->core, "Load Core does not list Kata");
    print_file(found->info_path, found->info, "no savestates, rewind, run-ahead or netplay");
    return found->core == RETROARCH_SAME && found->info == RETROARCH_SAME;
}

static bool check_inner_cores(void)
{
    catalog_t catalog;
    if (!catalog_scan_installed(&catalog, NULL)) return false;
    int32_t num_known = 0;
    for (int32_t i = 0; i < catalog.num_cores; i++) num_known += catalog.cores[i].has_info;
    catalog_free(&catalog);
    if (num_known > 0) {
        printf("%d cores are there for Kata to run games in: `kata cores`\n", (int)num_known);
        return true;
    }
    printf("there is no core for Kata to run a game in: install one (RetroArch: Online Updater > "
           "Core Downloader; Debian and Ubuntu: `apt install libretro-nestopia "
           "libretro-core-info`)\n");
    return false;
}

static bool install_one(const retroarch_folders_t *folders, const retroarch_files_t *files,
                        const retroarch_presences_t *found)
{
    why_t why;
    if (!retroarch_install(found, folders, files, why)) {
        say_failed("%.800s; as root (sudo) it may be allowed, or choose a core folder of yours in "
                   "RetroArch: Settings > Directory",
                   why);
        return false;
    }
    const char *const done[] = { "was there", "replaced", "written" };
    printf("%s, as %s says:\n", retroarch_kind_name(folders->kind), folders->config);
    printf("  %s %s\n  %s %s\n", found->core_path, done[found->core], found->info_path,
           done[found->info]);
    return true;
}

static bool remove_one(const retroarch_folders_t *folders, const retroarch_presences_t *found)
{
    why_t why;
    if (!retroarch_uninstall(found, folders, why)) {
        say_failed("%s", why);
        return false;
    }
    printf("%s: %s and %s are gone\n", retroarch_kind_name(folders->kind), found->core_path,
           found->info_path);
    return true;
}

static int run(const void *values, char *const *arguments, int32_t num_arguments)
{
    (void)arguments, (void)num_arguments;
    const install_values_t *v = values;
    if (v->check && v->remove) return say_usage("install: --check changes nothing, --remove does");
    retroarch_files_t files;
    retroarch_folders_t folders[RETROARCH_FOLDERS_MAX];
    why_t why;
    if (!v->remove && !retroarch_files_find(&files, why)) return say_failed("%s", why);
    const int32_t num_folders = retroarch_folders_find(folders);
    if (num_folders == 0)
        return say_failed("no RetroArch has a configuration here (retroarch/retroarch.cfg in "
                          "$XDG_CONFIG_HOME or ~/.config, ~/.retroarch.cfg, /etc/retroarch.cfg, "
                          "Flatpak's, Snap's): start RetroArch once, then this again");
    bool ok = true;
    for (int32_t i = 0; i < num_folders; i++) {
        retroarch_presences_t found;
        if (v->remove) files = (retroarch_files_t){ 0 };
        retroarch_look(&found, &folders[i], &files);
        ok &= v->check    ? check_one(&folders[i], &found)
              : v->remove ? remove_one(&folders[i], &found)
                          : install_one(&folders[i], &files, &found);
    }
    if (!v->remove) ok &= check_inner_cores() || !v->check;
    return ok ? EXIT_OK : EXIT_FAILED;
}

const command_t command_install = {
    .name = "install",
    .arguments = "",
    .min_arguments = 0,
    .max_arguments = 0,
    .summary = "put Kata where RetroArch looks for cores",
    .about = "Copies kata_libretro.so and kata_libretro.info into the folders that the user's\n"
             "RetroArchs are configured to: the distribution's or one's own, Flatpak's, Snap's.\n"
             "Only there does Load Core list Kata, and only with its .info file does RetroArch\n"
             "offer savestates, rewind, run-ahead and netplay.",
    .groups = groups,
    .num_groups = 1,
    .examples = "  Debian's and Ubuntu's RetroArch looks in the system's folders:\n"
                "    sudo kata install\n"
                "  What would not work, and why (exit status 1 if anything):\n"
                "    kata install --check\n",
    .values_bytes = sizeof(install_values_t),
    .run = run,
};
