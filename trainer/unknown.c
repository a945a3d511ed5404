/* unknown.c - see unknown.h. */
#include "unknown.h"

#include "core_pad.h"
#include "shell.h"
#include "voice.h"
#include "why.h"

bool unknown_describe(game_t *game, why_t why)
{
    const identity_t *id = &game->identity;
    starter_t starter = { .game = game->rom_name,
                          .system = id->system,
                          .sha1 = id->sha1,
                          .crc32 = id->crc32,
                          .md5 = id->md5 };
    why_t silence;
    /* A core that does not say leaves RetroPad's own names. */
    if (!preset_starter_knows_pad(id->system) && !core_pad_ask(game, &starter, silence))
        starter.num_inputs = 0;
    game->is_unknown = preset_of_unknown(&game->preset, &starter, why);
    return game->is_unknown;
}

void unknown_say(const game_t *game, const char *rom, double novelty)
{
    if (preset_has_reward(game->preset)) return;
    char path[256], new[HOME_PATH_BYTES + 300] = "kata preset new",
                                          search[HOME_PATH_BYTES + 300] = "kata search",
                                          again[HOME_PATH_BYTES + 300] = "kata train";
    snprintf(path, sizeof path, "%.200s.kata.json", game->rom_name);
    shell_add(new, sizeof new, rom);
    shell_add(new, sizeof new, "--out");
    shell_add(new, sizeof new, path);
    shell_add(search, sizeof search, rom);
    shell_add(search, sizeof search, "--preset");
    shell_add(search, sizeof search, path);
    shell_add(again, sizeof again, rom);
    shell_add(again, sizeof again, "--preset");
    shell_add(again, sizeof again, path);
    why_t other = "";
    char other_path[HOME_PATH_BYTES];
    if (game->is_unknown && game_find_other_dump(game, other_path, other)) say("%s.\n", other);
    say("%s\n"
        "It learns from novelty: a step is worth %g / sqrt(n) when it shows what this round has\n"
        "shown n times. That is seeing much, not winning. To do better:\n"
        "  %s\n"
        "  %s   # finds health and score: what makes a reward\n"
        "  %s\n",
        *other             ? "Without it nothing is known of this dump."
        : game->is_unknown ? "Nobody described this game: there is no preset for it."
                           : "Nothing is a reward in this game's preset.",
        novelty, new, search, again);
}
