#define _GNU_SOURCE
#include "crowd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { MOST_EVENTS = 512, OUT_BYTES = 256 };

/* The end of each message: which sender, and when, at a fixed distance from the end of the line,
 * so that a receiver finds it without reading the rest. */
#define TAIL "~%04d~%014llu"
enum { TAIL_BYTES = 20, SENDER_DIGITS = 4 };
#define WORDS "The press in hall four runs again, please check the guard "

struct crowd crowd;
static int poller;
static struct member standard_input; /* stands for it among the members that epoll names */

uint64_t now_ns(void)
{
    static uint64_t began_ns;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t ns = (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec;
    if (!began_ns)
        began_ns = ns;
    return ns - began_ns;
}

static void poll_for(int action, int fd, uint32_t events, struct member *member)
{
    struct epoll_event wish = {.events = events, .data.ptr = member};
    if (epoll_ctl(poller, action, fd, &wish))
        fail("epoll_ctl");
}

static void say(struct member *member, const char *bytes, size_t length)
{
    if (send(member->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
        fail("the server does not take a line");
}

void crowd_begin(int port, int wanted, delivery_handler *on_delivery)
{
    crowd = (struct crowd){.port = port, .wanted = wanted, .on_delivery = on_delivery};
    crowd.members = calloc(wanted, sizeof *crowd.members);
    if (!crowd.members || (poller = epoll_create1(0)) < 0)
        fail("crowd");
    now_ns();
    poll_for(EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN, &standard_input);
}

void crowd_watch(int fd)
{
    poll_for(EPOLL_CTL_ADD, fd, EPOLLIN, NULL);
}

static void open_member(struct member *member)
{
    int on = 1;
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(crowd.port)};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    member->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (member->fd < 0)
        fail("socket");
    setsockopt(member->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(member->fd, (struct sockaddr *)&there, sizeof there) && errno != EINPROGRESS)
        fail("connect");
    poll_for(EPOLL_CTL_ADD, member->fd, EPOLLOUT, member);
}

void crowd_open(int window)
{
    while (crowd.opened < crowd.wanted && crowd.opened - crowd.joined < window) {
        struct member *member = &crowd.members[crowd.opened];
        member->index = crowd.opened++;
        open_member(member);
    }
}

static void register_member(struct member *member)
{
    char out[OUT_BYTES];
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(member->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error) {
        errno = error;
        fail("connect");
    }
    crowd.connected++;
    crowd.last_connect_ns = now_ns();
    member->stage = REGISTERING;
    poll_for(EPOLL_CTL_MOD, member->fd, EPOLLIN, member);
    say(member, out, snprintf(out, sizeof out, "NICK b%04d\r\nUSER b 0 * :Bench\r\n", member->index));
}

static uint64_t number(const char *digits, int count)
{
    uint64_t value = 0;
    while (count--)
        value = 10 * value + (*digits++ - '0');
    return value;
}

static int is_delivery(const char *line, size_t length)
{
    return length > TAIL_BYTES && line[0] == ':' && line[length - TAIL_BYTES] == '~' &&
           line[length - TAIL_BYTES + SENDER_DIGITS + 1] == '~';
}

static void take_delivery(const char *line, size_t length)
{
    const char *tail = line + length - TAIL_BYTES;
    int sender = (int)number(tail + 1, SENDER_DIGITS);
    crowd.on_delivery(sender, number(tail + SENDER_DIGITS + 2, TAIL_BYTES - SENDER_DIGITS - 2));
}

static void refuse(const char *line, size_t length)
{
    fprintf(stderr, "the server said: %.*s\n", (int)length, line);
    exit(1);
}

static void take_command(struct member *member, const char *command, size_t length)
{
    char out[OUT_BYTES];
    if (starts_with(command, length, "JOIN ")) {
        crowd.joins_seen++;
        crowd.last_join_seen_ns = now_ns();
    } else if (starts_with(command, length, "PING ")) {
        say(member, out, snprintf(out, sizeof out, "PONG %.*s\r\n", (int)(length - 5), command + 5));
    } else if (starts_with(command, length, "001 ")) {
        say(member, "JOIN #bench\r\n", 13);
    } else if (starts_with(command, length, "366 ")) {
        member->stage = JOINED;
        crowd.joined++;
        crowd.last_joined_ns = now_ns();
    } else if (starts_with(command, length, "422 ")) {
        ; /* no message of the day */
    } else if (command[0] == '4' || starts_with(command, length, "ERROR ")) {
        refuse(command, length);
    }
}

static void take_line(void *owner, const char *line, size_t length)
{
    if (is_delivery(line, length)) {
        take_delivery(line, length);
        return;
    }
    const char *command = line;
    if (line[0] == ':') {
        const char *space = memchr(line, ' ', length);
        command = space ? space + 1 : line;
    }
    take_command(owner, command, length - (command - line));
}

static void take_input(void)
{
    char bytes[64];
    if (read(STDIN_FILENO, bytes, sizeof bytes) > 0) {
        crowd.told_to_go = 1;
        return;
    }
    crowd.told_to_stop = 1;
    poll_for(EPOLL_CTL_DEL, STDIN_FILENO, 0, NULL);
}

static void serve_member(struct member *member)
{
    if (member == &standard_input)
        take_input();
    else if (member->stage == CONNECTING)
        register_member(member);
    else if (read_lines(member->fd, &member->carry, take_line, member) <= 0)
        refuse("(closed a connection)", 21);
}

void crowd_serve(int timeout_ms)
{
    struct epoll_event ready[MOST_EVENTS];
    int count = epoll_wait(poller, ready, MOST_EVENTS, timeout_ms);
    for (int i = 0; i < count; i++)
        if (ready[i].data.ptr)
            serve_member(ready[i].data.ptr);
}

int crowd_is_settled(void)
{
    uint64_t wanted = crowd.wanted;
    return crowd.joined == crowd.wanted && crowd.joins_seen == wanted * (wanted + 1) / 2;
}

void crowd_say(int sender)
{
    char out[OUT_BYTES];
    int length = snprintf(out, sizeof out, "PRIVMSG #bench :" WORDS TAIL "\r\n", sender,
                          (unsigned long long)now_ns());
    say(&crowd.members[sender], out, length);
}
