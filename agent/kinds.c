/* kinds.c - see kinds.h. */
#include "kinds.h"

#include <math.h>

double kinds_count(int32_t num_actions, const double *rho)
{
    double count = 0;
    for (int32_t i = 0; i < num_actions; i++) count += 1 / (1 + rho[i]);
    return count;
}

void kinds_cumulate(int32_t num_actions, const double *rho, double sharpness, double *cumulative)
{
    double sum = 0;
    for (int32_t i = 0; i < num_actions; i++)
        cumulative[i] = sum += pow(1 / (1 + rho[i]), sharpness);
    for (int32_t i = 0; i < num_actions; i++) cumulative[i] /= sum;
    cumulative[num_actions - 1] = 1;
}

int32_t kinds_draw(int32_t num_actions, const double *cumulative, double unit)
{
    int32_t low = 0, high = num_actions - 1; /* the first whose cumulative is above `unit` */
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (cumulative[middle] > unit)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
