/* netplay_proxy.c - see netplay_proxy.h. */
#include "netplay_proxy.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NICK = 0x20, NICK_BYTES = 32, CHECKSUM = 0x40, WANTS_STATE = 0x41, STATE = 0x42, HEAD = 8 };

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

int netplay_proxy_open(netplay_proxy_t *proxy, int host_port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    *proxy = (netplay_proxy_t){ .host_port = host_port };
    proxy->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(proxy->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(proxy->listener, 1) != 0 ||
        getsockname(proxy->listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    return ntohs(address.sin_port);
}

void netplay_proxy_close(netplay_proxy_t *proxy)
{
    if (proxy->is_connected) {
        close(proxy->ways[0].from);
        close(proxy->ways[0].to);
    }
    close(proxy->listener);
    proxy->is_connected = false;
    proxy->is_over = true;
}

static void introduce(netplay_proxy_t *proxy)
{
    const struct sockaddr_in host = loopback(proxy->host_port);
    const int client_fd = accept(proxy->listener, NULL, NULL);
    const int host_fd = socket(AF_INET, SOCK_STREAM, 0);
    if (client_fd < 0 || connect(host_fd, (const struct sockaddr *)&host, sizeof host) != 0) {
        proxy->is_over = true;
        return;
    }
    proxy->is_connected = true;
    proxy->ways[0] = (netplay_way_t){ .from = client_fd, .to = host_fd };
    proxy->ways[1] = (netplay_way_t){ .from = host_fd, .to = client_fd };
}

static uint32_t number_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Commands follow each other from the first one on, which is the nick. */
static void look_at(netplay_proxy_t *proxy, netplay_way_t *way, uint8_t byte)
{
    if (way->skip > 0) {
        way->skip--;
        return;
    }
    way->head[way->head_bytes++] = byte;
    const size_t wanted = way->in_step && number_at(way->head) == CHECKSUM ? HEAD + 4 : HEAD;
    if (way->head_bytes < wanted) return;
    const uint32_t command = number_at(way->head), num_bytes = number_at(way->head + 4);
    if (!way->in_step && (command != NICK || num_bytes != NICK_BYTES)) {
        memmove(way->head, way->head + 1, --way->head_bytes);
        return;
    }
    way->in_step = true;
    way->skip = num_bytes - (wanted - HEAD);
    way->head_bytes = 0;
    if (command == CHECKSUM) {
        proxy->num_checks++;
        proxy->check_frame = number_at(way->head + HEAD);
    }
    proxy->num_complaints += command == WANTS_STATE;
    proxy->num_states += command == STATE;
}

static void pass_on(netplay_proxy_t *proxy, netplay_way_t *way)
{
    uint8_t bytes[4096];
    const ssize_t got = recv(way->from, bytes, sizeof bytes, 0);
    if (got <= 0) {
        proxy->is_over = true;
        return;
    }
    for (ssize_t i = 0; i < got; i++) look_at(proxy, way, bytes[i]);
    for (ssize_t sent = 0; sent < got;) {
        const ssize_t more = send(way->to, bytes + sent, (size_t)(got - sent), MSG_NOSIGNAL);
        if (more <= 0) {
            proxy->is_over = true;
            return;
        }
        sent += more;
    }
}

void netplay_proxy_step(netplay_proxy_t *proxy, int wait_ms)
{
    struct pollfd ready[2] = { { proxy->listener, POLLIN, 0 }, { -1, POLLIN, 0 } };
    if (proxy->is_over) {
        poll(NULL, 0, wait_ms);
        return;
    }
    if (proxy->is_connected)
        for (int i = 0; i < 2; i++) ready[i].fd = proxy->ways[i].from;
    if (poll(ready, 2, wait_ms) <= 0) return;
    if (!proxy->is_connected) {
        introduce(proxy);
        return;
    }
    for (int i = 0; i < 2; i++)
        if (ready[i].revents && !proxy->is_over) pass_on(proxy, &proxy->ways[i]);
}
