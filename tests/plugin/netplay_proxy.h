/* netplay_proxy.h - between two RetroArchs that play over the network: passes everything on, and
 * counts what they say to each other. RetroArch's log is silent about sides that drift apart.
 *
 * Each side begins with a header; then commands come, each a number, its payload's length (both
 * uint32, big-endian) and the payload.
 */
#ifndef TEST_NETPLAY_PROXY_H
#define TEST_NETPLAY_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int from, to;
    uint8_t head[64]; /* what is not understood yet */
    size_t head_bytes;
    size_t skip; /* of a payload that goes by */
    bool in_step;
} netplay_way_t;

/* All zero but `listener` and `host_port`, which netplay_proxy_open() sets. */
typedef struct {
    int listener, host_port;
    netplay_way_t ways[2]; /* from the client, from the host */
    bool is_connected, is_over;
    int num_checks;       /* the host's checksums of states */
    uint32_t check_frame; /* of the last */
    int num_complaints;   /* the client's states had others: it asked for the host's */
    int num_states;       /* that the host sent */
} netplay_proxy_t;

/* The port for the client; the host listens on host_port. */
int netplay_proxy_open(netplay_proxy_t *proxy, int host_port);
/* Pass on what is there, wait at most so long for more. */
void netplay_proxy_step(netplay_proxy_t *proxy, int wait_ms);
void netplay_proxy_close(netplay_proxy_t *proxy);

#endif
