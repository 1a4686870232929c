/* The bare loop: one room, and a plain send() of each message to every other member.
 *
 * It is the physical limit that real servers are measured against, not a server: it trusts its
 * peers, joins nothing that goes to one receiver, and blocks on a full socket.
 *
 * Usage: bare PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lines.h"

enum { MOST_PEERS = 20000, MOST_EVENTS = 512, NICK_BYTES = 32, OUT_BYTES = 2 * CARRY_BYTES };

struct peer {
    int fd;
    int member; /* its place in members, or -1 */
    char nick[NICK_BYTES];
    struct carry carry;
};

static struct peer *members[MOST_PEERS];
static int member_count;

static void say(struct peer *peer, const char *bytes, size_t length)
{
    /* A peer that went away is noticed where it is read. */
    (void)send(peer->fd, bytes, length, MSG_NOSIGNAL);
}

static void say_to_others(struct peer *from, const char *bytes, size_t length)
{
    for (int i = 0; i < member_count; i++)
        if (members[i] != from)
            say(members[i], bytes, length);
}

static void join(struct peer *peer)
{
    char out[OUT_BYTES];
    if (peer->member >= 0 || member_count == MOST_PEERS)
        return;
    peer->member = member_count;
    members[member_count++] = peer;
    int length = snprintf(out, sizeof out, ":%s!u@h JOIN :#bench\r\n", peer->nick);
    say_to_others(NULL, out, length);
    length = snprintf(out, sizeof out, ":bare 366 %s #bench :End of NAMES\r\n", peer->nick);
    say(peer, out, length);
}

static void leave(struct peer *peer)
{
    if (peer->member >= 0) {
        members[peer->member] = members[--member_count];
        members[peer->member]->member = peer->member;
    }
    close(peer->fd);
    free(peer);
}

static void relay(struct peer *peer, const char *line, size_t length)
{
    char out[OUT_BYTES];
    int written = snprintf(out, sizeof out, ":%s!u@h %.*s\r\n", peer->nick, (int)length, line);
    say_to_others(peer, out, written);
}

static void obey(void *owner, const char *line, size_t length)
{
    struct peer *peer = owner;
    char out[OUT_BYTES];
    if (starts_with(line, length, "PRIVMSG "))
        relay(peer, line, length);
    else if (starts_with(line, length, "NICK "))
        snprintf(peer->nick, sizeof peer->nick, "%.*s", (int)(length - 5), line + 5);
    else if (starts_with(line, length, "USER "))
        say(peer, out, snprintf(out, sizeof out, ":bare 001 %s :Welcome\r\n", peer->nick));
    else if (starts_with(line, length, "JOIN "))
        join(peer);
    else if (starts_with(line, length, "PING "))
        say(peer, out, snprintf(out, sizeof out, "PONG %.*s\r\n", (int)(length - 5), line + 5));
}

static void admit(int poller, int listener)
{
    int on = 1;
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer || (peer->fd = accept(listener, NULL, NULL)) < 0)
        fail("accept");
    peer->member = -1;
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event wish = {.events = EPOLLIN, .data.ptr = peer};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, peer->fd, &wish))
        fail("epoll_ctl");
}

static int listen_on(int port)
{
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, SOMAXCONN))
        fail("listen");
    return listener;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return fprintf(stderr, "usage: bare PORT\n"), 2;
    int listener = listen_on(atoi(argv[1])), poller = epoll_create1(0);
    struct epoll_event ready[MOST_EVENTS], wish = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &wish))
        fail("epoll_ctl");
    for (;;) {
        int count = epoll_wait(poller, ready, MOST_EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct peer *peer = ready[i].data.ptr;
            if (!peer)
                admit(poller, listener);
            else if (read_lines(peer->fd, &peer->carry, obey, peer) <= 0)
                leave(peer);
        }
    }
}
