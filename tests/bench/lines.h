/* Lines out of a socket: what the bare loop and the load client share. */
#ifndef LINES_H
#define LINES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    CARRY_BYTES = 1024,       /* more than the 512 of an IRC line; RFC 1459, section 2.3 */
    SCRATCH_BYTES = 256 * 1024 /* one recv takes all that waits, so that reading costs little */
};

/* The unfinished line at the end of what a peer has sent so far. */
struct carry {
    size_t held;
    char bytes[CARRY_BYTES];
};

/* line has no line end, and is not terminated. */
typedef void line_handler(void *owner, const char *line, size_t length);

static inline void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* Hand over each whole line of one recv. Gives what recv gave: 0 when the peer has closed. */
static inline ssize_t read_lines(int fd, struct carry *carry, line_handler *handle, void *owner)
{
    static char scratch[CARRY_BYTES + SCRATCH_BYTES];
    memcpy(scratch, carry->bytes, carry->held);
    ssize_t got = recv(fd, scratch + carry->held, SCRATCH_BYTES, 0);
    if (got <= 0)
        return got;
    char *start = scratch, *end = scratch + carry->held + got, *newline;
    while ((newline = memchr(start, '\n', end - start))) {
        size_t length = newline - start;
        if (length && start[length - 1] == '\r')
            length--;
        if (length)
            handle(owner, start, length);
        start = newline + 1;
    }
    carry->held = end - start;
    if (carry->held > CARRY_BYTES) {
        fprintf(stderr, "a line of over %d bytes\n", CARRY_BYTES);
        exit(1);
    }
    memcpy(carry->bytes, start, carry->held);
    return got;
}

static inline int starts_with(const char *text, size_t length, const char *start)
{
    size_t wanted = strlen(start);
    return length >= wanted && memcmp(text, start, wanted) == 0;
}

#endif
