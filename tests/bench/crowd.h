/* The crowd: many plain IRC connections that register, join one room, and count what they hear. */
#ifndef CROWD_H
#define CROWD_H

#include <stdint.h>

#include "lines.h"

enum stage { CONNECTING, REGISTERING, JOINED };

struct member {
    int fd;
    int index; /* its nick is b and this number */
    enum stage stage;
    struct carry carry;
};

/* A message that reached one receiver, sent_ns on the clock of now_ns. */
typedef void delivery_handler(int sender, uint64_t sent_ns);

struct crowd {
    int port;
    int wanted, opened, connected, joined; /* how many members are so far */
    uint64_t joins_seen;                   /* JOIN lines read, over all members */
    uint64_t last_connect_ns, last_joined_ns, last_join_seen_ns;
    int told_to_go, told_to_stop;          /* by a line, or the end, of standard input */
    delivery_handler *on_delivery;
    struct member *members;
};

extern struct crowd crowd;

/* Nanoseconds since the program began. */
uint64_t now_ns(void);

void crowd_begin(int port, int wanted, delivery_handler *on_delivery);

/* Open connections until at most `window` of them are not in the room yet. */
void crowd_open(int window);

/* Handle what is ready, after at most timeout_ms (-1: whenever). */
void crowd_serve(int timeout_ms);

/* Is everybody in, and has everybody seen all who came after? */
int crowd_is_settled(void);

/* Say one message in the room; it carries the sender and the time, for on_delivery. */
void crowd_say(int sender);

/* Wake crowd_serve when fd is readable; nothing else is done with it. */
void crowd_watch(int fd);

#endif
