/* Counts of durations in nanoseconds, each told to within 1/32 of itself. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { STEPS = 32, STEP_BITS = 5, BINS = 64 * STEPS };

struct histogram {
    uint64_t count;
    uint64_t bins[BINS];
};

/* Below 32 ns each value has its own bin; above, each power of two is cut into 32. */
static inline int bin_of(uint64_t ns)
{
    if (ns < STEPS)
        return (int)ns;
    int shift = 63 - __builtin_clzll(ns) - STEP_BITS;
    return (shift + 1) * STEPS + (int)((ns >> shift) - STEPS);
}

/* The first value of a bin. */
static inline uint64_t bin_start(int bin)
{
    if (bin < STEPS)
        return bin;
    return (uint64_t)(STEPS + bin % STEPS) << (bin / STEPS - 1);
}

static inline void histogram_add(struct histogram *histogram, uint64_t ns)
{
    histogram->count++;
    histogram->bins[bin_of(ns)]++;
}

/* The value in ns that the given share (0 to 1) does not exceed, to within its bin. */
static inline uint64_t quantile(const struct histogram *histogram, double share)
{
    uint64_t below = 0, wanted = (uint64_t)(share * (double)histogram->count);
    for (int bin = 0; bin < BINS - 1; bin++) {
        below += histogram->bins[bin];
        if (below > wanted || below == histogram->count)
            return bin_start(bin + 1);
    }
    return 0;
}

#endif
