/* The load client: drives any IRC server over plain TCP, and counts.
 *
 * Usage: load CASE PORT MEMBERS SENDERS SECONDS RATE
 *
 *   closed  each sender says its next message when all others have its last one
 *   open    RATE messages a second, said by the senders in turn
 *   storm   all members connect and join at once, and have SECONDS for it
 *   idle    SENDERS members are in the room, the others come gently when told to; all are silent
 *
 * It prints "ready" once everybody is in (storm: at once), waits for a line on standard input,
 * runs the case, prints its result as one JSON object, and keeps its connections until standard
 * input ends. Whoever started it measures the server in between.
 */
#define _GNU_SOURCE
#include <sys/timerfd.h>
#include <unistd.h>

#include "crowd.h"
#include "histogram.h"

enum {
    GENTLE_WINDOW = 20, /* how many arrive at a time where arriving is not what is measured */
    SETUP_S = 120,      /* a server that has not let everybody in by then never will */
    DRAIN_S = 20        /* for what is still on its way when the last message has been said */
};
static const uint64_t SECOND_NS = 1000000000u;

static struct histogram delays;
static int senders, closed_loop;
static int *missing; /* per sender: how many have not got its last message */
static uint64_t said, ends_ns;

static uint64_t receivers(void)
{
    return crowd.wanted - 1;
}

static void say_next(int sender)
{
    missing[sender] = receivers();
    said++;
    crowd_say(sender);
}

static void take_delivery(int sender, uint64_t sent_ns)
{
    uint64_t now = now_ns();
    histogram_add(&delays, now - sent_ns);
    if (--missing[sender] == 0 && closed_loop && now < ends_ns)
        say_next(sender);
}

static void drain(void)
{
    uint64_t deadline_ns = now_ns() + DRAIN_S * SECOND_NS;
    while (delays.count < said * receivers() && now_ns() < deadline_ns)
        crowd_serve(100);
}

static void run_closed(void)
{
    closed_loop = 1;
    for (int sender = 0; sender < senders; sender++)
        say_next(sender);
    while (now_ns() < ends_ns)
        crowd_serve(100);
    drain();
}

static int start_timer(double rate)
{
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct timespec pause = {.tv_nsec = (long)((double)SECOND_NS / rate)};
    struct itimerspec setting = {.it_interval = pause, .it_value = pause};
    if (timer < 0 || timerfd_settime(timer, 0, &setting, NULL))
        fail("timer");
    crowd_watch(timer);
    return timer;
}

static void run_open(double rate)
{
    int timer = start_timer(rate);
    uint64_t due;
    while (now_ns() < ends_ns) {
        crowd_serve(100);
        if (read(timer, &due, sizeof due) == sizeof due)
            while (due--)
                say_next(said % senders);
    }
    close(timer);
    drain();
}

static void print_deliveries(uint64_t began_ns)
{
    double elapsed_s = (double)(now_ns() - began_ns) / 1e9;
    printf("{\"said\": %llu, \"deliveries\": %llu, \"lost\": %llu, \"elapsed_s\": %.4f, "
           "\"p50_ms\": %.4f, \"p99_ms\": %.4f}\n",
           (unsigned long long)said, (unsigned long long)delays.count,
           (unsigned long long)(said * receivers() - delays.count), elapsed_s,
           (double)quantile(&delays, 0.5) / 1e6, (double)quantile(&delays, 0.99) / 1e6);
}

static void settle(int window, double most_s)
{
    uint64_t began_ns = now_ns(), most_ns = (uint64_t)(most_s * 1e9);
    while (!crowd_is_settled()) {
        crowd_open(window);
        crowd_serve(100);
        if (now_ns() - began_ns > most_ns || crowd.told_to_stop) {
            fprintf(stderr, "%d of %d are in after %.0f s\n", crowd.joined, crowd.wanted,
                    (double)(now_ns() - began_ns) / 1e9);
            exit(1);
        }
    }
}

static void run_storm(uint64_t began_ns, double most_s)
{
    settle(crowd.wanted, most_s);
    printf("{\"connected_s\": %.4f, \"all_in_s\": %.4f, \"all_seen_s\": %.4f}\n",
           (double)(crowd.last_connect_ns - began_ns) / 1e9,
           (double)(crowd.last_joined_ns - began_ns) / 1e9,
           (double)(crowd.last_join_seen_ns - began_ns) / 1e9);
}

static void run(const char *name, double seconds, double rate)
{
    uint64_t began_ns = now_ns();
    ends_ns = began_ns + (uint64_t)(seconds * 1e9);
    if (strcmp(name, "storm") == 0) {
        run_storm(began_ns, seconds);
    } else if (strcmp(name, "idle") == 0) {
        settle(GENTLE_WINDOW, SETUP_S);
        printf("{}\n");
    } else {
        if (strcmp(name, "open") == 0)
            run_open(rate);
        else
            run_closed();
        print_deliveries(began_ns);
    }
}

int main(int argc, char **argv)
{
    if (argc != 7)
        return fprintf(stderr, "usage: load CASE PORT MEMBERS SENDERS SECONDS RATE\n"), 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    int members = atoi(argv[3]);
    senders = atoi(argv[4]);
    crowd_begin(atoi(argv[2]), members, take_delivery);
    missing = calloc(members, sizeof *missing);
    if (!missing || senders < 1 || senders > members)
        return fprintf(stderr, "1 to MEMBERS senders are possible\n"), 2;
    if (strcmp(argv[1], "idle") == 0)
        crowd.wanted = senders;
    if (strcmp(argv[1], "storm") != 0)
        settle(GENTLE_WINDOW, SETUP_S);
    crowd.wanted = members;
    puts("ready");
    while (!crowd.told_to_go && !crowd.told_to_stop)
        crowd_serve(-1);
    if (crowd.told_to_go)
        run(argv[1], atof(argv[5]), atof(argv[6]));
    while (!crowd.told_to_stop)
        crowd_serve(-1);
    return 0;
}
