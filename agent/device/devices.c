/* devices.c - see devices.h. */
#include "devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare_products.h"
#include "card.h"
#include "clock.h"
#include "parts.h"

_Static_assert(DEVICES_MOST == CARD_MAX_CARDS + 1, "the processor, and each card");
_Static_assert((int)DEVICES_NAME_BYTES == (int)CARD_NAME_BYTES, "names are copied");

int32_t devices_list(devices_row_t *rows, why_t why)
{
    opencl_api_t api;
    card_info_t cards[CARD_MAX_CARDS];
    rows[0] = (devices_row_t){ .id = "cpu", .name = "this machine's processor" };
    if (!opencl_api_open(&api, why)) return 1;
    const int32_t count = card_list(&api, cards, why);
    for (int32_t i = 0; i < count; i++) {
        devices_row_t *row = &rows[i + 1];
        *row = (devices_row_t){ .memory_bytes = cards[i].memory_bytes, .is_gpu = cards[i].is_gpu };
        snprintf(row->id, sizeof row->id, "gpu:%d", (int)i);
        memcpy(row->name, cards[i].name, sizeof row->name);
        memcpy(row->platform, cards[i].platform, sizeof row->platform);
        memcpy(row->driver, cards[i].driver, sizeof row->driver);
    }
    return count + 1;
}

enum { WANTS_CPU = -1, WANTS_AUTO = -2, WANTS_GPU = -3, WANTS_NONSENSE = -4 };

/* One of these, or a card's number. */
static int32_t wanted_of(const char *device)
{
    if (strcmp(device, "cpu") == 0) return WANTS_CPU;
    if (strcmp(device, "auto") == 0) return WANTS_AUTO;
    if (strcmp(device, "gpu") == 0) return WANTS_GPU;
    const size_t digits = strspn(device + (strncmp(device, "gpu:", 4) == 0 ? 4 : 0), "0123456789");
    if (strncmp(device, "gpu:", 4) != 0 || digits == 0 || digits > 4 || device[4 + digits])
        return WANTS_NONSENSE;
    return (int32_t)strtol(device + 4, NULL, 10);
}

bool devices_is_name(const char *device, why_t why)
{
    if (wanted_of(device) != WANTS_NONSENSE) return true;
    return refuse(why,
                  "there is no device \"%.60s\": it is auto, cpu, gpu or gpu:N; `kata devices` "
                  "lists them",
                  device);
}

static void use_processor(agent_t *agent, const char *because, char *said)
{
    learner_read(&agent->learner, DEVICE_ALL);
    learner_set_device(&agent->learner, (device_t){ &rainbow_on_processor, NULL });
    snprintf(said, sizeof(why_t), "Learning on the processor%s%.600s.", because[0] ? ": " : "",
             because);
}

/* False: it refuses; the agent is as it was. */
static bool use_card(agent_t *agent, const opencl_api_t *api, const card_info_t *card,
                     int32_t number, const char *cache_dir, bool is_shared, char *said, char *why)
{
    learner_t *learner = &agent->learner;
    const card_options_t options = { .is_shared = is_shared };
    device_t device;
    learner_read(learner, DEVICE_ALL);
    if (!card_open(&device, api, card, learner, cache_dir, &options, why)) return false;
    if (device.calls->load(device.self, learner, why) != DEVICE_OK) {
        device.calls->close(device.self);
        return false;
    }
    learner_set_device(learner, device);
    learner->is_on_trial = learner->counts_noise = true;
    learner->weights_at_update = learner->all_at_update = learner->num_updates;
    why_t pictures;
    card_say_pictures(&device, pictures);
    snprintf(said, sizeof(why_t),
             "Learning on gpu:%d, %.120s (%.120s, driver %.120s), in %llu MB. %.500s", (int)number,
             card->name, card->platform, card->driver,
             (unsigned long long)(card_counts(&device).memory_bytes >> 20), pictures);
    return true;
}

agent_status_t agent_use_device(agent_t *agent, const char *device, const char *cache_dir,
                                bool is_shared, why_t said, why_t why)
{
    opencl_api_t api;
    card_info_t cards[CARD_MAX_CARDS];
    why_t cause = "";
    const int32_t wanted = wanted_of(device);
    if (wanted == WANTS_NONSENSE) {
        (void)devices_is_name(device, why);
        return AGENT_BAD_CONFIG;
    }
    if (wanted == WANTS_CPU) {
        use_processor(agent, "", said);
        return AGENT_OK;
    }
    const bool imitates = agent->learner.replay.kept_stream >= 0; /* no card has that loss */
    if (imitates) refuse(cause, "an agent that imitates a person learns on the processor alone");
    const int32_t count =
        !imitates && opencl_api_open(&api, cause) ? card_list(&api, cards, cause) : 0;
    const int32_t first = wanted >= 0 ? wanted : 0, end = wanted >= 0 ? wanted + 1 : count;
    if (wanted >= count && count > 0)
        refuse(cause, "there is no gpu:%d, the last is gpu:%d", (int)wanted, (int)count - 1);
    else if (count > 0 && wanted < 0 && !cards[0].is_gpu)
        refuse(cause, "OpenCL has no graphics card here, only %.100s (gpu:0)", cards[0].name);
    for (int32_t i = first; i < end && i < count; i++)
        if ((wanted >= 0 || cards[i].is_gpu) &&
            use_card(agent, &api, &cards[i], i, cache_dir, is_shared, said, cause))
            return AGENT_OK;
    if (wanted != WANTS_AUTO) return refuse_as(why, AGENT_BAD_CONFIG, "%.600s", cause);
    use_processor(agent, cause, said);
    return AGENT_OK;
}

double agent_finish_device(agent_t *agent)
{
    return learner_finish(&agent->learner);
}

const char *agent_device_news(agent_t *agent)
{
    learner_t *learner = &agent->learner;
    if (!learner->has_device_news) return NULL;
    learner->has_device_news = false;
    return learner->device_news;
}

devices_counts_t agent_device_counts(const agent_t *agent)
{
    if (!agent->learner.device.self) return (devices_counts_t){ 0 };
    const card_counts_t counts = card_counts(&agent->learner.device);
    return (devices_counts_t){
        .num_launches = counts.num_launches,
        .upload_bytes = counts.upload_bytes,
        .download_bytes = counts.download_bytes,
        .flop = counts.flop,
        .memory_traffic_bytes = counts.product_bytes + counts.weights_bytes + counts.picture_bytes,
        .memory_bytes = counts.memory_bytes,
    };
}

agent_status_t agent_device_time_products(agent_t *agent, int32_t repeats, double *seconds,
                                          why_t why)
{
    learner_t *learner = &agent->learner;
    if (!learner->device.self)
        return bare_products_time(learner, repeats, seconds)
                   ? AGENT_OK
                   : refuse_as(why, AGENT_NO_MEMORY, "no memory for an update's products");
    /* What the card is still busy with is no part of it. */
    if (card_multiply(&learner->device, learner, 0, why) != DEVICE_OK) return AGENT_BAD_CONFIG;
    const double start = clock_now();
    if (card_multiply(&learner->device, learner, repeats, why) != DEVICE_OK)
        return AGENT_BAD_CONFIG;
    *seconds = (clock_now() - start) / repeats;
    return AGENT_OK;
}
